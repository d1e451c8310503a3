"""A page of a plan's lines, each explained: as much as a colleague reads at once, of however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from appointments.domain.disruptions.planning import dry_run, explained, standing
from appointments.domain.disruptions.planning.dry_run import DryRun, Row
from appointments.domain.disruptions.planning.questions import Limits
from appointments.models import Appointment, DisruptionPlan, PlanLine
from appointments.models.plan import LineQuerySet

PAGE = 50


class Only(TextChoices):
    """Which lines alone are looked at."""

    WITHOUT = "without", _("No time yet")
    ELSE = "else", _("With somebody else")
    PINNED = "pinned", _("Pinned")
    PHONED = "phoned", _("Phoned by a colleague")


@dataclass(frozen=True)
class Page:
    """`first`: the number of its first row among `total`; `following`: after whose appointment the next page begins."""

    rows: Sequence[Row]
    first: int
    total: int
    following: int | None

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def counted(run: DryRun) -> list[tuple[Only, int]]:
    """How many lines each choice would leave; without those that would leave none."""
    counts = {
        Only.WITHOUT: run.without,
        Only.ELSE: run.with_another_person,
        Only.PINNED: run.pinned,
        Only.PHONED: run.phoned,
    }
    return [(only, count) for only, count in counts.items() if count]


def page(plan: DisruptionPlan, *, now: datetime, only: str = "", words: str = "", after: int = 0) -> Page:
    """The lines behind the one of appointment `after`, or the first; of customers whom `words` name, if there are any.

    A constant number of queries; more where some of these lines have to be explained first.
    """
    chosen = _chosen(plan, only)
    if words:
        chosen = chosen.of_customers(words)
    total = chosen.count()
    last_seen = Appointment.objects.filter(pk=after).first() if after else None
    left = chosen.after(last_seen) if last_seen else chosen
    behind = left.count() if last_seen else total
    lines = list(left.for_display()[:PAGE])
    _explain(plan, lines, now=now)
    return Page(
        rows=dry_run.rows_of(lines, now=now),
        first=total - behind + 1,
        total=total,
        following=lines[-1].appointment_id if behind > len(lines) else None,
    )


def _chosen(plan: DisruptionPlan, only: str) -> LineQuerySet:
    lines: LineQuerySet = plan.lines.needed()
    if only == Only.WITHOUT:
        return lines.without_time()
    if only == Only.ELSE:
        return lines.with_somebody_else()
    if only == Only.PINNED:
        return lines.pinned()
    return lines.phoned() if only == Only.PHONED else lines


def _explain(plan: DisruptionPlan, lines: Sequence[PlanLine], *, now: datetime) -> None:
    """What was not said of them as the plan was made."""
    missing = explained.missing_in(lines)
    stands = standing.of(plan, now=now) if missing else None
    if stands is None:
        return
    still = [line for line in missing if line.appointment_id in stands.appointments]
    explained.explain(still, stands.problem, stands.found, limits=Limits.of(plan), choices=stands.choices, now=now)
