"""The same answers as the slot search, found the slow and obvious way: minute by minute, combination by combination.

Shares nothing with `appointments.domain` but the tables, so that both can only agree by being right.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

from dateutil.rrule import rrulestr

from appointments.enums import ResourceKind
from appointments.models import Absence, Appointment, Closure, Location, Occupancy, Resource, Service, SpecialDay

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Shown = tuple[date, int]
# When (UTC), one resource for each requirement in their order, and whether outside the hours of any.
Way = tuple[datetime, tuple[int, ...], bool]
Weekly = tuple[int, time, time, date | None, date | None]


def free_starts(
    service: Service,
    location: Location,
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
) -> set[tuple[datetime, int | None]]:
    """Every (start in UTC, provider) at which `service` can take place between `first` and `until`."""
    ways = free_ways(service, location, first=first, until=until, now=now, ignoring=[ignoring] if ignoring else [])
    needs = [need.kind for need in service.requirements.order_by("pk")]
    named = needs.index(ResourceKind.PROVIDER) if ResourceKind.PROVIDER in needs else None
    return {(start, None if named is None else chosen[named]) for start, chosen, __ in ways}


def free_ways(
    service: Service,
    location: Location,
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    length: int | None = None,
    ignoring: Collection[Appointment] = (),
    outside: range | None = None,
) -> set[Way]:
    """Every way in which `service` can take place between `first` and `until`.

    `length`: its minutes, if not as usual. `outside`: the minutes of a day that may lie outside the hours.
    """
    length = length or service.minutes
    minutes = _minutes(first - timedelta(hours=6), until + timedelta(hours=6))
    shown = {minute: _shown(minute, location) for minute in minutes}
    needs = [
        (need.kind, [one for one in need.candidates.all() if one.location_id == location.pk and one.is_active])
        for need in service.requirements.order_by("pk")
    ]
    people = {one.pk: one for __, candidates in needs for one in candidates}
    known: dict[tuple[object, ...], set[int]] = {}
    open_at = {pk: open_minutes(one, shown, known) for pk, one in people.items()}
    reach_at = {pk: open_at[pk] | _around(one, outside or range(0), shown, known) for pk, one in people.items()}
    busy_at = {pk: _busy_minutes(pk, minutes, now, ignoring) for pk in people}
    earliest = max(first, now + timedelta(minutes=service.notice_minutes))
    latest = min(until, now + timedelta(days=service.horizon_days))
    begun = {pk: _begun(one, now, ignoring) for pk, one in people.items() if one.most_a_day}
    found: set[Way] = set()
    for minute, (day, clock) in shown.items():
        start = EPOCH + minute * MINUTE
        if clock % service.grid or start < earliest or start <= now or start + length * MINUTE > latest:
            continue
        inside = set(range(minute, minute + length))
        around = range(minute - service.buffer_before, minute + length + service.buffer_after)
        able = {pk for pk in people if inside <= reach_at[pk] and not busy_at[pk].intersection(around)}
        able -= {pk for pk, each in begun.items() if len(each.get(day, ())) >= (people[pk].most_a_day or 0)}
        for chosen in _together(needs, able):
            found.add((start, chosen, not all(inside <= open_at[pk] for pk in chosen)))
    return found


def _together(needs: list[tuple[str, list[Resource]]], able: set[int]) -> Iterator[tuple[int, ...]]:
    """The combinations of able resources, one for each need, in which none is used twice."""
    if needs:
        choices = [[one.pk for one in candidates if one.pk in able] for __, candidates in needs]
        yield from (chosen for chosen in product(*choices) if len(set(chosen)) == len(chosen))


def open_minutes(resource: Resource, shown: dict[int, Shown], known: dict[tuple[object, ...], set[int]]) -> set[int]:
    """Those of the minutes (UTC, with what the wall shows) in which `resource` is there. `known`: weeks seen before."""
    location = resource.location
    place = _weekly(location.hours.all(), shown, known) if location.hours.exists() else set(shown)
    own = _weekly(resource.hours.all(), shown, known) if resource.hours.exists() else set(shown)
    return (place & own) - _closed(resource, shown, known)


def _around(
    resource: Resource, outside: range, shown: dict[int, Shown], known: dict[tuple[object, ...], set[int]]
) -> set[int]:
    """Those of the minutes outside the hours in which `resource` could be there, as it has hours on that day."""
    owners = [list(owner.hours.all()) for owner in (resource, resource.location)]

    def works(day: date) -> bool:
        return all(
            not rows
            or any(
                row.weekday == day.weekday() and (row.valid_from or day) <= day <= (row.valid_until or day)
                for row in rows
            )
            for rows in owners
        )

    days = {day for day in {day for day, __ in shown.values()} if works(day)}
    wanted = {minute for minute, (day, clock) in shown.items() if clock in outside and day in days}
    return wanted - _closed(resource, shown, known)


def _weekly(table: Iterable[Any], shown: dict[int, Shown], known: dict[tuple[object, ...], set[int]]) -> set[int]:
    rows = [(row.weekday, row.opens_at, row.closes_at, row.valid_from, row.valid_until) for row in table]
    key = tuple(rows)
    if key not in known:
        known[key] = {m for m, (day, clock) in shown.items() if any(_covers(row, day, clock) for row in rows)}
    return known[key]


def _closed(resource: Resource, shown: dict[int, Shown], known: dict[tuple[object, ...], set[int]]) -> set[int]:
    location = resource.location
    closed = _weekly(location.breaks.all(), shown, known) | _weekly(resource.breaks.all(), shown, known)
    holidays = {day for day in {day for day, __ in shown.values()} if _is_holiday(location, day)}
    closed |= {minute for minute, (day, __) in shown.items() if day in holidays}
    blocked: list[Closure | Absence] = [*location.closures.all(), *resource.absences.all()]
    for row in blocked:
        closed |= _blocked(row, location, shown)
    return closed


def _covers(row: Weekly, day: date, clock: int) -> bool:
    weekday, opens_at, closes_at, first, last = row
    opens, closes = _clock(opens_at), _clock(closes_at)

    def counts(begun: date) -> bool:
        return begun.weekday() == weekday and (first is None or first <= begun) and (last is None or begun <= last)

    if closes > opens:
        return opens <= clock < closes and counts(day)
    return (clock >= opens and counts(day)) or (clock < closes and counts(day - timedelta(days=1)))


def _clock(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _is_holiday(location: Location, day: date) -> bool:
    """Knows only the special days: places of these comparisons work on public holidays."""
    assert not location.closed_on_holidays
    own = SpecialDay.objects.filter(location=location, day=day).first()
    special = own or SpecialDay.objects.filter(location=None, day=day).first()
    return special is not None and not special.is_open


def _blocked(row: Closure | Absence, location: Location, shown: dict[int, Shown]) -> set[int]:
    if not row.rrule:
        return {minute for minute in shown if row.starts_at <= EPOCH + minute * MINUTE < row.ends_at}
    start, end = (moment.astimezone(location.tzinfo).replace(tzinfo=None) for moment in (row.starts_at, row.ends_at))
    days = [day for day, __ in shown.values()]
    last = datetime.combine(max(days) + timedelta(days=1), time())
    wall: set[Shown] = set()
    for begin in rrulestr(row.rrule, dtstart=start).between(start, last, inc=True):
        for passed in range(int((end - start) / MINUTE)):
            moment = begin + passed * MINUTE
            wall.add((moment.date(), moment.hour * 60 + moment.minute))
    return {minute for minute, what in shown.items() if what in wall}


def _busy_minutes(resource_id: int, minutes: range, now: datetime, ignoring: Collection[Appointment]) -> set[int]:
    busy: set[int] = set()
    ignored = {one.pk for one in ignoring}
    first, last = EPOCH + minutes.start * MINUTE, EPOCH + minutes.stop * MINUTE
    for row in Occupancy.objects.filter(resource_id=resource_id, starts_at__lt=last, ends_at__gt=first):
        if (row.expires_at and row.expires_at <= now) or row.appointment_id in ignored:
            continue
        busy.update(_minutes(row.starts_at, row.ends_at))
    return busy


def _begun(resource: Resource, now: datetime, ignoring: Collection[Appointment]) -> dict[date, set[int]]:
    """The appointments that begin on each day with `resource`, or would, if the customer took what is held."""
    begun: dict[date, set[int]] = {}
    for row in Occupancy.objects.filter(resource=resource).select_related("appointment__service"):
        if row.appointment not in ignoring and (row.expires_at is None or row.expires_at > now):
            starts_at = row.starts_at + row.appointment.service.before if row.request_id else row.appointment.starts_at
            day = starts_at.astimezone(resource.location.tzinfo).date()
            begun.setdefault(day, set()).add(row.appointment_id)
    return begun


def _minutes(start: datetime, end: datetime) -> range:
    """The minutes that `[start, end)` touches."""
    return range((start - EPOCH) // MINUTE, -((EPOCH - end) // MINUTE))


def _shown(minute: int, location: Location) -> Shown:
    wall = (EPOCH + minute * MINUTE).astimezone(location.tzinfo)
    return wall.date(), wall.hour * 60 + wall.minute
