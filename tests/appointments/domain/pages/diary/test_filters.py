"""Which resources a board shows."""

from datetime import date
from typing import Any

import pytest

from appointments.domain.pages.diary.filters import EVERYTHING, Filters, Selection, select
from appointments.domain.schedule.wallclock import day_span
from tests.clock import NOW
from tests.factories import Clinic, EquipmentFactory, LocationFactory, ProviderFactory, clinic, service_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def selected(world: Clinic, **filters: Any) -> Selection:
    day = day_span(date(2026, 11, 24), world.location.tzinfo)
    return select(world.location, day, now=NOW, filters=Filters(**filters))


def names(selection: Selection) -> list[str]:
    return [one.name for one in selection.shown]


def test_without_a_filter_everything_is_shown(melati: Clinic) -> None:
    assert names(selected(melati)) == ["Dr. Ratna", "Dr. Budi", "Room 1"]
    assert selected(melati).filters == EVERYTHING


def test_one_kind_is_shown_and_the_others_can_still_be_chosen(melati: Clinic) -> None:
    found = selected(melati, kind="room")

    assert names(found) == ["Room 1"]
    assert found.kinds == ("provider", "room")


def test_a_service_shows_whoever_and_whatever_it_may_need(melati: Clinic) -> None:
    scan = service_at(melati.location, providers=[melati.colleague], name="Scan")
    EquipmentFactory(location=melati.location, name="Scanner")

    assert names(selected(melati, service=scan.pk)) == ["Dr. Budi"]
    assert names(selected(melati, service=melati.service.pk, kind="provider")) == ["Dr. Ratna", "Dr. Budi"]
    assert selected(melati, service=scan.pk).service == scan


def test_whoever_asks_for_one_resource_asks_for_nothing_else(melati: Clinic) -> None:
    found = selected(melati, resource=melati.room.pk, kind="provider", service=melati.service.pk)

    assert names(found) == ["Room 1"]
    assert found.filters == Filters(resource=melati.room.pk)
    assert found.resource == melati.room


def test_nonsense_is_left_out(melati: Clinic) -> None:
    elsewhere = ProviderFactory(location=LocationFactory())
    done_elsewhere = service_at(elsewhere.location, providers=[elsewhere])

    for nonsense in (
        {"kind": "ghost"},
        {"kind": "equipment"},  # there is none here
        {"resource": elsewhere.pk},
        {"service": done_elsewhere.pk},
        {"service": 10**6, "resource": 10**6},
    ):
        assert (selected(melati, **nonsense).filters, len(names(selected(melati, **nonsense)))) == (EVERYTHING, 3)


def test_filters_that_leave_nothing_together_leave_the_first_that_does(melati: Clinic) -> None:
    talk = service_at(melati.location, providers=[melati.provider], name="Talk")

    assert selected(melati, kind="room", service=talk.pk).filters == Filters(kind="room")


def test_services_that_are_not_offered_any_more_cannot_be_chosen(melati: Clinic) -> None:
    type(melati.service).objects.update(is_active=False)

    assert selected(melati).services == ()


def test_the_end_of_an_address_says_the_filters() -> None:
    assert EVERYTHING.query == ""
    assert Filters(kind="room", service=7).query == "?kind=room&service=7"
    assert Filters(kind="room", service=7).without("kind") == Filters(service=7)


def test_services_are_asked_for_once_in_a_while(melati: Clinic, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        selected(melati)
    with django_assert_num_queries(1):
        selected(melati)
