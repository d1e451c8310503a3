"""Who has how much on their desk now, so that work is spread: what is open, never how well or how fast it was done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Q

from appointments.domain.colleagues import desk_colleagues
from appointments.enums import PromiseKind
from appointments.models.promise import PromiseQuerySet
from appointments.models.recovery import CaseQuerySet

SOON = timedelta(hours=2)


@dataclass(frozen=True)
class Load:
    """One colleague, with open complaints and promises; so many of these are due within two hours, or were. That a time
    is kept is no work.
    """

    colleague: User
    complaints: int
    promises: int
    due_soon: int


def workload(cases: CaseQuerySet, promises: PromiseQuerySet, *, now: datetime) -> list[Load]:
    """Of everybody at the desk, in the order of their names. Three queries."""
    complaints = dict(cases.open().order_by().values_list("owner").annotate(count=Count("pk")))
    owed = promises.open().exclude(kind=PromiseKind.HOLD).order_by().values("owner")
    counted = owed.annotate(count=Count("pk"), soon=Count("pk", filter=Q(due_at__lte=now + SOON)))
    open_ = {one["owner"]: (one["count"], one["soon"]) for one in counted}
    return [Load(one, complaints.get(one.pk, 0), *open_.get(one.pk, (0, 0))) for one in desk_colleagues()]
