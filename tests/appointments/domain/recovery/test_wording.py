"""What is known of a situation when a text is written for it."""

from typing import Any

import pytest

from appointments.domain.recovery import wording
from appointments.domain.recovery.honesty import TextKind
from appointments.models import Answer, Appointment, Business
from tests.clock import NOW
from tests.factories import Clinic, ReasonFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


@pytest.fixture
def booked(melati: Clinic) -> Appointment:
    return melati.booked()


def test_a_line_to_one_knows_whom_it_is_for_and_who_works_there(melati: Clinic, booked: Appointment) -> None:
    facts = wording.about(booked, reason=melati.reason)

    assert (facts.language, facts.customer, facts.text) == (booked.customer.reads, booked.customer.name, TextKind.LINE)
    assert (facts.family, facts.fault, facts.private) == (
        melati.reason.family, melati.reason.fault, melati.reason.is_private,
    )  # fmt: skip
    assert {melati.provider.name, melati.colleague.name} <= set(facts.colleagues)
    assert {Business.current().name, melati.location.name, booked.service.name_in("id")} <= set(facts.names)


def test_a_line_to_many_is_in_their_language_where_they_have_one_in_common(melati: Clinic) -> None:
    assert wording.about_many(melati.location, [], reads=["id", "id"]).language == "id"
    assert wording.about_many(melati.location, [], reads=["id", "en"]).language == ""


def test_it_takes_four_queries(melati: Clinic, booked: Appointment, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        wording.about(booked, reason=melati.reason)


def test_a_wording_may_hold_what_is_filled_in_and_tell_its_own_cause(melati: Clinic) -> None:
    absence = ReasonFactory(family="absence", fault="ours", is_private=True)
    facts = wording.wording_of(absence, "en")

    assert wording.check("{provider} is not available", facts=facts) == []
    assert [one.about for one in wording.check("our machine is broken", facts=facts)] == ["equipment"]
    assert wording.check("{doctor} is not available", facts=facts) != []


def test_a_note_of_the_house_is_read_for_health_only() -> None:
    assert wording.check("Tomorrow FREE!!", facts=wording.NOTE) == []
    assert wording.check("Maya lagi sakit", facts=wording.NOTE) != []


@pytest.mark.parametrize(("kind", "asked"), [("other_times", True), ("call_me", True), ("tell", True), ("keep", False)])
def test_what_the_customer_asked_for_since_may_be_called_so(melati: Clinic, kind: str, asked: bool) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    Answer.objects.create(request=round_, kind=kind, at=NOW)
    said = wording.check("As you asked, another day.", facts=wording.about(appointment, reason=melati.reason))

    assert ([one.about for one in said] == []) is asked
