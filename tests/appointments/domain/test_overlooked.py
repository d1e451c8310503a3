"""Whoever cannot come stands in the queue, by whatever door that came; and who can come again stands there no more."""

from datetime import UTC, date
from typing import Any

import pytest

from appointments.domain import actors, affected, booking, overlooked
from appointments.domain.schedule.conflicts import with_absence
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.weekly import Blocked
from appointments.enums import DisruptionScope, DisruptionSource
from appointments.models import Absence, AffectedAppointment, Closure, Disruption, SpecialDay
from tests.clock import NOW, at, hours, minutes
from tests.factories import AbsenceFactory, Clinic, ClosureFactory, CustomerFactory, LocationFactory, SpecialDayFactory

TUESDAY = "2026-11-24"

pytestmark = pytest.mark.django_db


def look() -> tuple[int, int]:
    return overlooked.look_again(now=NOW)


def away(melati: Clinic, **fields: Any) -> Absence:
    usual = {"resource": melati.provider, "starts_at": at(f"{TUESDAY} 00:00"), "ends_at": at("2026-11-25 00:00")}
    absence: Absence = AbsenceFactory(**usual | fields)
    return absence


def whom(kind: str) -> list[int]:
    """Who waits by this source, once for each disruption."""
    return [pk for source, pk in waiting() if source == kind]


def waiting() -> list[tuple[str, int]]:
    rows = affected.untold().select_related("disruption").order_by("appointment__starts_at")
    return [(row.disruption.source, row.appointment_id) for row in rows]


