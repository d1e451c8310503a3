"""So much is booked that whoever has to be moved finds no time."""

from typing import Any

import pytest

from appointments.domain.reports.warnings import Full
from appointments.domain.reports.warnings.crowding import AHEAD, FULL, full
from appointments.domain.reports.warnings.people import who_can
from appointments.models import Absence, Service
from tests.clock import NOW, days, hours, minutes
from tests.factories import Clinic, ProviderFactory
from tests.factories.clinic import open_weekly, service_at

pytestmark = pytest.mark.django_db
DAY = 600
"""Minutes in which somebody is there."""


@pytest.fixture
def service(melati: Clinic) -> Service:
    """Done by one person who is there for ten hours in the next 14 days, on one of them."""
    one = ProviderFactory(location=melati.location, name="Bu Ani")
    open_weekly(one, weekdays=[NOW.weekday()], opens_at=(NOW - hours(1)).time(), closes_at=(NOW + hours(8)).time())
    Absence.objects.create(resource=one, starts_at=NOW + hours(9), ends_at=NOW + AHEAD)
    return service_at(melati.location, providers=[one])


def book(melati: Clinic, service: Service, length: Any, start: Any = NOW) -> None:
    provider = service.requirements.get().candidates.get()
    melati.booked(start, service=service, provider=provider, room=None, ends_at=start + length)


def found(service: Service) -> list[Full]:
    return [one for one in full(who_can(), now=NOW) if service in one.services]


def test_from_nine_tenths_on_it_is_said(melati: Clinic, service: Service) -> None:
    there = hours(8)
    book(melati, service, there * FULL - minutes(1))
    assert found(service) == []
    book(melati, service, minutes(1), NOW + there * FULL - minutes(1))
    assert found(service) == [Full(melati.location, (service,), FULL)]


def test_what_is_booked_outside_the_hours_takes_none_of_them(melati: Clinic, service: Service) -> None:
    book(melati, service, hours(8), NOW + hours(9))
    assert found(service) == []


def test_what_lies_further_ahead_is_no_worry_yet(melati: Clinic, service: Service) -> None:
    book(melati, service, hours(9), NOW + AHEAD - minutes(1))
    assert found(service) == []


def test_services_of_the_same_people_are_said_together(melati: Clinic, service: Service) -> None:
    provider = service.requirements.get().candidates.get()
    second = service_at(melati.location, providers=[provider])
    service_at(melati.location, providers=[provider], is_active=False)
    book(melati, service, hours(8))
    assert [one.services for one in found(service)] == [(service, second)]


def test_whoever_is_never_there_is_not_full(melati: Clinic) -> None:
    one = ProviderFactory(location=melati.location)
    Absence.objects.create(resource=one, starts_at=NOW - days(1), ends_at=NOW + AHEAD + days(1))
    assert found(service_at(melati.location, providers=[one])) == []
