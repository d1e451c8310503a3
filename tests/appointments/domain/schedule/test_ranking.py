"""Which times are worth offering, and whether the line under each is true."""

import json
from datetime import date, datetime, time

import pytest

from appointments.domain.schedule.slots import Alternative, Wishes, find_alternatives, free_slots
from appointments.domain.schedule.spans import Span
from appointments.enums import Why
from appointments.models import Appointment
from tests.clock import NOW, at, days
from tests.factories import AbsenceFactory, AppointmentFactory, Clinic, LocationFactory, clinic, open_weekly, service_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Clinic:
    return clinic(rooms=2)


def lines(alternatives: list[Alternative], here: Clinic) -> list[str]:
    """`Wed 25 10:00 Dr. Ratna: same_hour`"""
    names = {here.provider.pk: here.provider.name, here.colleague.pk: here.colleague.name, None: "-"}
    return [
        f"{one.slot.starts_at.astimezone(NOW.tzinfo):%a %d %H:%M} {names[one.slot.provider_id]}: {one.why.value}"
        for one in alternatives
    ]


def local(alternative: Alternative) -> datetime:
    return alternative.slot.starts_at.astimezone(NOW.tzinfo)


def test_an_ordinary_week_offers_one_of_each_kind_and_then_the_next_best(here: Clinic) -> None:
    assert lines(find_alternatives(here.booked("2026-11-25 10:00"), now=NOW), here) == [
        "Tue 24 10:00 Dr. Ratna: same_hour",
        "Thu 26 09:45 Dr. Ratna: same_person",
        "Wed 25 10:00 Dr. Budi: other_person",
        "Fri 27 10:00 Dr. Ratna: same_hour",
        "Mon 23 09:15 Dr. Ratna: soonest",
    ]


def test_when_the_person_is_away_the_others_step_in(here: Clinic) -> None:
    own = here.booked("2026-11-25 10:00")
    AbsenceFactory(resource=here.provider, starts_at=at("2026-11-23 00:00"), ends_at=at("2027-02-01 00:00"))
    alternatives = find_alternatives(own, now=NOW)
    assert lines(alternatives, here) == [
        "Wed 25 10:00 Dr. Budi: other_person",
        "Tue 24 10:00 Dr. Budi: same_hour",
        "Thu 26 10:00 Dr. Budi: same_hour",
        "Fri 27 10:00 Dr. Budi: same_hour",
        "Mon 23 09:15 Dr. Budi: soonest",
    ]


def is_true(alternative: Alternative, own: Appointment, first: datetime) -> bool:
    slot, was = alternative.slot, own.starts_at.astimezone(NOW.tzinfo)
    same_person = slot.provider_id == own.provider_id
    start = local(alternative)
    return {
        Why.SAME_PERSON: same_person,
        Why.SOONEST: slot.starts_at == first,
        Why.SAME_HOUR: start.time() == was.time() and start.date() != was.date(),
        Why.SAME_TIME_OTHER_PERSON: start == was and not same_person,
        Why.SAME_DAY: start.date() == was.date() and not same_person,
        Why.ANOTHER: start.date() != was.date() and start.time() != was.time() and not same_person,
    }[alternative.why]


@pytest.mark.parametrize("start", ["2026-11-23 09:00", "2026-11-24 08:00", "2026-11-28 16:30", "2026-12-14 11:45"])
def test_every_line_is_true_and_no_time_is_offered_twice_or_kept(here: Clinic, start: str) -> None:
    own = here.booked(start)
    for taken in ("2026-11-23 10:00", "2026-11-24 09:00", "2026-11-26 12:00", "2026-12-15 11:30"):
        here.booked(taken, provider=here.colleague, room=None)
    alternatives = find_alternatives(own, now=NOW, limit=5)
    horizon = Span(NOW, NOW + days(here.service.horizon_days))
    free = free_slots(here.service, here.location, window=horizon, now=NOW, ignoring=own)
    others = [slot for slot in free if (slot.starts_at, slot.provider_id) != (own.starts_at, own.provider_id)]
    assert [one for one in alternatives if not is_true(one, own, others[0].starts_at)] == []
    assert {one.slot for one in alternatives} <= set(others)
    assert len({(one.slot.starts_at, one.slot.provider_id) for one in alternatives}) == 5
    assert find_alternatives(own, now=NOW, limit=5) == alternatives


