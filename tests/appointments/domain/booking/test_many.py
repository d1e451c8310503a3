"""Many at once, or none of them."""

from typing import Any

import pytest

from appointments.domain import actors, booking
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, EventKind
from appointments.errors import MoveRefused, SlotTaken
from appointments.models import Appointment
from tests.appointments.domain.booking.world import book, occupied, slot
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def planned(melati: Clinic, start: str, **fields: Any) -> booking.PlannedAppointment:
    values: dict[str, Any] = {"state": AppointmentState.BOOKED, "booked_at": NOW - hours(1)} | fields
    return booking.PlannedAppointment(
        customer=melati.customer, service=melati.service, location=melati.location, slot=slot(melati, start), **values
    )


def test_many_are_booked_at_once_and_a_cancelled_one_occupies_nothing(melati: Clinic) -> None:
    here, gone = booking.book_many(
        [
            planned(melati, "2026-11-24 10:00", entry=booking.CalendarEntry("mine@example", sequence=4)),
            planned(melati, "2026-11-24 10:00", state=AppointmentState.CANCELLED, source="csv", external_id="7"),
        ],
        by=actors.IMPORT, now=NOW,
    )  # fmt: skip
    assert (here.uid, here.sequence, len(occupied(here)), occupied(gone)) == ("mine@example", 4, 2, [])
    assert [one.events.get().kind for one in (here, gone)] == [EventKind.BOOKED, EventKind.IMPORTED]
    assert here.events.get().at == NOW - hours(1)


def test_of_many_that_collide_none_is_booked(melati: Clinic) -> None:
    plans = [planned(melati, start) for start in ("2026-11-24 10:00", "2026-11-24 10:15")]
    with pytest.raises(SlotTaken):
        booking.book_many(plans, by=actors.IMPORT, now=NOW)
    assert not Appointment.objects.exists()


def to_move(appointment: Appointment, to: Slot, **options: Any) -> booking.PlannedMove:
    return booking.PlannedMove(appointment, to, appointment.service, appointment.location, **options)


def test_many_move_at_once_so_that_two_change_places(melati: Clinic) -> None:
    one, other = book(melati, "2026-11-24 10:00"), book(melati, "2026-11-24 11:00")
    there, here = slot(melati, "2026-11-24 11:00"), slot(melati, "2026-11-24 10:00")
    booking.move_many([to_move(one, there, sequence=7), to_move(other, here)], by=actors.IMPORT, now=NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.starts_at, other.starts_at) == (there.starts_at, here.starts_at)
    assert (one.sequence, other.sequence) == (7, 1)
    assert {row[1] for row in occupied(one)} == {there.starts_at}
    moved = one.events.get(kind=EventKind.MOVED)
    assert moved.before
    assert moved.after
    assert (moved.before["starts_at"], moved.after["starts_at"]) == (
        "2026-11-24T03:00:00+00:00",
        "2026-11-24T04:00:00+00:00",
    )
    assert moved.before["resources"] == moved.after["resources"] == sorted(there.resource_ids)


def test_of_many_that_move_none_does_when_one_finds_somebody_there(melati: Clinic) -> None:
    one, other, third = (book(melati, f"2026-11-24 {hour}:00") for hour in (10, 11, 12))
    with pytest.raises(SlotTaken):
        booking.move_many(
            [to_move(one, slot(melati, "2026-11-24 09:00")), to_move(other, slot(melati, "2026-11-24 12:15"))],
            by=actors.IMPORT, now=NOW,
        )  # fmt: skip
    assert [occupied(each)[0][1] for each in (one, other, third)] == [at(f"2026-11-24 {h}:00") for h in (10, 11, 12)]


def test_what_has_changed_meanwhile_or_is_on_offer_is_not_moved_with_many(melati: Clinic) -> None:
    one = book(melati, "2026-11-24 10:00")
    plan = to_move(one, slot(melati, "2026-11-24 11:00"))
    booking.move(one, to=slot(melati, "2026-11-24 12:00"), by=actors.staff(melati.staff), now=NOW)
    with pytest.raises(MoveRefused):
        booking.move_many([plan], by=actors.IMPORT, now=NOW)
    offered = melati.offered(melati.booked("2026-11-25 10:00")).appointment
    with pytest.raises(MoveRefused):
        booking.move_many([to_move(offered, slot(melati, "2026-11-26 11:00"))], by=actors.IMPORT, now=NOW)


def test_what_is_kept_free_around_each_is_said_with_it(melati: Clinic) -> None:
    one = book(melati, "2026-11-24 10:00")
    there = slot(melati, "2026-11-24 11:00")
    around = to_move(one, there, before=minutes(5), after=minutes(10))
    booking.move_many([around], by=actors.IMPORT, now=NOW, note="we run late")
    assert {row[1:3] for row in occupied(one)} == {(at("2026-11-24 10:55"), at("2026-11-24 11:40"))}
    assert one.events.get(kind=EventKind.MOVED).note == "we run late"


def test_a_round_that_goes_along_is_not_in_the_way(melati: Clinic) -> None:
    one = book(melati, "2026-11-24 10:00")
    round_ = melati.offered(one)
    move = to_move(one, slot(melati, "2026-11-24 11:00"))
    with pytest.raises(MoveRefused, match="on offer"):
        booking.move_many([move], by=actors.IMPORT, now=NOW)
    booking.move_many([move], by=actors.IMPORT, now=NOW, going_along=[round_])
    one.refresh_from_db()
    assert one.starts_at == at("2026-11-24 11:00")
