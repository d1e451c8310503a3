"""The month around a board: how full each of its days is."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from appointments.domain.pages.diary.times import NOTHING, Load, Times

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""The days that have an address."""


@dataclass(frozen=True)
class MonthDay:
    """`closed` is the name of a day on which the whole place is closed; a day that is just not worked has none."""

    date: date
    load: Load
    closed: str = ""

    @property
    def is_closed(self) -> bool:
        return not self.load.open


@dataclass(frozen=True)
class Month:
    days: tuple[MonthDay, ...]

    @property
    def first(self) -> date:
        return self.days[0].date

    @property
    def before(self) -> date | None:
        """A day of the month before; None where addresses end."""
        day = self.first - timedelta(days=1)
        return day.replace(day=1) if day >= FIRST else None

    @property
    def after(self) -> date | None:
        """The first of the month after; None where addresses end."""
        day = self.days[-1].date + timedelta(days=1)
        return day if day <= LAST else None


def month_around(day: date, *others: date) -> tuple[date, date]:
    """The first and the last day of the month of `day`, or of `others` where those lie outside it."""
    first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return min(first, *others, first), max(last, *others, last)


def month_of(times: Times, resource_ids: Collection[int], day: date) -> Month:
    """The month of `day`: of the minutes that these resources are there, how many are taken."""
    first, last = month_around(day)
    days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
    return Month(
        tuple(
            MonthDay(
                one,
                sum((times.load(pk, one) for pk in resource_ids), NOTHING),
                times.closed_days.get(one, ""),
            )
            for one in days
        )
    )
