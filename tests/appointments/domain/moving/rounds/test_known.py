"""What many rounds have in common is read once for all of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain import promises
from appointments.domain.moving import causes
from appointments.domain.moving.rounds.known import Known
from tests.clock import NOW, hours
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_whoever_asks_again_asks_nobody(melati: Clinic) -> None:
    known = Known()
    first = (known.business, known.call_by(melati.location, NOW), known.resources([melati.provider.pk]))
    with CaptureQueriesContext(connection) as queries:
        again = (known.business, known.call_by(melati.location, NOW), known.resources([melati.provider.pk]))
    assert (again, len(queries)) == (first, 0)


def test_each_hour_has_its_own_call_two_open_hours_later(melati: Clinic) -> None:
    known = Known()
    for moment in (NOW, NOW + hours(3), NOW + hours(7)):
        expected = promises.due_after(melati.location, hours=2, now=moment)
        assert known.call_by(melati.location, moment) == expected


def test_who_is_not_known_yet_is_read_and_the_others_stay(melati: Clinic) -> None:
    known = Known()
    known.resources([melati.provider.pk])
    with CaptureQueriesContext(connection) as queries:
        assert known.resources([melati.provider.pk, melati.room.pk]) == {
            melati.provider.pk: melati.provider,
            melati.room.pk: melati.room,
        }
    assert len(queries) == 1


def test_what_is_written_down_is_only_known_to_whoever_has_read_it(melati: Clinic) -> None:
    appointment = melati.booked()
    assert Known().outages_for(appointment) is None
    assert Known(causes.Written([appointment], NOW, NOW + hours(9))).outages_for(appointment) == []
