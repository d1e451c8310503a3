"""What a thing is called at the head of its page: its hours by the clock of its place, in the reader's language."""

import pytest
from django.utils import translation

from appointments.domain.moving import answers
from appointments.models import Appointment, Disruption, Promise
from tests.clock import NOW
from tests.factories import clinic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "when", "proposal"),
    [("en", "Tue 24 Nov, 10:00 WIB", "proposal 1"), ("id", "Sel 24 Nov, 10.00 WIB", "usulan ke-1")],
)
def test_every_title_says_its_hour_as_its_reader_does(language: str, when: str, proposal: str) -> None:
    round_ = clinic().offered()
    appointment, offer = Appointment.objects.get(), round_.offers.get(position=1)
    answers.call_me(round_, words="", nonce="n", now=NOW)
    promise = Promise.objects.open().filter(kind="call").get()
    with translation.override(language):
        assert str(appointment).endswith(when)
        assert str(round_).endswith(f"{when} · {proposal}")
        for titled in (offer, promise, Disruption.objects.get(), appointment.events.first()):
            assert "WIB" in str(titled)
            assert "2026-" not in str(titled)
