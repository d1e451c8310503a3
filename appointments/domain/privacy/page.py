"""What is kept, for how long, how much of it there is, and what has gone: as managers read it, and customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, Sum

from appointments.domain.privacy import stores
from appointments.domain.privacy.periods import Period, periods
from appointments.domain.privacy.sentences import GOES, STAYS, WHY_SO_LONG
from appointments.enums import DataKind
from appointments.models import PurgeDay

LATELY = timedelta(days=30)
TOLD_TO_CUSTOMERS = (DataKind.MESSAGES, DataKind.WORDS, DataKind.CUSTOMERS)
"""The kinds that are about them, in the words of the policy."""


@dataclass(frozen=True)
class Line:
    """`there`: how many rows still hold something of it; `ran_at`: when they were last looked through; `gone`: how
    many went lately (30 days) and `gone_ever` as far as anybody knows.
    """

    kind: DataKind
    days: int
    since: datetime | None
    there: int
    ran_at: datetime | None
    gone: int
    gone_ever: int

    @property
    def goes(self) -> str:
        return str(GOES[self.kind])

    @property
    def stays(self) -> str:
        return str(STAYS[self.kind])

    @property
    def why_so_long(self) -> str:
        return str(WHY_SO_LONG.get(self.kind, ""))


def lines(*, now: datetime) -> list[Line]:
    """Each kind, with `since` where its period begins later."""
    lately = Q(day__gt=(now - LATELY).date())
    rows = PurgeDay.objects.order_by().values("kind").annotate(ran=Max("ran_at"), ever=Sum("gone"))
    went = {row["kind"]: row for row in rows.annotate(lately=Sum("gone", filter=lately, default=0))}
    return [_line(period, went.get(kind, {}), now=now) for kind, period in periods().items()]


def _line(period: Period, went: Mapping[str, object], *, now: datetime) -> Line:
    return Line(
        kind=period.kind,
        days=period.days,
        since=period.since if period.cutoff(now=now) is None else None,
        there=sum(store.kept().count() for store in stores.of(period.kind)),
        ran_at=went.get("ran"),  # type: ignore[arg-type]
        gone=went.get("lately", 0),  # type: ignore[arg-type]
        gone_ever=went.get("ever", 0),  # type: ignore[arg-type]
    )


@dataclass(frozen=True)
class Shorter:
    """A kind that is to be kept for fewer days than now, and how much goes with that at the next sweeps."""

    kind: DataKind
    was: int
    days: int
    goes: int


def shorter(wanted: Mapping[DataKind, int], *, now: datetime) -> list[Shorter]:
    """What of `wanted` takes something away earlier; to be read before it is saved."""
    known = periods()
    return [
        Shorter(kind, known[kind].days, days, due(kind, days, now=now))
        for kind, days in wanted.items()
        if days < known[kind].days or (known[kind].cutoff(now=now) is None and days != known[kind].days)
    ]


def due(kind: DataKind, days: int, *, now: datetime) -> int:
    """How much would go if it were kept for so many days."""
    return sum(store.due(now - timedelta(days=days), now=now).count() for store in stores.of(kind))


def for_customers() -> Mapping[DataKind, int]:
    """What the public policy says: days by kind, out of the same table. One query."""
    known = periods()
    return {kind: known[kind].days for kind in TOLD_TO_CUSTOMERS}
