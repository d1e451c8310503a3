"""An offer dies with its capacity, and nobody is left with less to choose from."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import answers, offers
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.moving.offers import capacity
from appointments.domain.schedule.slots import Slot
from appointments.enums import DisruptionScope, Why
from appointments.errors import SlotTaken
from appointments.models import Break, Location, Offer, Requirement, RescheduleRequest, Service
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import AbsenceFactory, Clinic, ClosureFactory, CustomerFactory, SpecialDayFactory, open_weekly

FRIDAY, SATURDAY = "2026-11-27 10:00", "2026-11-28 10:00"
Change = Callable[[Clinic], Any]


def offered(melati: Clinic, *, outside_hours: bool = False, clock: str = "10:00", **draft: Any) -> RescheduleRequest:
    """Friday and Saturday are held for a customer of Tuesday."""
    chosen = tuple(
        ChosenOffer(
            Slot(
                at(f"{day[:10]} {clock}"), at(f"{day[:10]} {clock}") + minutes(30), melati.provider.pk,
                tuple(sorted((melati.provider.pk, melati.room.pk))), outside_hours=outside_hours,
            ),
            Why.STAFF_CHOICE, guaranteed=True,
        )
        for day in (FRIDAY, SATURDAY)
    )  # fmt: skip
    return melati.offered(melati.booked("2026-11-24 10:00"), offers=chosen, **draft)


def takeable(round_: RescheduleRequest) -> list[str]:
    fresh = RescheduleRequest.objects.get(pk=round_.pk)
    return [f"{one.starts_at.astimezone(at(FRIDAY).tzinfo):%a}" for one in offers.takeable(fresh, now=NOW)]


def absent(melati: Clinic, since: str, until: str, **fields: Any) -> None:
    AbsenceFactory(resource=melati.provider, starts_at=at(since), ends_at=at(until), **fields)


def said(melati: Clinic, *, place: bool = False) -> None:
    scope = DisruptionScope.PLACE if place else DisruptionScope.RESOURCES
    ids = () if place else (melati.room.pk,)
    missing = WhatIsMissing(scope, melati.location, at("2026-11-27 00:00"), at("2026-11-28 00:00"), ids)
    affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=NOW)


ON_FRIDAY: list[Any] = [
    pytest.param(
        lambda here: absent(here, "2026-11-27 10:29", "2026-11-27 11:00"), id="an absence over a minute of it"
    ),
    pytest.param(
        lambda here: absent(here, "2026-11-20 08:00", "2026-11-20 12:00", rrule="FREQ=WEEKLY"), id="every Friday"
    ),
    pytest.param(
        lambda here: ClosureFactory(
            location=here.location, starts_at=at("2026-11-27 06:00"), ends_at=at("2026-11-27 22:00")
        ),
        id="a closure",
    ),
    pytest.param(
        lambda here: SpecialDayFactory(day=at(FRIDAY).date(), is_open=False, location=None), id="a closed day"
    ),
    pytest.param(lambda here: open_weekly(here.provider, weekdays=[5]), id="hours on Saturdays only"),
    pytest.param(
        lambda here: Break.objects.create(resource=here.provider, weekday=4, opens_at=time(9), closes_at=time(11)),
        id="a break",
    ),
    pytest.param(lambda here: said(here), id="the room is missing"),
    pytest.param(lambda here: said(here, place=True), id="the place is missing"),
]
ON_BOTH: list[Any] = [
    pytest.param(lambda here: type(here.room).objects.filter(pk=here.room.pk).update(is_active=False), id="room off"),
    pytest.param(lambda here: Service.objects.update(is_active=False), id="service off"),
    pytest.param(lambda here: Location.objects.update(is_active=False), id="place off"),
    pytest.param(
        lambda here: Requirement.objects.get(kind="provider").candidates.remove(here.provider),
        id="cannot do it any more",
    ),
]


@pytest.mark.parametrize("change", ON_FRIDAY)
def test_what_can_no_longer_take_place_cannot_be_chosen_from_the_next_look_on(melati: Clinic, change: Change) -> None:
    round_ = offered(melati)
    assert takeable(round_) == ["Fri", "Sat"]
    change(melati)
    assert takeable(round_) == ["Sat"]


@pytest.mark.parametrize("change", ON_BOTH)
def test_what_is_out_of_use_takes_all_of_its_times_away(melati: Clinic, change: Change) -> None:
    round_ = offered(melati)
    change(melati)
    assert takeable(round_) == []


def test_an_absence_beside_it_takes_nothing_away(melati: Clinic) -> None:
    round_ = offered(melati)
    absent(melati, "2026-11-27 10:30", "2026-11-27 12:00")
    absent(melati, "2026-11-27 08:00", "2026-11-27 10:00")
    assert takeable(round_) == ["Fri", "Sat"]


def test_a_time_outside_the_hours_was_chosen_on_purpose(melati: Clinic) -> None:
    round_ = offered(melati, outside_hours=True, clock="19:00")
    assert takeable(round_) == ["Fri", "Sat"]
    said(melati)
    assert takeable(round_) == ["Sat"]


@pytest.mark.parametrize(
    "change",
    [
        lambda here: absent(here, "2026-11-27 10:29", "2026-11-27 11:00"),
        lambda here: ClosureFactory(
            location=here.location, starts_at=at("2026-11-27 06:00"), ends_at=at("2026-11-27 22:00")
        ),
        lambda here: said(here),
        lambda here: said(here, place=True),
        lambda here: type(here.room).objects.filter(pk=here.room.pk).update(is_active=False),
        lambda here: Service.objects.update(is_active=False),
        lambda here: Location.objects.update(is_active=False),
    ],
    ids=["absence", "closure", "room missing", "place missing", "room off", "service off", "place off"],
)
def test_whoever_had_the_page_open_is_told_that_it_is_gone(melati: Clinic, change: Change) -> None:
    friday = offered(melati).offers.get(position=1)
    change(melati)
    with pytest.raises(SlotTaken):
        answers.accept(friday, nonce="tap", now=NOW)


@pytest.mark.parametrize("many", [1, 20])
def test_however_many_there_are_it_takes_two_queries(melati: Clinic, many: int, django_assert_num_queries: Any) -> None:
    for turn in range(many):
        melati.offered(
            melati.booked(NOW + days(turn + 30) + hours(1), customer=CustomerFactory()), guaranteed=False, count=2
        )
    rows = Offer.objects.select_related("request__appointment__service", "request__appointment__location")
    found = list(rows)
    with django_assert_num_queries(2):
        assert capacity.possible(found) == {one.pk for one in found}