def test_a_colleague_soon_comes_before_the_same_person_in_two_months(here: Clinic) -> None:
    here.service.horizon_days = 60
    own = here.booked("2026-11-25 10:00", room=None)
    AbsenceFactory(resource=here.provider, starts_at=at("2026-11-23 00:00"), ends_at=at("2027-01-18 00:00"))
    # The colleague is busy whenever the planned hour comes round.
    for day in range(23, 31):
        here.booked(f"2026-11-{day} 10:00", provider=here.colleague, room=None)
    near = [Why.SAME_DAY, Why.ANOTHER]
    alternatives = find_alternatives(own, now=NOW)
    assert lines([one for one in alternatives if one.why in near], here) == [
        "Wed 25 09:30 Dr. Budi: same_day",
        "Tue 24 09:30 Dr. Budi: another",
    ]
    assert [one.why for one in alternatives][-1] == Why.SAME_PERSON
    assert len(alternatives) == 5


@pytest.mark.parametrize("limit", [1, 2, 3, 9])
def test_never_more_than_asked_for(here: Clinic, limit: int) -> None:
    assert len(find_alternatives(here.booked(), now=NOW, limit=limit)) == limit


def test_times_are_spread_over_days_and_over_parts_of_one_day() -> None:
    location = LocationFactory()
    open_weekly(location, weekdays=[1])
    service = service_at(location, horizon_days=5)
    [person] = service.requirements.get().candidates.all()
    own = AppointmentFactory(service=service, location=location, provider=person, starts_at=at("2026-11-24 10:00"))
    alternatives = find_alternatives(own, now=NOW)
    # There is only this Tuesday: one time in its morning, one in its afternoon, and not five that differ by minutes.
    assert [(local(one).day, local(one).hour < 12) for one in alternatives] == [(24, True), (24, False)]


def test_when_nothing_is_free_nothing_is_offered(here: Clinic) -> None:
    own = here.booked()
    for person in (here.provider, here.colleague):
        AbsenceFactory(resource=person, starts_at=NOW, ends_at=NOW + days(90))
    assert find_alternatives(own, now=NOW) == []


def test_times_that_were_offered_before_are_not_offered_again_and_nothing_else_becomes_the_soonest(
    here: Clinic,
) -> None:
    own = here.booked("2026-11-25 10:00")
    before = find_alternatives(own, now=NOW)
    excluding = [(one.slot.starts_at, one.slot.provider_id) for one in before]
    again = find_alternatives(own, now=NOW, excluding=excluding)
    assert {one.slot for one in before} & {one.slot for one in again} == set()
    # The very first time, 09:15, is still free with a colleague; only it may be called the soonest.
    assert [f"{local(one):%a %H:%M}" for one in again if one.why == Why.SOONEST] == ["Mon 09:15"]
    excluding += [(one.slot.starts_at, one.slot.provider_id) for one in again]
    assert [one for one in find_alternatives(own, now=NOW, excluding=excluding) if one.why == Why.SOONEST] == []


def test_a_service_without_a_person_stays_near_its_day_and_hour() -> None:
    location = LocationFactory()
    open_weekly(location)
    service = service_at(location, providers=0, rooms=1)
    [room] = service.requirements.get().candidates.all()
    own = AppointmentFactory(
        service=service, location=location, provider=None, occupies=[room], starts_at=at("2026-11-25 10:00")
    )
    alternatives = find_alternatives(own, now=NOW, limit=3)
    assert [(f"{local(one):%a %H:%M}", one.why, one.slot.provider_id) for one in alternatives] == [
        ("Wed 09:45", Why.SAME_DAY, None),
        ("Tue 10:00", Why.SAME_HOUR, None),
        ("Mon 09:15", Why.SOONEST, None),
    ]


def test_an_appointment_without_a_named_person_is_never_offered_its_own_time(here: Clinic) -> None:
    own = here.booked("2026-11-25 10:00", provider=None)
    starts = {one.slot.starts_at for one in find_alternatives(own, now=NOW, limit=5)}
    assert own.starts_at not in starts
    assert len(starts) == 5