def test_an_absence_that_a_script_wrote_leaves_its_disruption_once(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    melati.booked("2026-11-25 10:00", customer=CustomerFactory())
    assert look() == (0, 0)
    away(melati)
    assert [look(), look()] == [(1, 0), (0, 0)]
    assert waiting() == [("absence", hit.pk)]
    one = Disruption.objects.get()
    assert (one.starts_at, one.ends_at, one.declared_by) == (at(f"{TUESDAY} 00:00"), at("2026-11-25 00:00"), None)


def test_each_time_that_it_recurs_is_a_disruption(melati: Clinic) -> None:
    hit = [melati.booked(f"2026-12-0{day} 10:00", customer=CustomerFactory()) for day in (1, 8)]
    away(melati, rrule="FREQ=WEEKLY")
    assert look() == (2, 0)
    assert waiting() == [("absence", one.pk) for one in hit]
    assert Disruption.objects.count() == 2


def test_a_closure_and_a_closed_day_hit_whoever_is_booked_at_the_place(melati: Clinic) -> None:
    first = melati.booked(f"{TUESDAY} 10:00")
    second = melati.booked("2026-11-26 10:00", customer=CustomerFactory())
    elsewhere = LocationFactory(code="other")
    ClosureFactory(location=melati.location, starts_at=at(f"{TUESDAY} 06:00"), ends_at=at(f"{TUESDAY} 22:00"))
    ClosureFactory(location=elsewhere, starts_at=at("2026-11-26 06:00"), ends_at=at("2026-11-26 22:00"))
    assert look() == (1, 0)
    SpecialDayFactory(location=None, day=date(2026, 11, 26), is_open=False)
    assert look() == (1, 0)
    assert waiting() == [("closure", first.pk), ("closure", second.pk)]


@pytest.mark.parametrize("what", ["provider", "location", "service"])
def test_what_is_switched_off_without_asking_is_found(melati: Clinic, what: str) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    row = getattr(melati, what)
    type(row).objects.filter(pk=row.pk).update(is_active=False)
    assert [look(), look()] == [(1, 0), (0, 0)]
    assert waiting() == [("switched_off", hit.pk)]
    type(row).objects.filter(pk=row.pk).update(is_active=True)
    assert look() == (0, 1)
    assert waiting() == []


@pytest.mark.parametrize("kind", [Absence, Closure, SpecialDay])
def test_who_can_come_again_is_let_go(melati: Clinic, kind: Any) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    if kind is Absence:
        away(melati)
    elif kind is Closure:
        ClosureFactory(location=melati.location, starts_at=at(f"{TUESDAY} 06:00"), ends_at=at(f"{TUESDAY} 22:00"))
    else:
        SpecialDayFactory(location=melati.location, day=date(2026, 11, 24), is_open=False)
    look()
    kind.objects.all().delete()
    assert [look(), look()] == [(0, 1), (0, 0)]
    assert waiting() == []
    assert AffectedAppointment.objects.get(appointment=hit).kept_at == NOW


def test_what_a_colleague_says_takes_place_is_not_found_again_until_it_is_said_again(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    absence = away(melati)
    look()
    affected.keep(hit, by=actors.staff(melati.staff), now=NOW)
    assert look() == (0, 0)
    assert waiting() == []
    blocked = Blocked(absence.starts_at, absence.ends_at)
    hits = with_absence(melati.provider, blocked, now=NOW)
    ((missing, hit_again),) = overlooked.of_absence(melati.provider, blocked, hits)
    later = NOW + hours(1)
    source = DisruptionSource.ABSENCE
    affected.declare(missing, reason=None, by=actors.SYSTEM, now=later, source=source, hits=hit_again)
    assert waiting() == [("absence", hit.pk)]
    assert AffectedAppointment.objects.get().found_at == later


def test_what_is_over_or_cancelled_is_nobodys_business(melati: Clinic) -> None:
    melati.booked("2026-11-23 08:30")
    melati.booked(f"{TUESDAY} 10:00", state="cancelled")
    away(melati, starts_at=at("2026-11-23 00:00"))
    assert look() == (0, 0)


def test_an_absence_that_is_gone_frees_also_who_was_booked_outside_the_hours_on_purpose(melati: Clinic) -> None:
    evening = melati.booked(f"{TUESDAY} 18:00")
    absence = away(melati)
    assert [look(), look()] == [(1, 0), (0, 0)]
    absence.delete()
    assert overlooked.let_go(by=actors.staff(melati.manager), now=NOW) == [evening]
    assert AffectedAppointment.objects.get().kept_by == melati.manager


def test_an_absence_that_is_shorter_keeps_whom_it_still_hits(melati: Clinic) -> None:
    morning, noon = (melati.booked(f"{TUESDAY} {hour}", customer=CustomerFactory()) for hour in ("09:00", "12:00"))
    absence = away(melati)
    look()
    absence.ends_at = at(f"{TUESDAY} 12:00")
    absence.save()
    assert overlooked.let_go(by=actors.SYSTEM, now=NOW) == [noon]
    assert waiting() == [("absence", morning.pk)]


@pytest.mark.parametrize(
    ("first", "then", "found"),
    [
        (("08:00", "10:00"), ("08:00", "10:00"), 0),
        (("08:00", "10:00"), ("08:00", "10:01"), 1),
        (("10:30", "12:00"), ("10:30", "12:00"), 0),
        (("10:30", "12:00"), ("10:29", "12:00"), 1),
        (("08:00", "10:01"), ("08:00", "10:30"), 0),
        (("10:29", "12:00"), ("10:00", "12:00"), 0),
    ],
)
def test_an_older_absence_that_only_touches_it_does_not_hide_a_longer_one(
    melati: Clinic, first: tuple[str, str], then: tuple[str, str], found: int
) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    other = melati.booked(f"{TUESDAY} 09:00" if first[0] < "10" else f"{TUESDAY} 11:00", customer=CustomerFactory())
    start, end = (at(f"{TUESDAY} {hour}") for hour in first)
    absence = away(melati, starts_at=start, ends_at=end)
    is_in_it = first in (("08:00", "10:01"), ("10:29", "12:00"))
    assert look() == (2 if is_in_it else 1, 0)
    absence.starts_at, absence.ends_at = (at(f"{TUESDAY} {hour}") for hour in then)
    absence.save()
    assert [look(), look()] == [(found, 0), (0, 0)]
    assert set(whom("absence")) == {other.pk, *([hit.pk] if found or is_in_it else [])}


def test_whose_room_goes_as_well_is_seen_and_the_doctor_who_is_back_takes_nobody_along(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    absence = away(melati)
    assert look() == (1, 0)
    closed = away(melati, resource=melati.room, ends_at=at(f"{TUESDAY} 18:00"))
    assert [look(), look()] == [(1, 0), (0, 0)]
    missing = [set(one.resources.all()) for one in Disruption.objects.order_by("pk")]
    assert missing == [{melati.provider}, {melati.room}]
    absence.delete()
    assert [look(), look()] == [(0, 1), (0, 0)]
    row = affected.untold().get()
    assert (row.appointment, set(row.disruption.resources.all())) == (hit, {melati.room})
    closed.delete()
    assert look() == (0, 1)


def test_what_is_kept_of_one_resource_says_nothing_of_another(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    away(melati)
    look()
    affected.keep(hit, by=actors.staff(melati.staff), now=NOW)
    away(melati, resource=melati.room)
    assert [look(), look()] == [(1, 0), (0, 0)]
    assert waiting() == [("absence", hit.pk)]


def test_what_is_switched_off_besides_is_seen_and_each_comes_back_by_itself(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    for resource in (melati.provider, melati.room):
        type(resource).objects.filter(pk=resource.pk).update(is_active=False)
        assert [look(), look()] == [(1, 0), (0, 0)]
    assert whom("switched_off") == [hit.pk, hit.pk]
    type(melati.room).objects.filter(pk=melati.room.pk).update(is_active=True)
    assert look() == (0, 1)
    assert set(affected.untold().get().disruption.resources.all()) == {melati.provider}


def test_an_absence_at_a_closed_place_is_another_thing(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    ClosureFactory(location=melati.location, starts_at=at(f"{TUESDAY} 06:00"), ends_at=at(f"{TUESDAY} 22:00"))
    away(melati)
    assert [look(), look()] == [(2, 0), (0, 0)]
    assert sorted(waiting()) == [("absence", hit.pk), ("closure", hit.pk)]
    Closure.objects.all().delete()
    assert look() == (0, 1)
    assert waiting() == [("absence", hit.pk)]


@pytest.mark.parametrize(
    ("day", "start", "then", "found"),
    [
        (25, "00:00", ("2026-11-25 00:30", "2026-11-25 12:00"), 0),
        (25, "00:00", ("2026-11-25 00:29", "2026-11-25 12:00"), 1),
        (23, "23:30", ("2026-11-23 20:00", "2026-11-23 23:30"), 0),
        (23, "23:30", ("2026-11-23 20:00", "2026-11-23 23:31"), 1),
    ],
)
def test_who_was_moved_to_the_edge_of_one_absence_is_found_in_the_next(
    melati: Clinic, day: int, start: str, then: tuple[str, str], found: int
) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    away(melati)
    look()
    begin = at(f"2026-11-{day} {start}")
    target = Slot(begin, begin + minutes(30), melati.provider.pk, (melati.provider.pk,))
    booking.move(hit, to=target, by=actors.staff(melati.staff), now=NOW)
    assert look() == (0, 0), "it only touches the first one"
    away(melati, starts_at=at(then[0]), ends_at=at(then[1]))
    assert [look(), look()] == [(found, 0), (0, 0)]
    assert whom("absence") == [hit.pk] * found


def test_who_is_away_and_then_gone_for_good_is_missing_twice(melati: Clinic) -> None:
    hit = melati.booked(f"{TUESDAY} 10:00")
    away(melati)
    look()
    type(melati.provider).objects.filter(pk=melati.provider.pk).update(is_active=False)
    assert [look(), look()] == [(1, 0), (0, 0)]
    assert sorted(waiting()) == [("absence", hit.pk), ("switched_off", hit.pk)]


def test_a_service_that_ends_besides_a_room_is_seen(melati: Clinic) -> None:
    melati.booked(f"{TUESDAY} 10:00")
    type(melati.room).objects.filter(pk=melati.room.pk).update(is_active=False)
    look()
    type(melati.service).objects.filter(pk=melati.service.pk).update(is_active=False)
    assert [look(), look()] == [(1, 0), (0, 0)]
    type(melati.room).objects.filter(pk=melati.room.pk).update(is_active=True)
    assert look() == (0, 1)
    assert affected.untold().get().disruption.scope == DisruptionScope.PLACE


@pytest.mark.parametrize(("start", "found"), [("2026-11-23 09:00", 0), ("2026-11-23 09:01", 1)])
@pytest.mark.parametrize("what", ["provider", "service"])
def test_what_has_begun_goes_on_though_something_is_switched_off(
    melati: Clinic, what: str, start: str, found: int
) -> None:
    melati.booked(start)
    row = getattr(melati, what)
    type(row).objects.filter(pk=row.pk).update(is_active=False)
    assert look() == (found, 0)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [("09:30", "10:00", 0), ("09:30", "10:01", 1), ("10:30", "11:00", 0), ("10:29", "11:00", 1)],
)
@pytest.mark.parametrize("kind", ["absence", "closure"])
def test_what_only_touches_an_appointment_hits_nobody(
    melati: Clinic, kind: str, since: str, until: str, found: int
) -> None:
    melati.booked(f"{TUESDAY} 10:00")
    span = {"starts_at": at(f"{TUESDAY} {since}"), "ends_at": at(f"{TUESDAY} {until}")}
    if kind == "absence":
        away(melati, **span)
    else:
        ClosureFactory(location=melati.location, **span)
    assert [look(), look()] == [(found, 0), (0, 0)]


@pytest.mark.parametrize(("now", "found"), [("2026-11-24 10:29", 1), ("2026-11-24 10:30", 0)])
def test_an_absence_that_is_over_hits_nobody(melati: Clinic, now: str, found: int) -> None:
    melati.booked(f"{TUESDAY} 10:00")
    away(melati, ends_at=at(f"{TUESDAY} 10:30"))
    assert overlooked.look_again(now=at(now)) == (found, 0)


@pytest.mark.parametrize("what", ["provider", "location", "service"])
def test_what_is_switched_off_takes_nothing_from_who_has_cancelled(melati: Clinic, what: str) -> None:
    melati.booked(f"{TUESDAY} 10:00", state="cancelled")
    row = getattr(melati, what)
    type(row).objects.filter(pk=row.pk).update(is_active=False)
    assert look() == (0, 0)


@pytest.mark.parametrize(("now", "freed"), [("2026-11-24 09:59", 1), ("2026-11-24 10:00", 0)])
def test_whose_appointment_has_begun_is_not_let_go(melati: Clinic, now: str, freed: int) -> None:
    melati.booked(f"{TUESDAY} 10:00")
    absence = away(melati)
    look()
    absence.delete()
    assert len(overlooked.let_go(by=actors.SYSTEM, now=at(now))) == freed


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Pacific/Kiritimati", "00:00"), ("Pacific/Auckland", "00:00"), ("America/Los_Angeles", "23:30")],
)
def test_a_closed_day_is_looked_at_far_east_and_far_west(melati: Clinic, zone: str, hour: str) -> None:
    melati.location.zone = zone
    melati.location.save()
    hit = melati.booked(at(f"{TUESDAY} {hour}", zone))
    SpecialDayFactory(location=melati.location, day=date(2026, 11, 24), is_open=False)
    assert look() == (1, 0)
    assert waiting() == [("closure", hit.pk)]


def test_a_closed_day_that_is_still_today_in_the_far_west_is_looked_at(melati: Clinic) -> None:
    west = "America/Los_Angeles"
    melati.location.zone = west
    melati.location.save()
    melati.booked(at(f"{TUESDAY} 19:00", west))
    SpecialDayFactory(location=melati.location, day=date(2026, 11, 24), is_open=False)
    now = at(f"{TUESDAY} 18:00", west)
    assert now.astimezone(UTC).date() == date(2026, 11, 25)
    assert overlooked.look_again(now=now.astimezone(UTC)) == (1, 0)


@pytest.mark.parametrize(("day", "found"), [(23, 0), (24, 1), (25, 0)])
def test_a_closed_day_is_that_day_on_the_clock_of_the_place(melati: Clinic, day: int, found: int) -> None:
    melati.location.zone = "Pacific/Auckland"
    melati.location.save()
    for hour in ("2026-11-24 00:00", "2026-11-24 23:30"):
        start = at(hour, "Pacific/Auckland")
        melati.booked(start, customer=CustomerFactory())
    SpecialDayFactory(location=melati.location, day=date(2026, 11, day), is_open=False)
    assert overlooked.look_again(now=at("2026-11-23 06:00")) == (2 * found, 0)
