"""Who is in the way of an absence or a closure."""

from collections.abc import Iterable
from datetime import date

import pytest

from appointments.domain.moving import answers
from appointments.domain.schedule.conflicts import Conflict, with_absence, with_closed_day, with_closure
from appointments.domain.schedule.weekly import Blocked
from appointments.enums import OfferState
from appointments.models import RescheduleRequest
from tests.clock import NOW, at
from tests.factories import Clinic, CustomerFactory, LocationFactory

pytestmark = pytest.mark.django_db


def blocked(begin: str, end: str, rule: str = "") -> Blocked:
    return Blocked(at(begin), at(end), rule)


def shown(found: Iterable[Conflict]) -> list[str]:
    zone = NOW.tzinfo
    return [f"{one.starts_at.astimezone(zone):%a %H:%M}{' offered' if one.offered else ''}" for one in found]


def test_an_absence_hits_who_is_booked_with_that_person_and_nobody_else(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    melati.booked("2026-11-24 11:00", provider=melati.colleague)
    away = blocked("2026-11-24 08:00", "2026-11-24 12:00")
    assert shown(with_absence(melati.provider, away, now=NOW)) == ["Tue 10:00"]
    assert shown(with_closure(melati.location, away, now=NOW)) == ["Tue 10:00", "Tue 11:00"]


@pytest.mark.parametrize(
    ("begin", "end", "hit"),
    [
        ("09:00", "10:00", False), ("09:00", "10:01", True), ("10:29", "12:00", True), ("10:30", "12:00", False),
    ],
)  # fmt: skip
def test_whom_it_only_touches_is_not_hit(melati: Clinic, begin: str, end: str, hit: bool) -> None:
    melati.booked("2026-11-24 10:00")
    away = blocked(f"2026-11-24 {begin}", f"2026-11-24 {end}")
    assert bool(with_absence(melati.provider, away, now=NOW)) is hit


@pytest.mark.parametrize(("now", "hit"), [("2026-11-24 10:29", True), ("2026-11-24 10:30", False)])
def test_what_is_over_is_not_hit_any_more(melati: Clinic, now: str, hit: bool) -> None:
    melati.booked("2026-11-24 10:00")
    away = blocked("2026-11-24 08:00", "2026-11-24 12:00")
    assert bool(with_absence(melati.provider, away, now=at(now))) is hit


def test_times_on_offer_are_hit_as_long_as_they_can_be_chosen(melati: Clinic) -> None:
    round_ = melati.offered()
    away = blocked("2026-11-23 00:00", "2026-12-31 00:00")
    booked, offered = ["Tue 10:00"], [one + " offered" for one in times_of(round_)]
    found = shown(with_closure(melati.location, away, now=NOW))
    assert sorted(found) == sorted(booked + offered)
    round_.offers.filter(position=1).update(state=OfferState.GONE)
    assert len(with_closure(melati.location, away, now=NOW)) == len(found) - 1
    answers.keep(melati_keep(round_), nonce="k", now=NOW)
    assert shown(with_closure(melati.location, away, now=NOW)) == booked


def times_of(round_: RescheduleRequest) -> list[str]:
    return [f"{one.starts_at.astimezone(NOW.tzinfo):%a %H:%M}" for one in round_.offers.all()]


def melati_keep(round_: RescheduleRequest) -> RescheduleRequest:
    round_.can_keep = True
    round_.save()
    return round_


def test_what_recurs_hits_each_time_it_comes(melati: Clinic) -> None:
    for day in (24, 25, 26):
        melati.booked(f"2026-11-{day} 10:00", customer=CustomerFactory())
    away = blocked("2026-11-17 09:00", "2026-11-17 12:00", "FREQ=WEEKLY;BYDAY=TU,TH")
    assert shown(with_absence(melati.provider, away, now=NOW)) == ["Tue 10:00", "Thu 10:00"]


def test_a_closed_day_runs_from_midnight_to_midnight_at_each_place(melati: Clinic) -> None:
    melati.booked("2026-11-24 10:00")
    melati.booked("2026-11-25 10:00", customer=CustomerFactory())
    elsewhere = LocationFactory()
    found = with_closed_day(date(2026, 11, 24), [elsewhere, melati.location], now=NOW)
    assert shown(found) == ["Tue 10:00"]
