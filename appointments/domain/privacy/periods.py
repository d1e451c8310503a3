"""How long each kind is kept: as a manager has said, else as is usual."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.transactions import one_transaction
from appointments.enums import DataKind
from appointments.enums.privacy import LIMITS, STEPS
from appointments.errors import DomainError
from appointments.models import RetentionPeriod


@dataclass(frozen=True)
class Period:
    """`since`: from when on it is in force; before that hour nothing of the kind goes. None: it always was."""

    kind: DataKind
    days: int
    since: datetime | None = None

    def cutoff(self, *, now: datetime) -> datetime | None:
        """What is older has had its time. None while nothing goes."""
        return None if self.since is not None and now < self.since else now - timedelta(days=self.days)


def periods() -> dict[DataKind, Period]:
    """Each kind has one, in the order in which they are told. One query."""
    stored = {one.kind: one for one in RetentionPeriod.objects.all()}
    return {
        kind: Period(kind, stored[kind].days, stored[kind].since) if kind in stored else Period(kind, usual)
        for kind, (_least, usual, _most) in LIMITS.items()
    }


def choices(kind: DataKind, *, besides: int) -> list[int]:
    """Days that somebody can choose, with the ones that hold now."""
    least, usual, most = LIMITS[kind]
    return sorted({days for days in STEPS if least <= days <= most} | {usual, besides})


@one_transaction
def change(wanted: Mapping[DataKind, int], *, by: Actor, now: datetime) -> list[DataKind]:
    """From now on each of `wanted` is kept for so many days. Returns the kinds that are kept otherwise than before.

    Raises `DomainError` for fewer or more days than its kind needs.
    """
    # In one order, so that two managers who save at once wait for one another.
    list(RetentionPeriod.objects.select_for_update().order_by("pk"))
    before, changed = periods(), []
    for kind, days in wanted.items():
        least, _usual, most = LIMITS[kind]
        if not least <= days <= most:
            said = {"what": kind.label, "least": least, "most": most}
            raise DomainError(_("%(what)s: from %(least)d to %(most)d days.") % said)
        if days == before[kind].days:
            continue
        row, _is_new = RetentionPeriod.objects.update_or_create(kind=kind, defaults={"days": days, "since": now})
        audit.changed(
            row, before={"days": before[kind].days}, after={"days": days}, by=by, now=now, name=str(kind.label)
        )
        changed.append(kind)
    return changed
