"""Which few of many free times to offer, and why each. Pure: no database, no clock.

A time is worth less the further it lies from the one we take away: the cost counts an hour for each day of distance,
the shift in the time of day, and two hours for another person. The line under an offer has to be true when it is read:
each time gets the most telling one that is.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from appointments.domain.schedule.slot_search import Found
from appointments.domain.schedule.wallclock import DAY, WallClock, day_of
from appointments.domain.schedule.wishes import Wishes, part_of_day
from appointments.enums import Why

COST_OF_A_DAY = 60
COST_OF_ANOTHER_PERSON = 120


class Present(NamedTuple):
    """The time that we take away: its minute in UTC and on the wall, and its provider."""

    start: int
    wall: int
    provider_id: int | None


class Choice(NamedTuple):
    """A candidate and what the ranking knows of it. Sorts by cost, then by time, then as it was found."""

    cost: int
    start: int
    place: int
    wall: int
    found: Found
    why: Why

    @property
    def provider_id(self) -> int | None:
        return self.found[1]

    @property
    def day(self) -> int:
        return self.wall // DAY

    @property
    def part(self) -> tuple[int, str]:
        return self.day, part_of_day(self.wall % DAY)


def choose(
    found: Sequence[Found],
    *,
    present: Present,
    clock: WallClock,
    wishes: Wishes | None,
    excluding: Collection[tuple[int, int | None]],
    limit: int,
) -> list[tuple[Found, Why]]:
    """At most `limit` of `found` (in the order of time), the least inconvenient first, each with its true line.

    With `wishes` only what meets all of them, "as you asked"; without, the best of each kind and then the next best,
    spread over days: two on one day only in different parts of it, unless the wishes leave no other day.
    `excluding`: (minute, provider) of times not to offer.
    """
    wishes = None if wishes is None or wishes.is_empty else wishes
    pool = _weigh(found, present, clock, wishes, excluding)
    if wishes and wishes.is_for_a_person:
        return []  # no time of this list is what they asked for
    if wishes:
        pool = [choice for choice in pool if _meets(choice, wishes, present)]
        is_soon = wishes.sooner or wishes.urgent
        # "Sooner" is about the date; everything else about staying near to what was agreed.
        pool.sort(key=lambda choice: (choice.start, choice.place) if is_soon else choice[:3])
        picked = _spread(pool, limit, picked=[], crowd=True)
        return [(choice.found, Why.WISH) for choice in sorted(picked, key=pool.index)]
    pool.sort(key=lambda choice: choice[:3])
    firsts = _best_of_each_kind(pool, limit)
    picked = _spread(pool, limit, picked=firsts, crowd=False)
    return [(choice.found, choice.why) for choice in sorted(picked, key=lambda choice: choice[:3])]


def _weigh(
    found: Iterable[Found],
    present: Present,
    clock: WallClock,
    wishes: Wishes | None,
    excluding: Collection[tuple[int, int | None]],
) -> list[Choice]:
    """What may be offered of all that was found, with its cost and the most telling line that is true of it.

    Of several other people at one and the same time the first is enough: no wish tells them apart.
    """
    day, hour = divmod(present.wall, DAY)
    # Who asks for a part of the day or for another day does not ask for the old hour.
    hour_counts = not (wishes and wishes.parts)
    first: int | None = None
    wall = shift = before = others_at = -1
    choices: list[Choice] = []
    for place, one in enumerate(found):
        start, provider_id, __ = one
        same_person = provider_id == present.provider_id
        if start == present.start and (same_person or present.provider_id is None):
            continue
        if start != before:
            before, wall = start, clock.wall(start)
            shift = abs(wall % DAY - hour)
            first = start if first is None else first
        if (start == others_at and not same_person) or (start, provider_id) in excluding:
            continue
        others_at = others_at if same_person else start
        if start == present.start:
            why = Why.SAME_TIME_OTHER_PERSON
        elif start == first:
            why = Why.SOONEST
        elif shift == 0 and wall // DAY != day:
            why = Why.SAME_HOUR
        elif same_person and provider_id is not None:
            why = Why.SAME_PERSON
        else:
            why = Why.SAME_DAY if wall // DAY == day else Why.ANOTHER
        cost = abs(wall // DAY - day) * COST_OF_A_DAY + (shift if hour_counts else 0)
        choices.append(Choice(cost + (0 if same_person else COST_OF_ANOTHER_PERSON), start, place, wall, one, why))
    return choices


def _meets(choice: Choice, wishes: Wishes, present: Present) -> bool:
    day = day_of(choice.wall)
    return (
        (not wishes.days or day.weekday() in wishes.days)
        and (not wishes.parts or choice.part[1] in wishes.parts)
        and (wishes.from_day is None or day >= wishes.from_day)
        and (wishes.until_day is None or day <= wishes.until_day)
        and (wishes.person != "same" or choice.provider_id == present.provider_id)
        and (not wishes.sooner or choice.start < present.start)
    )


def _best_of_each_kind(pool: Sequence[Choice], limit: int) -> list[Choice]:
    """The same time with a colleague and the soonest, of which there is one each; then the others, on other days."""
    picked: list[Choice] = []
    for why in (Why.SAME_TIME_OTHER_PERSON, Why.SOONEST, Why.SAME_HOUR, Why.SAME_PERSON):
        of_kind = [choice for choice in pool if choice.why == why]
        if why in (Why.SAME_TIME_OTHER_PERSON, Why.SOONEST):
            picked += of_kind[:1]
        else:
            picked = _spread(of_kind, len(picked) + 1, picked=picked, crowd=False)
    return picked[:limit]


def _spread(pool: Sequence[Choice], limit: int, *, picked: Sequence[Choice], crowd: bool) -> list[Choice]:
    """`picked`, filled up to `limit` from `pool` in its order: new days first, then new parts of a day.

    `crowd`: then anything that starts at another time, when the customer's own wishes leave nothing else.
    """
    rules: list[Callable[[Choice], object]] = [lambda choice: choice.day, lambda choice: choice.part]
    if crowd:
        rules.append(lambda choice: choice.start)
    chosen = list(picked)
    for rule in rules:
        used = {rule(choice) for choice in chosen}
        for choice in pool:
            if len(chosen) >= limit:
                return chosen
            if rule(choice) not in used:
                used.add(rule(choice))
                chosen.append(choice)
    return chosen
