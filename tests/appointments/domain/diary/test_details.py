"""A note and a length are corrected in the house: the customer hears nothing, and nothing that waits becomes stale."""

from datetime import timedelta

import pytest

from appointments.domain.diary import new
from appointments.domain.diary.details import correct, state_of
from appointments.domain.messages import kinds
from appointments.enums import AppointmentState, EventKind
from appointments.errors import DomainError, MoveRefused, SlotTaken
from appointments.models import Appointment
from notifications.models import Message
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def change(melati: Clinic, booked: Appointment, *, note: str = "", length: int = 30, seen: str = "") -> bool:
    seen = seen or state_of(booked)
    return correct(booked, note=note, length=timedelta(minutes=length), seen=seen, by=melati.staff, now=NOW)


def test_a_longer_appointment_takes_all_that_it_has_for_longer(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    assert change(melati, booked, length=45)
    booked.refresh_from_db()
    assert (booked.starts_at, booked.duration, booked.sequence) == (at("2026-11-24 10:00"), minutes(45), 0)
    assert {(one.resource, one.ends_at) for one in booked.occupancies.all()} == {
        (melati.provider, at("2026-11-24 10:45")), (melati.room, at("2026-11-24 10:45")),
    }  # fmt: skip
    event = booked.events.get()
    assert (event.kind, event.note, event.actor) == (EventKind.CORRECTED, "30 → 45 min", melati.staff)


def test_its_buffers_go_along(melati: Clinic) -> None:
    melati.service.buffer_after = 10
    melati.service.save()
    booked = new.book(melati.wanted(), form="f", by=melati.staff, now=NOW)
    change(melati, booked, length=20)
    assert {one.ends_at for one in booked.occupancies.all()} == {at("2026-11-24 10:30")}


def test_who_comes_next_is_named_and_nothing_changes(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    melati.booked("2026-11-24 10:30", customer=CustomerFactory(name="Dewi Anggraini"))
    with pytest.raises(SlotTaken) as taken:
        change(melati, booked, length=31, note="new")
    assert {str(one.appointment.customer) for one in taken.value.in_the_way} == {"Dewi Anggraini"}
    booked.refresh_from_db()
    assert (booked.duration, booked.note, booked.occupancies.count()) == (minutes(30), "", 2)


def test_what_waits_to_leave_stays_true(melati: Clinic) -> None:
    booked = new.book(melati.wanted(), form="f", by=melati.staff, now=NOW)
    change(melati, booked, length=45, note="Left knee")
    message = Message.objects.get()
    assert kinds.why_stale("booked", message.true_if, now=NOW) is None


def test_a_note_is_kept_and_the_history_says_that_there_is_one(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    assert change(melati, booked, note="Left knee")
    booked.refresh_from_db()
    assert booked.note == "Left knee"
    assert [one.note for one in booked.events.all()] == ["note for staff"]
    assert not change(melati, booked, note="Left knee")


def test_whoever_was_faster_is_not_overwritten(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")
    seen = state_of(booked)
    change(melati, booked, note="Left knee")
    with pytest.raises(DomainError, match="look again"):
        change(melati, booked, note="Right knee", seen=seen)


def test_what_is_over_or_being_moved_keeps_its_length(melati: Clinic) -> None:
    over = melati.booked("2026-11-24 12:00", state=AppointmentState.CANCELLED)
    moving = melati.booked("2026-11-24 14:00")
    melati.offered(moving)
    for booked in (over, moving):
        with pytest.raises(MoveRefused):
            change(melati, booked, length=45)
