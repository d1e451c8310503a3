"""One appointment keeps who it is, whatever becomes of it."""

import pytest

from appointments.domain import actors, booking
from appointments.domain.moving import answers
from appointments.domain.moving.drafts import ChosenOffer
from appointments.enums import AppointmentState, EventKind, Why
from appointments.errors import MoveRefused, SlotTaken
from appointments.models import Appointment
from tests.appointments.domain.booking.world import book, occupied, slot
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_cancelling_past_the_rules_is_refused_while_times_are_on_offer(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    with pytest.raises(MoveRefused):
        booking.cancel(round_.appointment, by=actors.IMPORT, now=NOW)


def test_history_tells_a_booking_from_an_import(melati: Clinic) -> None:
    here, there = book(melati, "2026-11-24 10:00"), book(melati, "2026-11-24 11:00", source="csv", external_id="7")
    assert [one.events.get().kind for one in (here, there)] == [EventKind.BOOKED, EventKind.IMPORTED]
    after = here.events.get().after
    assert after
    assert after["resources"] == sorted((melati.provider.pk, melati.room.pk))


def test_a_move_keeps_who_it_is_and_leaves_the_old_time_free(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    moved = booking.move(appointment, to=slot(melati, "2026-11-25 10:00"), by=actors.IMPORT, now=NOW)
    assert (moved.pk, moved.uid, moved.sequence) == (appointment.pk, appointment.uid, 1)
    assert {row[1] for row in occupied(moved)} == {at("2026-11-25 10:00")}
    assert book(melati, "2026-11-24 10:00")


@pytest.mark.parametrize(
    ("now", "state"),
    [("2026-11-24 10:29", AppointmentState.BOOKED), ("2026-11-24 10:30", AppointmentState.COMPLETED)],
)
def test_who_came_after_all_is_there_again(melati: Clinic, now: str, state: AppointmentState) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    booking.mark_missed(appointment, by=actors.SYSTEM, now=at("2026-11-24 10:10"))

    assert booking.came_after_all(appointment, by=actors.SYSTEM, now=at(now)).state == state

    kinds = [one.kind for one in appointment.events.order_by("pk")]
    assert kinds == [EventKind.MISSED, EventKind.CAME]
    with pytest.raises(MoveRefused):
        booking.came_after_all(appointment, by=actors.SYSTEM, now=at(now))


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED, AppointmentState.COMPLETED, AppointmentState.MISSED])
def test_what_is_over_is_neither_moved_nor_cancelled(melati: Clinic, state: AppointmentState) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    Appointment.objects.update(state=state)
    with pytest.raises(MoveRefused, match="over"):
        booking.move(appointment, to=slot(melati, "2026-11-25 10:00"), by=actors.IMPORT, now=NOW)
    with pytest.raises(MoveRefused, match="over"):
        booking.cancel(appointment, by=actors.IMPORT, now=NOW)


def test_while_times_are_on_offer_only_their_round_moves_or_cancels(melati: Clinic) -> None:
    round_ = melati.offered()
    target = slot(melati, "2026-11-28 16:00")
    with pytest.raises(MoveRefused, match="on offer"):
        booking.move(round_.appointment, to=target, by=actors.IMPORT, now=NOW)
    moved = booking.move(round_.appointment, to=target, by=actors.IMPORT, now=NOW, round_=round_)
    assert moved.starts_at == target.starts_at
    other = melati.offered(melati.booked("2026-11-27 16:00", customer=CustomerFactory()))
    assert booking.cancel(other.appointment, by=actors.IMPORT, now=NOW, round_=other).sequence == 1


