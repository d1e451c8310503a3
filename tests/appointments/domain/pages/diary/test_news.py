"""Whether anything on a board has changed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from appointments.domain import actors, affected, booking
from appointments.domain.affected import WhatIsMissing
from appointments.domain.pages.diary import news
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.wallclock import day_span
from appointments.enums import DisruptionScope
from appointments.models import Appointment, Disruption, Resource
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, LocationFactory, OfferFactory, RescheduleRequestFactory, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def melati() -> Clinic:
    return clinic()


def token(world: Clinic, day: date = date(2026, 11, 24), *, now: datetime = NOW) -> str:
    return news.token(world.location, day_span(day, world.location.tzinfo), now=now)


def marks_missed(world: Clinic, appointment: Appointment) -> None:
    booking.mark_missed(appointment, by=actors.staff(world.staff), now=at("2026-11-24 12:00"))


def moves_within_the_day(world: Clinic, appointment: Appointment) -> None:
    to = Slot(at("2026-11-24 15:00"), at("2026-11-24 15:30"), world.provider.pk, (world.provider.pk, world.room.pk))
    booking.move(appointment, to=to, by=actors.staff(world.staff), now=NOW)


def is_offered_another_day(world: Clinic, appointment: Appointment) -> None:
    world.offered(appointment)


def is_offered_this_day(world: Clinic, appointment: Appointment) -> None:
    elsewhere = world.booked("2026-12-01 10:00")
    round_ = RescheduleRequestFactory(appointment=elsewhere)
    OfferFactory(request=round_, starts_at=at("2026-11-24 14:00"), guaranteed=False, resources=[world.provider])


def cannot_take_place(world: Clinic, appointment: Appointment) -> None:
    missing = WhatIsMissing(
        DisruptionScope.RESOURCES, world.location, at("2026-11-24 00:00"), at("2026-11-25 00:00"), (world.room.pk,)
    )
    affected.declare(missing, reason=world.reason, by=actors.staff(world.staff), now=NOW)


def is_joined_by_another(world: Clinic, appointment: Appointment) -> None:
    world.booked("2026-11-24 14:00")


def managers_change_something(world: Clinic, appointment: Appointment) -> None:
    LogEntry.objects.create(
        user=world.manager, content_type=ContentType.objects.get_for_model(Resource), object_repr="", action_flag=CHANGE
    )


@pytest.mark.parametrize(
    "happens",
    [
        marks_missed,
        moves_within_the_day,
        is_offered_another_day,
        is_offered_this_day,
        cannot_take_place,
        is_joined_by_another,
        managers_change_something,
    ],
)
def test_whatever_a_board_may_show_differently_is_news(
    melati: Clinic, happens: Callable[[Clinic, Appointment], None]
) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    before = token(melati)

    happens(melati, appointment)

    assert token(melati) != before


def test_a_disruption_that_is_called_off_is_news(melati: Clinic) -> None:
    cannot_take_place(melati, melati.booked("2026-11-24 10:00"))
    before = token(melati)

    Disruption.objects.update(ended_at=NOW)

    assert token(melati) != before


def test_what_happens_on_other_days_and_at_other_places_is_none(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    before = token(melati)

    melati.booked("2026-11-25 10:00")
    melati.offered(melati.booked("2026-12-02 10:00"), count=0, without_times=True)
    LocationFactory()

    assert token(melati) == before


def test_a_held_time_that_has_run_out_is_news(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked("2026-11-30 10:00"))
    day = round_.offers.earliest("starts_at").starts_at.astimezone(melati.location.tzinfo).date()
    held = round_.respond_by

    assert token(melati, day, now=held - minutes(61)) != token(melati, day, now=held + minutes(61))


def test_the_minute_is_news_only_where_the_line_of_the_hour_is_drawn(melati: Clinic) -> None:
    def changes(day: int) -> bool:
        return token(melati, date(2026, 11, day)) != token(melati, date(2026, 11, day), now=NOW + minutes(1))

    assert (changes(23), changes(24)) == (True, False)
    assert token(melati, date(2026, 11, 23)) == token(melati, date(2026, 11, 23), now=NOW + minutes(0.9))


@pytest.mark.parametrize("count", [1, 30])
def test_asking_is_one_query(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    for place in range(count):
        melati.booked(at("2026-11-24 00:00") + minutes(40) * place, room=None)
    with django_assert_num_queries(1):
        token(melati)
