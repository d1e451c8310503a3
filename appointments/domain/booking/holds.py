"""What is reserved for a customer who has not answered yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from appointments.domain.booking.days import must_have_room
from appointments.domain.booking.locks import lock_by_id
from appointments.domain.booking.rows import insert, occupied_span
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span, subtract
from appointments.domain.transactions import part_of_one
from appointments.models import Occupancy, RescheduleRequest


@part_of_one
def hold(
    round_: RescheduleRequest, slots: Iterable[tuple[Slot, datetime]], *, now: datetime, held_before: bool = False
) -> None:
    """Reserves each of `slots` for the request's customer until the moment beside it.

    Holds of one round that touch each other and end together become one row, what is kept longer stays, and what the
    appointment occupies itself is left out: the timeline knows one owner per span. Raises `SlotTaken` when somebody
    else is there, or on a day that is full; not so for what was `held_before`, which has its place.
    """
    appointment, slots = round_.appointment, list(slots)
    wanted: dict[int, dict[datetime, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for slot, until in slots:
        for resource_id in slot.resource_ids:
            wanted[resource_id][until].append(occupied_span(appointment.service, slot))
    most_a_day = lock_by_id(wanted)
    if not held_before:
        must_have_room([slot for slot, _until in slots], appointment, most_a_day=most_a_day, now=now)
    own: dict[int, list[Span]] = defaultdict(list)
    for occupancy in appointment.occupancies.all():
        own[occupancy.resource_id].append(Span(occupancy.starts_at, occupancy.ends_at))
    rows = [
        Occupancy(
            resource_id=resource_id,
            appointment=appointment,
            request=round_,
            starts_at=free.start,
            ends_at=free.end,
            expires_at=until,
        )
        for resource_id, kept in sorted(wanted.items())
        for until, free in _longest_first(kept, own[resource_id])
    ]
    insert(rows, now=now)


def _longest_first(kept: Mapping[datetime, Sequence[Span]], taken: Sequence[Span]) -> Iterator[tuple[datetime, Span]]:
    """What to hold until when: each moment in none of `taken`, and once, for as long as any of `kept` wants it."""
    rest = list(taken)
    for until in sorted(kept, reverse=True):
        yield from ((until, free) for free in subtract(kept[until], rest))
        rest += kept[until]


def release_holds(round_: RescheduleRequest) -> int:
    """Gives up what is held for this round. Returns how many rows went."""
    return int(round_.holds.all().delete()[0])


def sweep_holds(*, now: datetime) -> int:
    """Removes holds that have expired. Whoever needs the time removes them as well, so this is only tidiness."""
    return int(Occupancy.objects.expired(now).delete()[0])
