"""What has become of an appointment, and what follows its new time."""

import pytest

from appointments.domain.messages import announce, context
from appointments.domain.moving import answers
from appointments.enums import AppointmentState, LinkPurpose
from appointments.models import Appointment, Link
from notifications.models import Message
from tests.clock import NOW, at
from tests.factories import Clinic, ReasonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("fault", "by_us"), [("ours", True), ("customer", False), ("nobody", False)])
def test_a_confirmation_apologises_for_what_was_ours(melati: Clinic, fault: str, by_us: bool) -> None:
    round_ = melati.offered(reason=ReasonFactory(fault=fault))
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    message = Message.objects.get(kind="confirmation")
    assert (message.context["by_us"], message.urgency) == (by_us, "now")
    appointment = Appointment.objects.get()
    assert message.not_after == appointment.starts_at


def test_a_reminder_is_no_use_within_the_last_half_hour(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    message = announce.remind(appointment, was=None, now=NOW)
    assert message.not_after == at("2026-11-24 09:30")
    assert (message.context["moved"], message.context["was"], message.urgency) == (False, None, "normal")


def test_a_reminder_of_a_new_time_names_the_old_one(melati: Clinic) -> None:
    round_ = melati.offered()
    message = announce.remind(round_.appointment, was=context.was_of(round_), now=NOW)
    assert message.context["moved"] is True


def test_questions_may_be_asked_for_four_days(melati: Clinic) -> None:
    message = announce.follow_up(melati.booked(), now=NOW)
    assert message.not_after == at("2026-11-27 09:00")
    assert [one["key"] for one in message.context["questions"]] == ["handling", "outcome"]
    assert set(message.secrets) == {"link", "feedback"}
    purposes = Link.objects.order_by("purpose").values_list("purpose", flat=True)
    assert list(purposes) == [LinkPurpose.ANSWER, LinkPurpose.FEEDBACK]


def test_a_cancelled_appointment_takes_its_entry_along(melati: Clinic) -> None:
    answers.cancel(melati.offered(), nonce="c", now=NOW)
    message = Message.objects.get(kind="cancellation")
    (entry,) = message.attachments
    assert "METHOD:CANCEL" in entry["content"]
    assert message.true_if["state"] == AppointmentState.CANCELLED
