"""How things stand for the customer."""

import pytest

from appointments.domain import actors, promises
from appointments.domain.moving import answers
from appointments.domain.pages.customer_page import customer_situation, in_words
from appointments.enums import (
    PromiseKind,
)
from appointments.models import Promise
from tests.clock import NOW
from tests.factories import Clinic, StaffFactory

pytestmark = pytest.mark.django_db


def test_the_page_names_who_has_taken_over(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", now=NOW)
    successor = StaffFactory(first_name="Zoe", last_name="Wibowo")
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    promises.hand_over(owed, to=successor, by=actors.staff(melati.staff), now=NOW)
    situation = customer_situation(round_.appointment, now=NOW)
    assert in_words(situation, language="en", now=NOW)["contact"] == "Zoe Wibowo"