def test_a_cancelled_time_is_free_for_others(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    gone = booking.cancel(appointment, by=actors.staff(melati.staff), now=NOW, note="flood")
    assert (gone.state, gone.sequence, occupied(gone)) == (AppointmentState.CANCELLED, 1, [])
    assert gone.events.get(kind=EventKind.CANCELLED).note == "flood"
    assert book(melati, "2026-11-24 10:00")


@pytest.mark.parametrize(("now", "possible"), [("2026-11-24 09:59", False), ("2026-11-24 10:00", True)])
def test_only_what_has_begun_can_be_missed(melati: Clinic, now: str, possible: bool) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    if not possible:
        with pytest.raises(MoveRefused, match="has begun"):
            booking.mark_missed(appointment, by=actors.SYSTEM, now=at(now))
        return
    assert booking.mark_missed(appointment, by=actors.SYSTEM, now=at(now)).state == AppointmentState.MISSED
    assert appointment.events.filter(kind=EventKind.MISSED).count() == 1


@pytest.mark.parametrize(
    ("state", "possible"),
    [(AppointmentState.COMPLETED, True), (AppointmentState.CANCELLED, False), (AppointmentState.MISSED, False)],
)
def test_what_took_place_can_turn_out_to_be_missed(melati: Clinic, state: AppointmentState, possible: bool) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    Appointment.objects.update(state=state)
    if possible:
        assert booking.mark_missed(appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00"))
        return
    with pytest.raises(MoveRefused):
        booking.mark_missed(appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00"))


def test_whom_we_are_moving_cannot_have_missed_it(melati: Clinic) -> None:
    round_ = melati.offered()
    with pytest.raises(MoveRefused, match="were moving"):
        booking.mark_missed(round_.appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00"))


def test_it_took_place_once_it_has_ended_and_once_only(melati: Clinic) -> None:
    appointment = book(melati, "2026-11-24 10:00")
    ends = [booking.complete(appointment, by=actors.SYSTEM, now=at(f"2026-11-24 10:{m}")) for m in (29, 30, 31)]
    assert ends == [False, True, False]
    assert appointment.events.filter(kind=EventKind.COMPLETED).count() == 1
    moving = melati.offered(melati.booked("2026-11-24 12:00", customer=CustomerFactory()))
    assert booking.complete(moving.appointment, by=actors.SYSTEM, now=at("2026-11-25 10:00")) is False


def test_history_says_what_was_occupied_before_and_not_what_was_held(melati: Clinic) -> None:
    round_ = melati.offered()
    other_room = melati.service.requirements.get(kind="room").candidates.exclude(pk=melati.room.pk).get()
    target = slot(melati, "2026-11-28 16:00", room=other_room)
    booking.move(round_.appointment, to=target, by=actors.IMPORT, now=NOW, round_=round_)
    event = round_.appointment.events.get(kind=EventKind.MOVED)
    assert event.before
    assert event.after
    assert event.before["resources"] == sorted((melati.provider.pk, melati.room.pk))
    assert event.after["resources"] == sorted((melati.provider.pk, other_room.pk))


def test_who_takes_over_is_who_the_new_time_is_with(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-28 10:00"))
    colleague = ChosenOffer(
        slot(melati, "2026-11-27 10:00", provider=melati.colleague), Why.SAME_TIME_OTHER_PERSON, guaranteed=True
    )
    round_ = melati.offered(
        round_.appointment,
        offers=(colleague, ChosenOffer(slot(melati, "2026-11-27 11:00"), Why.SOONEST, guaranteed=True)),
        now=NOW + minutes(1),
    )
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + minutes(2))
    assert Appointment.objects.get().provider == melati.colleague


def test_a_cancelled_appointment_takes_place_after_all_where_it_is_free(melati: Clinic) -> None:
    one = booking.cancel(book(melati, "2026-11-24 10:00"), by=actors.IMPORT, now=NOW)
    back = booking.reinstate(one, to=slot(melati, "2026-11-24 11:00"), by=actors.IMPORT, now=NOW, sequence=1)
    assert (back.state, back.sequence, back.uid) == (AppointmentState.BOOKED, 2, one.uid)
    assert {row[1] for row in occupied(back)} == {at("2026-11-24 11:00")}
    assert back.events.filter(kind=EventKind.REINSTATED).count() == 1
    with pytest.raises(MoveRefused):
        booking.reinstate(back, to=slot(melati, "2026-11-24 12:00"), by=actors.IMPORT, now=NOW)
    gone = booking.cancel(book(melati, "2026-11-24 13:00"), by=actors.IMPORT, now=NOW)
    book(melati, "2026-11-24 13:15")
    with pytest.raises(SlotTaken):
        booking.reinstate(gone, to=slot(melati, "2026-11-24 13:00"), by=actors.IMPORT, now=NOW)
    gone.refresh_from_db()
    assert gone.state == AppointmentState.CANCELLED
