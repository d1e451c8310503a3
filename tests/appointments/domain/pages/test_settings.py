"""What the page of the settings shows."""

from typing import Any

import pytest

from appointments.domain.pages import settings
from tests.clock import NOW, days
from tests.factories import (
    ClosureFactory,
    LocationFactory,
    ManagerFactory,
    ProviderFactory,
    ReasonFactory,
    ServiceFactory,
    service_at,
)

pytestmark = pytest.mark.django_db


def test_what_is_switched_off_is_shown_as_well() -> None:
    reader, place = ManagerFactory(), LocationFactory(is_active=False)
    ProviderFactory(location=place, is_active=False)

    assert settings.settings(reader).places == [place]
    assert len(settings.settings(reader).people) == 1


def test_services_that_nobody_can_give_are_named() -> None:
    place = LocationFactory()
    service_at(place, providers=[ProviderFactory(location=place)])
    gone = service_at(place, providers=[ProviderFactory(location=place, is_active=False)])
    bare = ServiceFactory()
    ServiceFactory(is_active=False)

    assert {one.pk for one in settings.settings(ManagerFactory()).lonely} == {gone.pk, bare.pk}


def test_closures_that_are_over_are_left_out_unless_they_come_again() -> None:
    place = LocationFactory()
    ClosureFactory(location=place, starts_at=NOW - days(2))
    again = ClosureFactory(location=place, starts_at=NOW - days(1), rrule="FREQ=WEEKLY;BYDAY=SU")
    coming = ClosureFactory(location=place)

    found = settings.closures(place, now=NOW)
    assert [one.closure for one in found] == [again, coming]
    assert [one.how_often for one in found] == ["every week on this weekday", "once"]


def test_the_page_costs_the_same_for_one_and_for_thirty(django_assert_num_queries: Any) -> None:
    reader = ManagerFactory()
    for count in (1, 29):
        place = LocationFactory()
        ProviderFactory.create_batch(count, location=place)
        ServiceFactory.create_batch(count)
        ReasonFactory.create_batch(count)
        with django_assert_num_queries(6):
            settings.settings(reader)
