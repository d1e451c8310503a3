"""Who and what a service needs, and whether there is anybody."""

from typing import Any

import pytest
from django.core.cache import cache

from appointments.domain.schedule.requirements import (
    Need,
    Needs,
    is_done_elsewhere,
    needs_of,
    needs_of_each,
    places_for,
    providers_for,
    services_at,
)
from appointments.domain.schedule.slots import free_slots
from appointments.domain.schedule.spans import Span
from appointments.enums import Manner, ResourceKind
from appointments.models import Location
from tests.clock import NOW, at
from tests.factories import Clinic, LocationFactory, ProviderFactory, RequirementFactory, RoomFactory, ServiceFactory

pytestmark = pytest.mark.django_db

TUESDAY = Span(at("2026-11-24 00:00"), at("2026-11-25 00:00"))


def test_who_counts_for_two_requirements_is_not_used_twice() -> None:
    location = LocationFactory()
    both, only_second = ProviderFactory.create_batch(2, location=location)
    service = ServiceFactory()
    RequirementFactory(service=service, candidates=[both])
    RequirementFactory(service=service, candidates=[both, only_second])
    slots = free_slots(service, location, window=TUESDAY, now=NOW)
    assert {slot.resource_ids for slot in slots} == {(both.pk, only_second.pk)}
    only_second.is_active = False
    only_second.save()
    assert free_slots(service, location, window=TUESDAY, now=NOW) == []


@pytest.mark.parametrize("unmet", ["no requirement", "nobody here", "nobody in use"])
def test_without_capacity_nothing_is_promised(unmet: str) -> None:
    location = LocationFactory()
    service = ServiceFactory()
    if unmet == "nobody here":
        RequirementFactory(service=service, candidates=[ProviderFactory()])
    if unmet == "nobody in use":
        RequirementFactory(service=service, candidates=[ProviderFactory(location=location, is_active=False)])
    assert free_slots(service, location, window=TUESDAY, now=NOW) == []


def test_needs_come_in_their_order_with_those_who_are_here_and_in_use(django_assert_num_queries: Any) -> None:
    location = LocationFactory()
    last, first = ProviderFactory(location=location, position=2), ProviderFactory(location=location, position=1)
    room, gone = RoomFactory(location=location), ProviderFactory(location=location, is_active=False)
    service = ServiceFactory()
    RequirementFactory(service=service, kind=ResourceKind.ROOM, candidates=[room])
    RequirementFactory(service=service, candidates=[last, first, gone, ProviderFactory()])
    with django_assert_num_queries(1):
        needs = needs_of(service, location)
    assert needs.each == (Need("room", (room.pk,)), Need("provider", (first.pk, last.pk)))
    assert needs.resource_ids == sorted([room.pk, first.pk, last.pk])
    assert (needs.can_be_met, needs.leading, needs.has_provider) == (True, 1, True)


def test_rooms_alone_are_led_by_the_first_and_known_by_nobodys_name() -> None:
    needs = Needs((Need("room", (1,)), Need("equipment", (2,))))
    assert (needs.can_be_met, needs.leading, needs.has_provider) == (True, 0, False)


def test_one_need_that_nobody_meets_is_enough_to_promise_nothing() -> None:
    assert not Needs((Need("provider", (1,)), Need("room", ()))).can_be_met
    assert not Needs(()).can_be_met
    assert not Needs(()).has_provider


def test_the_needs_of_several_services_take_one_query(django_assert_num_queries: Any) -> None:
    location = LocationFactory()
    limited, free = ProviderFactory(location=location, most_a_day=4), ProviderFactory(location=location)
    one, other, none = ServiceFactory.create_batch(3)
    RequirementFactory(service=one, candidates=[limited, free])
    RequirementFactory(service=other, candidates=[free])
    with django_assert_num_queries(1):
        found = needs_of_each([one, other, none], location)
    assert found == {
        one.pk: Needs((Need("provider", (limited.pk, free.pk)),), {limited.pk: 4}),
        other.pk: Needs((Need("provider", (free.pk,)),)),
        none.pk: Needs(()),
    }


@pytest.fixture
def elsewhere(melati: Clinic) -> Location:
    place = LocationFactory(name="Melati Makassar")
    for need, maker in zip(melati.service.requirements.order_by("pk"), (ProviderFactory, RoomFactory), strict=True):
        need.candidates.add(maker(location=place))
    return place


def test_a_place_needs_somebody_in_use_for_each_requirement(melati: Clinic, elsewhere: Location) -> None:
    LocationFactory()
    assert places_for(melati.service) == [melati.location, elsewhere]
    elsewhere.resources.filter(kind="room").update(is_active=False)
    assert places_for(melati.service) == [melati.location]


def test_it_is_done_elsewhere_where_a_second_place_does_it(melati: Clinic, elsewhere: Location) -> None:
    booked = melati.booked()
    assert is_done_elsewhere(booked)
    elsewhere.is_active = False
    elsewhere.save()
    assert is_done_elsewhere(booked), "known for some minutes"
    cache.clear()
    assert not is_done_elsewhere(booked)


def test_a_place_offers_what_is_in_use_and_somebody_there_does(melati: Clinic, elsewhere: Location) -> None:
    ServiceFactory()
    assert list(services_at(elsewhere)) == [melati.service]
    melati.service.is_active = False
    melati.service.save()
    assert list(services_at(elsewhere)) == []


def test_providers_are_those_of_the_place_in_the_order_of_the_board(melati: Clinic, elsewhere: Location) -> None:
    assert list(providers_for(melati.service, melati.location)) == [melati.provider, melati.colleague]
    melati.provider.is_active = False
    melati.provider.save()
    assert list(providers_for(melati.service, melati.location)) == [melati.colleague]
    elsewhere_alone = list(providers_for(None, elsewhere))
    assert elsewhere_alone == list(providers_for(melati.service, elsewhere))
    assert list(providers_for(melati.service, None)) == []


def test_the_usual_way_comes_first(melati: Clinic) -> None:
    melati.service.at_home = melati.service.by_phone = True
    assert melati.service.manners == [Manner.USUAL, Manner.PHONE, Manner.HOME]
    melati.service.kind = "onsite"
    assert melati.service.manners == [Manner.USUAL, Manner.PHONE]
