"""How a message gets into the outbox: what it says of itself besides its words."""

from datetime import timedelta

import pytest

from appointments.domain.messages import sending
from appointments.domain.messages.context import about_appointment, time_of
from appointments.enums import LinkPurpose
from appointments.models import Appointment, Link
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def send(appointment: Appointment, key: str = "one") -> Message:
    context = {**about_appointment(appointment), "time": time_of(appointment), "withdrawn": False, "had_times": True}
    return sending.send(key, "kept", appointment, context, true_if={}, now=NOW)


def test_it_names_its_appointment_and_has_a_link_of_its_own(melati: Clinic) -> None:
    appointment = melati.booked()
    first, second = send(appointment), send(appointment, "two")
    assert (first.about, first.true_if) == (appointment.about, {"appointment": appointment.pk})
    assert first.reply_to == melati.business.email
    assert set(Link.objects.values_list("purpose", flat=True)) == {LinkPurpose.ANSWER}
    assert first.secrets["link"] != second.secrets["link"]


def test_the_same_key_is_the_same_message(melati: Clinic) -> None:
    appointment = melati.booked()
    assert send(appointment) == send(appointment)


@pytest.mark.parametrize(("ahead", "urgency"), [(hours(36) - minutes(1), "now"), (hours(36), "soon")])
def test_only_with_a_moment_of_its_own_it_is_more_urgent_than_its_kind(
    melati: Clinic, ahead: timedelta, urgency: str
) -> None:
    round_ = melati.told(melati.booked(NOW + ahead))
    assert Message.objects.get(key=f"no_time:request:{round_.pk}").urgency == urgency
    assert send(round_.appointment).urgency == "now"
