"""A key for one appointment and one purpose, for as long as it is needed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain import links
from appointments.enums import (
    LinkPurpose,
)
from appointments.models import Link
from tests.clock import NOW, at, hours
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def test_a_link_lives_thirty_days_after_the_appointment(melati: Clinic) -> None:
    far = melati.booked("2027-03-01 10:00")
    token = links.issue(far, purpose=LinkPurpose.ANSWER, now=NOW)
    assert links.read(token, purpose=LinkPurpose.ANSWER, now=at("2027-03-31 10:29")).appointment == far
    with pytest.raises(links.DeadLink):
        links.read(token, purpose=LinkPurpose.ANSWER, now=at("2027-03-31 10:30"))


def test_a_link_lives_sixty_days_at_least(melati: Clinic) -> None:
    token = links.issue(melati.booked(), purpose=LinkPurpose.ANSWER, now=NOW)
    assert links.read(token, purpose=LinkPurpose.ANSWER, now=at("2027-01-22 08:59"))
    with pytest.raises(links.DeadLink):
        links.read(token, purpose=LinkPurpose.ANSWER, now=at("2027-01-22 09:00"))


def test_a_link_opens_one_purpose_only(melati: Clinic) -> None:
    token = links.issue(melati.booked(), purpose=LinkPurpose.FEEDBACK, now=NOW)
    with pytest.raises(links.DeadLink):
        links.read(token, purpose=LinkPurpose.ANSWER, now=NOW)
    with pytest.raises(links.DeadLink):
        links.read(token + "x", purpose=LinkPurpose.FEEDBACK, now=NOW)
    assert links.read(token, purpose=LinkPurpose.FEEDBACK, now=NOW).purpose == LinkPurpose.FEEDBACK


def test_revoking_ends_every_link_of_this_appointment_and_no_other(melati: Clinic) -> None:
    mine, theirs = melati.booked(), melati.booked("2026-11-24 11:00", customer=CustomerFactory())
    tokens = [links.issue(mine, purpose=LinkPurpose.ANSWER, now=NOW) for __ in range(2)]
    other = links.issue(theirs, purpose=LinkPurpose.ANSWER, now=NOW)
    assert [links.revoke(mine, now=NOW), links.revoke(mine, now=NOW + hours(1))] == [2, 0]
    assert set(mine.links.values_list("revoked_at", flat=True)) == {NOW}
    for token in tokens:
        with pytest.raises(links.DeadLink):
            links.read(token, purpose=LinkPurpose.ANSWER, now=NOW)
    assert links.read(other, purpose=LinkPurpose.ANSWER, now=NOW).appointment == theirs


def test_a_key_has_256_bits_is_never_the_same_and_is_not_kept(melati: Clinic) -> None:
    tokens = {links.issue(melati.booked(f"2026-11-24 1{n}:00"), purpose=LinkPurpose.ANSWER, now=NOW) for n in range(3)}
    assert {len(token) for token in tokens} == {43}
    assert len(tokens) == 3
    kept = str(list(Link.objects.values()))
    assert not [token for token in tokens if token in kept]


def test_a_link_brings_all_that_its_page_shows_in_one_query(melati: Clinic) -> None:
    token = links.issue(melati.booked(), purpose=LinkPurpose.ANSWER, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        appointment = links.read(token, purpose=LinkPurpose.ANSWER, now=NOW).appointment
        assert (appointment.customer, appointment.service) == (melati.customer, melati.service)
        assert (appointment.location, appointment.provider) == (melati.location, melati.provider)
    assert len(queries) == 1


def test_what_is_no_key_at_all_is_a_dead_link_like_any_other(db: None) -> None:
    for nonsense in ("", "\ud800", "ü" * 5000):
        with pytest.raises(links.DeadLink):
            links.read(nonsense, purpose=LinkPurpose.ANSWER, now=NOW)
