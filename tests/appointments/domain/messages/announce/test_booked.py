"""What the desk has booked is confirmed once, in one message, and only as long as it is so."""

from datetime import timedelta

import pytest

from appointments.domain import actors, booking
from appointments.domain.diary import new
from appointments.domain.diary.repeating import repeat
from appointments.domain.messages import announce, kinds
from appointments.domain.moving.cancelling import call_off
from appointments.enums import AppointmentState
from appointments.models import Appointment
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic, letters_have_left

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


@pytest.fixture
def series(melati: Clinic) -> list[Appointment]:
    """Three times more, a week apart, from one form."""
    first = melati.booked("2026-11-24 10:00")
    starts = [first.starts_at + WEEK * number for number in (1, 2, 3)]
    return repeat(first, starts, tells=True, form="form", by=melati.staff, now=NOW).booked


def waiting() -> list[Message]:
    return list(Message.objects.filter(state=MessageState.QUEUED).order_by("pk"))


def test_several_times_are_one_message_with_a_file_and_a_link_for_each(series: list[Appointment]) -> None:
    [message] = waiting()
    assert message.kind == "booked"
    assert [file.filename for file in message.files] == ["invite.ics", "invite-2.ics", "invite-3.ics"]
    assert [one.uid in file.content for one, file in zip(series, message.files, strict=True)] == [True] * 3
    assert [one.links.count() for one in series] == [1, 1, 1]
    assert set(message.secrets) == {"link", *(f"link_to_{one.pk}" for one in series[1:])}
    assert all(text in message.text for text in ("1 December", "8 December", "15 December"))


def test_it_is_stale_as_soon_as_one_of_its_times_has_changed(melati: Clinic, series: list[Appointment]) -> None:
    [message] = waiting()
    assert kinds.why_stale("booked", message.true_if, now=NOW) is None
    booking.cancel(series[1], by=actors.staff(melati.staff), now=NOW)
    assert kinds.why_stale("booked", message.true_if, now=NOW) is not None


def test_the_others_are_confirmed_anew_when_one_is_cancelled_before_it_left(
    melati: Clinic, series: list[Appointment]
) -> None:
    call_off(series[0], because=None, note="asked for it", by=actors.staff(melati.staff), now=NOW)

    assert [message.kind for message in waiting()] == ["booked", "cancellation"]
    [anew, _cancellation] = waiting()
    assert anew.true_if["times"] == [[one.pk, 0] for one in series[1:]]
    assert "1 December" not in anew.text
    assert "8 December" in anew.text


def test_a_second_one_that_goes_leaves_the_last_one_confirmed(melati: Clinic, series: list[Appointment]) -> None:
    for one in series[:2]:
        call_off(one, because=None, note="asked for it", by=actors.staff(melati.staff), now=NOW)
    [last] = [message for message in waiting() if message.kind == "booked"]
    assert last.true_if["times"] == [[series[2].pk, 0]]


def test_what_has_left_is_not_told_again(melati: Clinic, series: list[Appointment]) -> None:
    letters_have_left()
    call_off(series[0], because=None, note="asked for it", by=actors.staff(melati.staff), now=NOW)
    assert [message.kind for message in waiting()] == ["cancellation"]


def test_undo_takes_the_whole_form_back(melati: Clinic, series: list[Appointment]) -> None:
    assert new.take_back(series[1], by=melati.staff, now=NOW) == series
    assert waiting() == []
    assert {one.state for one in Appointment.objects.of_form("form")} == {AppointmentState.CANCELLED}


def test_without_a_message_there_is_nothing_that_has_left(melati: Clinic) -> None:
    booked = new.book(melati.wanted(tells=False), form="f", by=melati.staff, now=NOW)
    assert announce.take_back_booked(booked, now=NOW)
