"""What an appointment occupies, and who stands in its way."""

from datetime import datetime

import pytest
from django.db import IntegrityError

from appointments.domain import actors, booking
from appointments.domain.schedule.slots import Slot
from appointments.enums import EventKind
from appointments.errors import SlotTaken
from appointments.models import Occupancy
from tests.appointments.domain.booking.world import book, occupied, slot
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, OccupancyFactory, RescheduleRequestFactory, clinic

pytestmark = pytest.mark.django_db


def test_a_booking_occupies_all_it_needs_with_its_buffers(melati: Clinic) -> None:
    melati.service.buffer_before, melati.service.buffer_after = 5, 10
    melati.service.save()
    appointment = book(melati, "2026-11-24 10:00")
    span = (at("2026-11-24 09:55"), at("2026-11-24 10:40"))
    assert occupied(appointment) == [(pk, *span) for pk in sorted((melati.provider.pk, melati.room.pk))]
    bare = booking.occupied_span(melati.service, slot(melati, "2026-11-24 10:00"), bare=True)
    assert (bare.start, bare.end) == (at("2026-11-24 10:00"), at("2026-11-24 10:30"))


def test_at_most_three_are_named_who_stand_in_the_way(melati: Clinic) -> None:
    for start in ("10:00", "10:30", "11:00", "11:30"):
        melati.booked(f"2026-11-24 {start}", customer=CustomerFactory())
    long = Slot(at("2026-11-24 10:00"), at("2026-11-24 12:00"), melati.provider.pk, (melati.provider.pk,))
    with pytest.raises(SlotTaken) as taken:
        booking.book(
            customer=melati.customer, service=melati.service, location=melati.location, slot=long,
            by=actors.SYSTEM, now=NOW,
        )  # fmt: skip
    assert [one.starts_at for one in taken.value.in_the_way] == [
        at("2026-11-24 10:00"), at("2026-11-24 10:30"), at("2026-11-24 11:00"),
    ]  # fmt: skip


def test_who_is_in_the_way_is_looked_for_at_each_resource_until_there_are_three(melati: Clinic) -> None:
    for start in ("10:00", "10:30"):
        melati.booked(f"2026-11-24 {start}", customer=CustomerFactory())
    rows = [
        Occupancy(resource=one, starts_at=at("2026-11-24 10:00"), ends_at=at("2026-11-24 11:00"))
        for one in (melati.provider, melati.room)
    ]
    assert len(booking.in_the_way(rows, now=NOW)) == 4
    melati.booked("2026-11-24 11:00", customer=CustomerFactory())
    rows[0].ends_at = at("2026-11-24 12:00")
    assert {one.resource for one in booking.in_the_way(rows, now=NOW)} == {melati.provider}


def test_nobody_stands_in_their_own_way(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    other = melati.booked("2026-11-24 10:30", customer=CustomerFactory())
    span = {"starts_at": at("2026-11-24 10:15"), "ends_at": at("2026-11-24 10:45")}
    rows = [Occupancy(resource=melati.provider, appointment=booked, **span)]
    assert [one.appointment for one in booking.in_the_way(rows, now=NOW)] == [other]


def test_another_complaint_of_the_database_is_no_taken_time(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    backwards = slot(melati, "2026-11-25 10:00")._replace(ends_at=at("2026-11-25 09:00"))
    with pytest.raises(IntegrityError, match="ends_after_start"):
        booking.move(appointment, to=backwards, by=actors.IMPORT, now=NOW)


@pytest.mark.parametrize("taken", ["2026-11-28 14:00", "2026-11-28 16:00"])
def test_expired_holds_give_way_wherever_they_are_among_many_times(melati: Clinic, taken: str) -> None:
    round_, other = melati.offered(), melati.offered(melati.booked("2026-11-27 16:00", customer=CustomerFactory()))
    booking.hold(round_, [(slot(melati, taken), NOW + minutes(1))], now=NOW)
    wanted = [slot(melati, start) for start in ("2026-11-28 14:00", "2026-11-28 16:00")]
    booking.hold(other, [(one, NOW + hours(5)) for one in wanted], now=NOW + hours(1))
    starts = other.holds.filter(resource=melati.provider).values_list("starts_at", flat=True)
    assert {at("2026-11-28 14:00"), at("2026-11-28 16:00")} <= set(starts)


@pytest.mark.parametrize(
    ("begins", "ends", "expires", "stays"),
    [
        ("10:00", "10:30", NOW, False),
        ("10:00", "10:30", NOW + minutes(1), True),
        ("09:30", "10:00", NOW, True),  # ends where the new time begins
        ("10:30", "11:00", NOW, True),  # begins where it ends
    ],
)
def test_a_move_clears_away_holds_that_have_expired_where_it_goes_and_no_others(
    begins: str, ends: str, expires: datetime, stays: bool
) -> None:
    world = clinic(rooms=2)
    mine, other = (
        world.booked("2026-11-24 10:00"),
        world.booked("2026-11-24 14:00", provider=world.colleague, room=None),
    )
    round_ = RescheduleRequestFactory(appointment=other)
    # Another room than the one that the move needs, so that a hold in force is in nobody's way.
    span = {"starts_at": at(f"2026-11-25 {begins}"), "ends_at": at(f"2026-11-25 {ends}")}
    where = world.provider if expires <= NOW else world.colleague
    hold = OccupancyFactory(appointment=other, resource=where, request=round_, expires_at=expires, **span)
    to = Slot(at("2026-11-25 10:00"), at("2026-11-25 10:30"), world.provider.pk, (world.provider.pk, world.room.pk))

    booking.move(mine, to=to, by=actors.SYSTEM, now=NOW)

    assert Occupancy.objects.filter(pk=hold.pk).exists() is stays


def test_history_says_what_a_cancelled_appointment_occupied_and_not_what_was_held(melati: Clinic) -> None:
    round_ = melati.offered()
    booking.cancel(round_.appointment, by=actors.IMPORT, now=NOW, round_=round_)
    before = round_.appointment.events.get(kind=EventKind.CANCELLED).before
    assert before
    assert before["resources"] == sorted((melati.provider.pk, melati.room.pk))
