"""Dice that fall the same way every time, and the small things everybody throws them for."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar

T = TypeVar("T")


def dice(seed: int, about: str) -> random.Random:
    """One independent source of chance for each subject, so that a change in one leaves the others as they were."""
    return random.Random(f"{seed}/{about}")  # noqa: S311  sample data, and it has to be repeatable


def one_of(chance: random.Random, weighted: Sequence[tuple[T, float]]) -> T:
    """One of the first members, as likely as the second members say."""
    return chance.choices([thing for thing, __ in weighted], [weight for __, weight in weighted])[0]


def around(chance: random.Random, typical: float, *, least: float, most: float) -> float:
    """A positive amount that is mostly near `typical`, sometimes far above it, never outside `least` and `most`."""
    return min(most, max(least, chance.lognormvariate(0, 0.7) * typical))


def at_desk(moment: datetime, zone: tzinfo, *, opens: time = time(8, 5), closes: time = time(18, 30)) -> datetime:
    """The latest moment at or before `moment` at which somebody sits at the front desk; what is later is moved back."""
    local = moment.astimezone(zone)
    if local.time() < opens:
        local = datetime.combine(local.date() - timedelta(days=1), closes, zone) - timedelta(
            minutes=(local.hour * 7 + local.minute * 3) % 90
        )
    elif local.time() > closes:
        local = datetime.combine(local.date(), closes, zone) - timedelta(minutes=(local.hour * 11 + local.minute) % 90)
    return local


def wall_clock(day: date, hour: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, hour, zone)
