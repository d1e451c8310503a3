"""What the day board shows of a day."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.pages.diary.columns import Block
from appointments.domain.pages.diary.day import day_board
from appointments.domain.pages.diary.scale import hours_of
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import AppointmentState, DisruptionScope, RequestState
from appointments.models import Resource
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    BreakFactory,
    Clinic,
    EquipmentFactory,
    LocationFactory,
    OccupancyFactory,
    OfferFactory,
    ProviderFactory,
    RescheduleRequestFactory,
    clinic,
)

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def melati() -> Clinic:
    return clinic(buffer_before=5, buffer_after=10)


def blocks_of(world: Clinic, resource: Resource, day: date = TUESDAY) -> list[Block]:
    board = day_board(world.location, day, now=NOW)
    return next(list(column.blocks) for column in board.columns if column.resource == resource)


def test_an_appointment_stands_in_every_column_it_occupies_with_its_buffers_beside_it(melati: Clinic) -> None:
    booked = melati.booked("2026-11-24 10:00")

    with_provider, in_room = (blocks_of(melati, one) for one in (melati.provider, melati.room))

    assert [(block.kind, block.customer, block.with_whom) for block in with_provider] == [
        ("appointment", booked.customer.name, "")
    ]
    assert [(block.kind, block.customer, block.with_whom) for block in in_room] == [
        ("appointment", booked.customer.name, "Dr. Ratna")
    ]
    assert with_provider[0].span == Span(booked.starts_at, booked.ends_at)
    assert with_provider[0].before == Span(at("2026-11-24 09:55"), at("2026-11-24 10:00"))
    assert with_provider[0].after == Span(at("2026-11-24 10:30"), at("2026-11-24 10:40"))
    assert blocks_of(melati, melati.colleague) == []


def test_people_come_first_then_rooms_then_equipment(melati: Clinic) -> None:
    EquipmentFactory(location=melati.location, name="Ultrasound", position=0)
    ProviderFactory(location=melati.location, name="Has left", is_active=False)

    board = day_board(melati.location, TUESDAY, now=NOW)

    assert [column.resource.name for column in board.columns] == ["Dr. Ratna", "Dr. Budi", "Room 1", "Ultrasound"]
    assert board.selection.kinds == ("provider", "room", "equipment")


def test_a_held_time_is_a_hold_and_an_open_offer_is_an_offer(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-25 10:00")
    round_ = RescheduleRequestFactory(appointment=appointment)
    held = OfferFactory(request=round_, starts_at=at("2026-11-24 09:00"), resources=[melati.provider])
    OccupancyFactory(
        appointment=appointment, request=round_, resource=melati.provider,
        starts_at=held.starts_at - minutes(5), ends_at=held.ends_at + minutes(10),
    )  # fmt: skip
    OfferFactory(request=round_, starts_at=at("2026-11-24 14:00"), guaranteed=False, resources=[melati.provider])

    found = blocks_of(melati, melati.provider)

    assert [(block.kind, block.span.start, block.until) for block in found] == [
        ("hold", at("2026-11-24 08:55"), round_.respond_by),
        ("offer", at("2026-11-24 14:00"), None),
    ]
    assert {block.round_state for block in found} == {RequestState.OPEN}


def test_a_hold_that_has_run_out_leaves_an_offer_that_anybody_may_overtake(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-25 10:00")
    round_ = RescheduleRequestFactory(
        appointment=appointment, opened_at=NOW - days(2), respond_by=NOW - hours(1), state=RequestState.WITH_US
    )
    offer = OfferFactory(request=round_, starts_at=at("2026-11-24 09:00"), resources=[melati.provider])
    OccupancyFactory(
        appointment=appointment, request=round_, resource=melati.provider,
        starts_at=offer.starts_at, ends_at=offer.ends_at,
    )  # fmt: skip

    assert [(block.kind, block.round_state) for block in blocks_of(melati, melati.provider)] == [
        ("offer", RequestState.WITH_US)
    ]


def test_offers_of_a_round_that_has_ended_are_not_shown(melati: Clinic) -> None:
    round_ = RescheduleRequestFactory(
        appointment=melati.booked("2026-11-25 10:00"), state=RequestState.KEPT, closed_at=NOW
    )
    OfferFactory(request=round_, starts_at=at("2026-11-24 09:00"), guaranteed=False, resources=[melati.provider])

    assert blocks_of(melati, melati.provider) == []


def test_offers_that_lie_over_each_other_stand_side_by_side(melati: Clinic) -> None:
    for day in (25, 26):
        round_ = RescheduleRequestFactory(appointment=melati.booked(f"2026-11-{day} 10:00"))
        OfferFactory(request=round_, starts_at=at("2026-11-24 09:00"), guaranteed=False, resources=[melati.provider])

    assert [block.lane for block in blocks_of(melati, melati.provider)] == [0, 1]


def test_what_is_closed_is_shaded_and_a_pause_is_told_from_the_end_of_the_day(melati: Clinic) -> None:
    BreakFactory(location=melati.location, weekday=TUESDAY.weekday())
    AbsenceFactory(resource=melati.colleague, starts_at=at("2026-11-24 15:00"), ends_at=at("2026-11-24 20:00"))

    board = day_board(melati.location, TUESDAY, now=NOW)

    assert board.window == Span(at("2026-11-24 08:00"), at("2026-11-24 17:00"))
    shades = {column.resource: column.shades for column in board.columns}
    lunch = Span(at("2026-11-24 12:00"), at("2026-11-24 13:00"))
    assert [(shade.span, shade.is_pause) for shade in shades[melati.provider]] == [(lunch, True)]
    assert [(shade.span, shade.is_pause) for shade in shades[melati.colleague]] == [
        (lunch, True),
        (Span(at("2026-11-24 15:00"), at("2026-11-24 17:00")), False),
    ]


def test_a_closed_day_is_closed_in_every_column(melati: Clinic) -> None:
    board = day_board(melati.location, date(2026, 11, 29), now=NOW)  # a Sunday

    assert board.is_closed
    assert board.is_empty
    assert board.window == Span(at("2026-11-29 08:00"), at("2026-11-29 17:00"))


def test_something_outside_the_hours_widens_the_board(melati: Clinic) -> None:
    melati.booked("2026-11-24 06:30")

    window = day_board(melati.location, TUESDAY, now=NOW).window

    assert window == Span(at("2026-11-24 06:00"), at("2026-11-24 17:00"))


def test_the_day_is_the_day_of_the_place() -> None:
    makassar = LocationFactory(zone="Asia/Makassar")
    provider = ProviderFactory(location=makassar)
    # 23:30 on Monday in Jakarta is 00:30 on Tuesday in Makassar.
    AppointmentFactory(location=makassar, provider=provider, starts_at=at("2026-11-23 23:30"))

    shown = {day: len(day_board(makassar, date(2026, 11, day), now=NOW).columns[0].blocks) for day in (23, 24)}

    assert shown == {23: 0, 24: 1}


def test_a_cancelled_appointment_leaves_the_board(melati: Clinic) -> None:
    AppointmentFactory(
        location=melati.location, provider=melati.provider, state=AppointmentState.CANCELLED, occupies=False
    )

    assert blocks_of(melati, melati.provider) == []


def test_an_hour_that_the_clock_shows_twice_is_drawn_twice() -> None:
    berlin = LocationFactory(zone="Europe/Berlin", country="DE", closed_on_holidays=False)
    ProviderFactory(location=berlin)
    zone = ZoneInfo("Europe/Berlin")

    autumn = day_board(berlin, date(2026, 10, 25), now=NOW).window
    spring = day_span(date(2026, 3, 29), zone)

    shown = [hour.astimezone(zone).time() for hour in hours_of(autumn)]
    assert shown[1:5] == [time(1), time(2), time(2), time(3)]
    assert spring.end - spring.start == timedelta(hours=23)


def test_the_number_of_queries_does_not_grow_with_the_day(
    melati: Clinic, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    def fill(resource: Resource, count: int) -> None:
        for place in range(count):
            start = at("2026-11-24 08:05") + minutes(45) * place
            appointment = melati.booked(start, provider=resource, room=None)
            round_ = RescheduleRequestFactory(appointment=appointment)
            OfferFactory(request=round_, starts_at=start + days(1), guaranteed=False, resources=[resource])

    fill(melati.provider, 1)
    day_board(melati.location, TUESDAY, now=NOW)  # the services of the place are known for some minutes
    with django_assert_num_queries(4):  # type: ignore[operator]
        day_board(melati.location, TUESDAY, now=NOW)
    for _ in range(3):
        fill(ProviderFactory(location=melati.location), 10)
    with django_assert_num_queries(4):  # type: ignore[operator]
        board = day_board(melati.location, TUESDAY, now=NOW)
    assert sum(len(column.blocks) for column in board.columns) == 31


def test_nothing_booked_vanishes_because_its_column_was_switched_off(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    Resource.objects.filter(pk__in=(melati.provider.pk, melati.colleague.pk)).update(is_active=False)
    busy = day_board(melati.location, date(2026, 11, 24), now=NOW)
    assert [column.resource for column in busy.columns] == [melati.provider, melati.room]
    assert [column.resource for column in day_board(melati.location, date(2026, 11, 25), now=NOW).columns] == [
        melati.room
    ]


def test_what_has_to_move_is_marked_until_it_has(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES, melati.location, at("2026-11-24 00:00"), at("2026-11-25 00:00"), (melati.room.pk,)
    )

    def marked() -> set[bool]:
        board = day_board(melati.location, date(2026, 11, 24), now=NOW)
        return {block.must_move for column in board.columns for block in column.blocks if block.kind == "appointment"}

    assert marked() == {False}
    affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=NOW)
    assert marked() == {True}
    melati.offered(appointment)
    assert marked() == {False}
