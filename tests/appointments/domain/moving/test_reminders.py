"""What comes round with the clock: reminded in time, asked in time, each once."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain import actors, affected, booking
from appointments.domain.diary import new
from appointments.domain.history import record
from appointments.domain.moving import answers, drafts, reminders
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.moving.own_choice.allowed import allowed
from appointments.domain.schedule.slots import Slot
from appointments.enums import AppointmentState, EventKind, Why
from appointments.models import Appointment, Business
from notifications.models import Message
from tests.appointments.domain.disruptions.world import entered
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def choose_wednesday(melati: Clinic, *, now: datetime) -> Appointment:
    """Somebody chooses another time: it takes place on Wednesday the 25th at 10:00."""
    slot = Slot(
        at("2026-11-25 10:00"), at("2026-11-25 10:30"), melati.provider.pk, (melati.provider.pk, melati.room.pk)
    )
    later = slot._replace(starts_at=at("2026-11-26 10:00"), ends_at=at("2026-11-26 10:30"))
    chosen = tuple(ChosenOffer(one, Why.STAFF_CHOICE, guaranteed=True) for one in (slot, later))
    round_ = melati.offered(melati.booked("2026-11-27 10:00") if now > NOW else None, offers=chosen, now=now)
    answers.accept(round_.offers.get(position=1), nonce="tap", now=now)
    return Appointment.objects.get(pk=round_.appointment_id)


@pytest.fixture
def moved(melati: Clinic) -> Appointment:
    return choose_wednesday(melati, now=NOW)


def test_the_reminder_comes_a_day_before_and_not_within_the_last_hour(moved: Appointment) -> None:
    moments = {"2026-11-24 09:59": 0, "2026-11-24 10:00": 1, "2026-11-25 08:59": 1, "2026-11-25 09:00": 0}
    for moment, reminded in moments.items():
        Appointment.objects.update(reminded_for=None)
        assert (moment, reminders.remind_all(now=at(moment))) == (moment, reminded)


@pytest.mark.parametrize(
    ("taken", "not_yet", "then"),
    [
        ("2026-11-24 11:00", "2026-11-24 16:59", "2026-11-24 17:00"),
        ("2026-11-25 02:00", "2026-11-25 07:59", "2026-11-25 08:00"),
    ],
)
def test_nobody_is_reminded_within_six_hours_of_the_confirmation(
    melati: Clinic, taken: str, not_yet: str, then: str
) -> None:
    choose_wednesday(melati, now=at(taken))
    assert [reminders.remind_all(now=at(moment)) for moment in (not_yet, then)] == [0, 1]


def test_what_else_happens_to_it_delays_no_reminder(moved: Appointment) -> None:
    now = moved.starts_at - hours(20)
    record(moved, EventKind.CALLED, by=actors.SYSTEM, now=now - minutes(5))
    assert reminders.remind_all(now=now) == 1


def test_where_six_hours_later_is_too_late_the_confirmation_is_enough(melati: Clinic) -> None:
    choose_wednesday(melati, now=at("2026-11-25 04:00"))
    assert [reminders.remind_all(now=at(f"2026-11-25 {clock}")) for clock in ("08:59", "09:59", "10:00")] == [0, 0, 0]


def will_remind(moved: Appointment, *, now: datetime) -> bool:
    told_at = allowed(moved, now=now).moved_at
    return reminders.will_remind(moved, told_at=told_at, business=Business.current(), now=now)


@pytest.mark.parametrize(("taken", "is_reminded"), [("2026-11-25 02:00", True), ("2026-11-25 04:00", False)])
def test_where_the_confirmation_is_enough_no_reminder_is_announced(
    melati: Clinic, taken: str, is_reminded: bool
) -> None:
    assert will_remind(choose_wednesday(melati, now=at(taken)), now=at(taken)) is is_reminded


def test_a_reminder_is_announced_only_while_it_will_come(melati: Clinic, moved: Appointment) -> None:
    said = {clock: will_remind(moved, now=at(clock)) for clock in ("2026-11-23 09:00", "2026-11-25 08:59")}
    assert set(said.values()) == {True}
    assert will_remind(moved, now=at("2026-11-25 09:00")) is False
    reminders.remind_all(now=at("2026-11-24 10:00"))
    moved.refresh_from_db()
    assert will_remind(moved, now=at("2026-11-24 10:00")) is False


def test_a_reminder_is_sent_once_and_says_from_when_it_moved(moved: Appointment) -> None:
    assert [reminders.remind_all(now=at(f"2026-11-24 {hour}:00")) for hour in (11, 12)] == [1, 0]
    message = Message.objects.get(kind="reminder")
    assert message.context["moved"] is True
    assert datetime.fromisoformat(str(message.context["was"]["starts_at"])) == at("2026-11-24 10:00")


def test_whoever_reads_a_list_that_is_old_reminds_nobody_twice(moved: Appointment) -> None:
    read = Appointment.objects.get()
    assert reminders.remind(read, now=at("2026-11-24 11:00")) is True
    assert reminders.remind(read, now=at("2026-11-24 11:00")) is False
    read.sequence = 0
    assert reminders.remind(read, now=at("2026-11-24 11:00")) is False


def test_a_new_time_gets_a_reminder_of_its_own(moved: Appointment) -> None:
    reminders.remind_all(now=at("2026-11-24 11:00"))
    Appointment.objects.update(sequence=2)
    assert reminders.remind_all(now=at("2026-11-24 12:00")) == 1


def test_only_what_was_moved_and_stands_is_reminded_of(melati: Clinic, moved: Appointment) -> None:
    melati.booked("2026-11-25 13:00", customer=CustomerFactory())
    kept = melati.offered(melati.booked("2026-11-25 14:00", customer=CustomerFactory()), can_keep=True)
    answers.keep(kept, nonce="keep", now=NOW)
    assert reminders.remind_all(now=at("2026-11-24 15:00")) == 1
    Appointment.objects.update(reminded_for=None)
    melati.offered(moved, now=at("2026-11-24 15:00"))
    assert reminders.remind_all(now=at("2026-11-24 15:01")) == 0


def test_what_the_desk_has_booked_is_reminded_of_and_what_another_program_has_is_not(melati: Clinic) -> None:
    melati.booked("2026-11-25 09:00")
    ours = new.book(melati.wanted("2026-11-25 10:00"), form="form", by=melati.staff, now=NOW)

    assert reminders.will_remind(ours, told_at=NOW, business=Business.current(), now=NOW)
    assert [reminders.remind_all(now=at(f"2026-11-24 {hour}")) for hour in ("09:59", "10:00", "10:01")] == [0, 1, 0]
    assert Message.objects.get(kind="reminder").about == ours.about


def test_nobody_is_reminded_within_six_hours_of_the_booking(melati: Clinic) -> None:
    new.book(melati.wanted("2026-11-23 17:00", insists=True), form="form", by=melati.staff, now=NOW)
    assert [reminders.remind_all(now=at(f"2026-11-23 {hour}")) for hour in ("14:59", "15:00")] == [0, 1]


def test_what_was_cancelled_is_not_reminded_of(melati: Clinic, moved: Appointment) -> None:
    booking.cancel(moved, by=actors.staff(melati.staff), now=NOW)
    assert reminders.remind_all(now=at("2026-11-24 15:00")) == 0


def test_two_questions_come_two_hours_after_the_end_and_not_after_three_days(moved: Appointment) -> None:
    Appointment.objects.update(state=AppointmentState.COMPLETED)
    moments = {"2026-11-25 12:29": 0, "2026-11-25 12:30": 1, "2026-11-28 10:29": 1, "2026-11-28 10:30": 0}
    for moment, asked in moments.items():
        Message.objects.filter(kind="follow_up").delete()
        Appointment.objects.update(followed_up_at=None)
        assert (moment, reminders.ask_all(now=at(moment))) == (moment, asked)


def test_the_questions_are_asked_once(moved: Appointment) -> None:
    Appointment.objects.update(state=AppointmentState.COMPLETED)
    now = at("2026-11-25 13:00")
    read = Appointment.objects.get()
    assert [reminders.ask_all(now=now), reminders.ask_all(now=now), reminders.ask(read, now=now)] == [1, 0, False]
    assert Appointment.objects.get().followed_up_at == now


def test_nobody_is_asked_who_does_not_want_it_or_was_not_there(moved: Appointment) -> None:
    now = at("2026-11-25 13:00")
    assert reminders.ask_all(now=now) == 0
    Appointment.objects.update(state=AppointmentState.MISSED)
    assert reminders.ask_all(now=now) == 0
    Appointment.objects.update(state=AppointmentState.COMPLETED)
    moved.customer.wants_follow_up = False
    moved.customer.save()
    assert reminders.ask_all(now=now) == 0


def test_an_appointment_that_never_moved_has_no_questions(melati: Clinic) -> None:
    melati.booked("2026-11-25 10:00", state=AppointmentState.COMPLETED)
    kept = melati.offered(melati.booked("2026-11-25 11:00", customer=CustomerFactory()), can_keep=True)
    answers.keep(kept, nonce="keep", now=NOW)
    Appointment.objects.update(state=AppointmentState.COMPLETED)
    assert reminders.ask_all(now=at("2026-11-25 14:00")) == 0


def test_an_appointment_is_over_when_it_has_ended(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    assert reminders.complete_past(now=at("2026-11-24 10:29")) == 0
    assert reminders.complete_past(now=at("2026-11-24 10:30")) == 1
    assert Appointment.objects.get().state == AppointmentState.COMPLETED
    assert reminders.complete_past(now=at("2026-11-24 10:31")) == 0


def test_what_is_still_being_moved_or_was_cancelled_is_not_closed(melati: Clinic) -> None:
    melati.offered(melati.booked("2026-11-24 10:00"))
    melati.booked("2026-11-24 12:00", state=AppointmentState.CANCELLED)
    assert reminders.complete_past(now=at("2026-11-24 18:00")) == 0


def test_where_nothing_has_ended_one_look_is_enough(melati: Clinic, django_assert_num_queries: Any) -> None:
    melati.booked("2026-11-24 10:00", state=AppointmentState.COMPLETED)
    melati.booked("2026-11-24 12:00")
    with django_assert_num_queries(1):
        assert reminders.complete_past(now=at("2026-11-24 11:00")) == 0


def test_what_could_not_take_place_is_not_closed_by_itself_as_long_as_nobody_has_moved_it(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    entered(melati)
    long_after = at("2026-11-25 10:00")

    assert reminders.complete_past(now=long_after) == 0
    assert booking.complete(appointment, by=actors.SYSTEM, now=long_after) is False
    assert affected.counts() == {"to_move": 1, "untold": 1}
    assert drafts.can_be_moved(appointment, now=long_after)

    affected.keep(appointment, by=actors.staff(melati.staff), now=long_after)
    assert not drafts.can_be_moved(appointment, now=long_after)
    assert reminders.complete_past(now=long_after) == 1
