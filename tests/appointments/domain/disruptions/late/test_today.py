"""What the rest of the day holds: who may begin later, what stays, and what each customer knows."""

from typing import Any

import pytest

from appointments.domain import actors, booking
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions.late import today
from appointments.domain.disruptions.late.shifts import Booking
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.enums import AppointmentState, DisruptionScope
from appointments.models import Appointment, Occupancy, RescheduleRequest
from tests.appointments.domain.disruptions.late.world import SENT, coming, declared
from tests.appointments.domain.disruptions.world import entered
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, clinic


def read(melati: Clinic, **options: Any) -> today.Today:
    return today.read(melati.location, [melati.provider.pk], **{"now": NOW, **options})


def keys(melati: Clinic) -> list[int]:
    return [one.key for one in read(melati).bookings]


def test_only_who_comes_to_them_in_the_rest_of_today(melati: Clinic) -> None:
    melati.booked("2026-11-23 09:00", customer=CustomerFactory())
    late, soon = coming(melati, "23:30", "09:30")
    melati.booked("2026-11-24 00:00", customer=CustomerFactory())
    melati.booked("2026-11-23 11:00", provider=melati.colleague, customer=CustomerFactory())
    Appointment.objects.filter(pk=coming(melati, "14:00")[0].pk).update(state=AppointmentState.CANCELLED)
    assert keys(melati) == [soon.pk, late.pk]


def test_what_has_to_move_for_another_cause_stays(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    assert keys(melati) == [appointment.pk]
    start = at("2026-11-23 09:30")
    room = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, start, start + hours(2), (melati.room.pk,))
    entered(melati, room)
    assert keys(melati) == []


def test_a_booking_knows_what_it_occupies_and_the_day_what_stays(melati: Clinic) -> None:
    type(melati.service).objects.update(buffer_before=5, buffer_after=10)
    melati.service.refresh_from_db()
    melati.booked("2026-11-23 08:45", customer=CustomerFactory())
    appointment = coming(melati, "10:00")[0]
    melati.booked("2026-11-23 15:00", provider=melati.colleague, room=None, customer=appointment.customer)

    found = read(melati)

    start = at("2026-11-23 10:00")
    both = frozenset({melati.provider.pk, melati.room.pk})
    customer = appointment.customer_id
    assert found.bookings == (
        Booking(appointment.pk, customer, start, start, minutes(30), both, minutes(5), minutes(10)),
    )
    assert found.day.taken[melati.provider.pk] == [Span(at("2026-11-23 08:40"), at("2026-11-23 09:25"))]
    assert found.day.elsewhere == {customer: [Span(at("2026-11-23 15:00"), at("2026-11-23 15:30"))]}
    assert (found.day.people, found.day.until) == (frozenset({melati.provider.pk}), at("2026-11-24 00:00"))


def test_what_is_held_for_somebody_stays(melati: Clinic) -> None:
    coming(melati, "15:00")
    round_ = melati.offered(melati.booked("2026-11-25 10:00"))
    Occupancy.objects.filter(request=round_).delete()
    slot = Slot(at("2026-11-23 11:00"), at("2026-11-23 11:30"), melati.provider.pk, (melati.provider.pk,))
    booking.hold(round_, [(slot, NOW + hours(1))], now=NOW)
    assert read(melati).day.taken == {melati.provider.pk: [Span(slot.starts_at, slot.ends_at)]}
    assert read(melati, now=NOW + hours(1)).day.taken == {}


@pytest.mark.parametrize(("seconds", "is_told", "knows"), [(19, False, "10:00"), (20, True, "10:40")])
def test_a_customer_knows_what_has_left(melati: Clinic, seconds: int, is_told: bool, knows: str) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    found = read(melati, now=NOW + minutes(seconds / 60))
    one = found.bookings[0]
    assert (one.is_told, one.booked, one.start) == (is_told, at("2026-11-23 10:00"), at("2026-11-23 10:40"))
    assert found.knows == {appointment.pk: at(f"2026-11-23 {knows}")}
    assert found.rounds == {appointment.pk: appointment.requests.get()}


def test_what_moves_it_for_another_cause_is_a_new_beginning(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    RescheduleRequest.objects.update(state="kept", closed_at=SENT)
    to = Slot(at("2026-11-23 15:00"), at("2026-11-23 15:30"), melati.provider.pk, (melati.provider.pk,))
    booking.move(appointment, to=to, by=actors.staff(melati.staff), now=SENT)
    assert read(melati, now=SENT).bookings[0].booked == at("2026-11-23 15:00")


def test_the_day_is_read_at_once_whoever_is_booked(db: None, django_assert_num_queries: Any) -> None:
    melati = clinic()
    coming(melati, "10:00")
    declared(melati)
    with django_assert_num_queries(6):
        read(melati, now=SENT)
    coming(melati, *(f"{hour}:00" for hour in range(12, 23)))
    with django_assert_num_queries(6):
        assert len(read(melati, now=SENT).bookings) == 12


def test_whoever_is_booked_that_day_reads_some_language(melati: Clinic) -> None:
    for language, hour in (("id", "2026-11-22 23:59"), ("en", "2026-11-23 00:00"), ("en", "2026-11-23 23:59")):
        melati.booked(hour, customer=CustomerFactory(language=language), provider=None, room=None)
    melati.booked("2026-11-24 00:00", customer=CustomerFactory(language="id"), provider=None, room=None)
    assert today.read_by(melati.location, now=NOW) == {"en"}
