"""What we said we would do, and whether we did: by kind, with what was tried in vain counted as what it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Count, Q

from appointments.domain.colleagues import Places, at
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import CallOutcome, PromiseKind, PromiseState
from appointments.models import CallAttempt, Promise

RECENT = timedelta(days=90)
IN_VAIN = (CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER)


@dataclass(frozen=True)
class Kept:
    """Of the promises that fell due in a time (by the hour that was said first or last):

    kept     done by the hour that we said first
    slipped  done by a later hour, of which the customer was told before the first had passed
    broken   done too late, not done, or still owed and late
    tries    calls that reached nobody: attempts, and no promise kept
    """

    kind: PromiseKind | None
    kept: int
    slipped: int
    broken: int
    tries: int

    @property
    def count(self) -> int:
        return self.kept + self.slipped + self.broken

    @property
    def share(self) -> float | None:
        """Of those kept by the first hour, between 0 and 1; None where there were none."""
        return self.kept / self.count if self.count else None


def kept_by_kind(since: datetime, now: datetime, *, places: Places = None) -> Sequence[Kept]:
    """Each kind that there was at `places`, the most frequent first. Two queries."""
    made = at(Promise.objects.exclude(state=PromiseState.RELEASED), places, place="appointment__location")
    due = made.filter(due_at__gte=since, due_at__lte=now)
    late = Q(state=PromiseState.BROKEN) | Q(state=PromiseState.OPEN, due_at__lt=now) | Q(broken_at__isnull=False)
    on_time = Q(state=PromiseState.KEPT) & ~late
    counted = (
        due.order_by()
        .values("kind")
        .annotate(
            kept=Count("pk", filter=on_time & Q(slipped_at__isnull=True)),
            slipped=Count("pk", filter=on_time & Q(slipped_at__isnull=False)),
            broken=Count("pk", filter=late),
        )
    )
    calls = at(CallAttempt.objects.all(), places, place="promise__appointment__location")
    tried = calls.filter(at__gte=since, at__lte=now, outcome__in=IN_VAIN)
    tries = dict(tried.order_by().values_list("promise__kind").annotate(count=Count("pk")))
    rows = [
        Kept(PromiseKind(row["kind"]), row["kept"], row["slipped"], row["broken"], tries.get(row["kind"], 0))
        for row in counted
    ]
    return sorted((row for row in rows if row.count or row.tries), key=lambda row: (-row.count, row.kind or ""))


def kept_between(first: date, last: date, *, zone: tzinfo, now: datetime, places: Places = None) -> Sequence[Kept]:
    """Of what fell due on these days of `zone`, both included, until `now`."""
    days = day_span(first, zone, last=last)
    return kept_by_kind(days.start, min(now, days.end), places=places) if days.start < now else []


def together(rows: Sequence[Kept]) -> Kept:
    """All kinds in one."""
    sums = (sum(getattr(row, name) for row in rows) for name in ("kept", "slipped", "broken", "tries"))
    return Kept(None, *sums)
