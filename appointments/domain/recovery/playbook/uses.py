"""That a solution was used, and what became of it: measured by what customers did, not by what we think of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from appointments.domain.actors import Actor
from appointments.domain.compensation.giving import Gift
from appointments.domain.moving import rounds
from appointments.domain.moving.drafts import Draft
from appointments.domain.recovery import steps
from appointments.domain.recovery.playbook import another_way
from appointments.domain.recovery.playbook.authority import may_use
from appointments.domain.transactions import one_transaction
from appointments.enums import PointAction, RequestState
from appointments.errors import DomainError
from appointments.models import Appointment, CasePoint, RescheduleRequest, SolutionUse, SolutionVersion

FEWEST = 3
"""Of fewer than these nothing is said: that would be chance."""
PICKED = Q(round__state=RequestState.ACCEPTED)
NOT_PICKED = Q(round__state__in=(RequestState.KEPT, RequestState.CANCELLED, RequestState.REPLACED))
"""None of the times was taken. What is still open, and what we took back ourselves, says nothing."""


@dataclass(frozen=True)
class Helped:
    """How often it helped, of those whose end is known."""

    times: int
    of: int

    @property
    def is_known(self) -> bool:
        return self.of >= FEWEST


NOTHING_KNOWN = Helped(0, 0)


@one_transaction
def open_round(
    appointment: Appointment,
    draft: Draft,
    *,
    using: Iterable[SolutionVersion],
    by: Actor,
    now: datetime,
    instead: str = "",
) -> RescheduleRequest:
    """As `rounds.open_round`; which solutions were used is kept with it, and what was done `instead` of one."""
    opened = rounds.open_round(appointment, draft, by=by, now=now)
    if by.user is not None:
        _keep(using, by=by.user, now=now, round_=opened)
        another_way.keep(instead, by=by.user, now=now, round_=opened)
    return opened


@one_transaction
def resolve(
    point: CasePoint,
    *,
    action: PointAction,
    reply: str,
    using: Iterable[SolutionVersion],
    by: User,
    now: datetime,
    gift: Gift | None = None,
    instead: str = "",
) -> CasePoint:
    """As `steps.resolve`; which solutions were used is kept with it, and what was done `instead` of one. Said anew,
    the last word counts.
    """
    decided = steps.resolve(point, action=action, reply=reply, gift=gift, by=by, now=now)
    SolutionUse.objects.filter(point=decided).delete()
    _keep(using, by=by, now=now, point=decided)
    another_way.keep(instead, by=by, now=now, point=decided)
    return decided


def _keep(
    versions: Iterable[SolutionVersion],
    *,
    by: User,
    now: datetime,
    round_: RescheduleRequest | None = None,
    point: CasePoint | None = None,
) -> None:
    used = list(versions)
    for version in used:
        if not may_use(version.solution.used_by, by):
            raise DomainError(_("“%(title)s” is for %(who)s.") % {"title": version, "who": _who(version)})
    rows = [SolutionUse(version=version, round=round_, point=point, by=by, at=now) for version in used]
    SolutionUse.objects.bulk_create(rows, ignore_conflicts=True)


def _who(version: SolutionVersion) -> str:
    return str(version.solution.get_used_by_display())


def helped(solutions: Collection[int]) -> dict[int, Helped]:
    """By solution, through all its versions; each move and each complaint counts once. One query."""
    solved, not_solved = Q(point__case__solved=True), Q(point__case__solved=False)
    rows = SolutionUse.objects.filter(version__solution__in=solutions).order_by().values("version__solution")
    counted = rows.annotate(
        picked=Count("round", filter=PICKED, distinct=True),
        rounds=Count("round", filter=PICKED | NOT_PICKED, distinct=True),
        solved=Count("point__case", filter=solved, distinct=True),
        cases=Count("point__case", filter=solved | not_solved, distinct=True),
    )
    return {
        one["version__solution"]: Helped(one["picked"] + one["solved"], one["rounds"] + one["cases"]) for one in counted
    }