# --- Wishes ------------------------------------------------------------------------------------------------------


def wished(here: Clinic, wishes: Wishes, *, start: str = "2026-11-25 10:00", limit: int = 5) -> list[Alternative]:
    return find_alternatives(here.booked(start), now=NOW, wishes=wishes, limit=limit)


def test_wishes_are_met_all_of_them(here: Clinic) -> None:
    tuesday_or_thursday_afternoons = Wishes(
        days=frozenset({1, 3}), parts=frozenset({"afternoon"}), from_day=date(2026, 11, 26), until_day=date(2026, 12, 8)
    )
    alternatives = wished(here, tuesday_or_thursday_afternoons, limit=4)
    assert [one.why for one in alternatives] == [Why.WISH] * 4
    assert [f"{local(one):%a %d %b}" for one in alternatives] == [
        "Thu 26 Nov",
        "Tue 01 Dec",
        "Thu 03 Dec",
        "Tue 08 Dec",
    ]
    assert all(time(12) <= local(one).time() < time(17) for one in alternatives)
    assert {one.slot.provider_id for one in alternatives} == {here.provider.pk}


def test_the_evening_begins_at_five_and_nobody_works_then(here: Clinic) -> None:
    assert wished(here, Wishes(parts=frozenset({"evening"}))) == []


def test_sooner_is_before_the_present_time_and_the_earliest_first(here: Clinic) -> None:
    alternatives = wished(here, Wishes(sooner=True), limit=3)
    assert [f"{local(one):%a %H:%M}" for one in alternatives] == ["Mon 09:15", "Tue 08:00", "Wed 08:00"]


def test_who_is_in_a_hurry_gets_the_earliest_first(here: Clinic) -> None:
    mornings = frozenset({"morning"})
    own = here.booked("2026-11-25 10:00")
    unhurried, urgent = (
        find_alternatives(own, now=NOW, wishes=Wishes(parts=mornings, urgent=hurry), limit=3) for hurry in (False, True)
    )
    starts = [one.slot.starts_at for one in urgent]
    assert starts == sorted(starts)
    assert starts[0] < unhurried[0].slot.starts_at


def test_the_same_person_means_the_same_person(here: Clinic) -> None:
    AbsenceFactory(resource=here.provider, starts_at=NOW, ends_at=at("2026-11-27 00:00"))
    alternatives = wished(here, Wishes(person="same"))
    assert {one.slot.provider_id for one in alternatives} == {here.provider.pk}
    assert f"{local(alternatives[0]):%a %H:%M}" == "Fri 10:00"


def test_who_wishes_for_one_morning_gets_several_times_of_that_morning(here: Clinic) -> None:
    one_morning = Wishes(
        parts=frozenset({"morning"}), from_day=date(2026, 11, 26), until_day=date(2026, 11, 26), person="same"
    )
    alternatives = wished(here, one_morning)
    assert {local(one).date() for one in alternatives} == {date(2026, 11, 26)}
    assert len({one.slot.starts_at for one in alternatives}) == 5


def test_wishes_that_ask_for_nothing_are_none(here: Clinic) -> None:
    own = here.booked()
    assert find_alternatives(own, now=NOW, wishes=Wishes()) == find_alternatives(own, now=NOW)


def test_a_wish_is_never_met_by_the_present_time(here: Clinic) -> None:
    just_then = Wishes(from_day=date(2026, 11, 25), until_day=date(2026, 11, 25), person="same")
    assert at("2026-11-25 10:00") not in {one.slot.starts_at for one in wished(here, just_then, limit=40)}


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(),
        Wishes(days=frozenset({0, 5}), parts=frozenset({"evening", "morning"}), sooner=True),
        Wishes(from_day=date(2026, 11, 26), until_day=date(2026, 12, 1), person="same"),
    ],
)
def test_wishes_survive_being_stored(wishes: Wishes) -> None:
    assert Wishes.from_json(json.loads(json.dumps(wishes.to_json()))) == wishes


def test_stored_wishes_that_say_nothing_ask_for_nothing() -> None:
    assert Wishes.from_json({}) == Wishes()
