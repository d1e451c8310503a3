"""Which ways a job may take."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.disruptions.planner import choices
from appointments.domain.disruptions.planner.choices import Choices
from appointments.domain.disruptions.planner.placement import placement_of
from appointments.domain.disruptions.planner.problem import Kind, Present, Problem
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wishes import Wishes
from tests import plans
from tests.appointments.domain.disruptions.planner.worlds import problems
from tests.plans import clock

HOURS = plans.kind(
    [row for leader in (1, 2) for row in plans.alone(leader, *(clock(f"{hour}:00") for hour in range(9, 19)))]
)


def starts_of(leader: int = 1, *, of: Kind = HOURS, present: tuple[Present, ...] = (), **limits: Any) -> list[str]:
    """When one leader's ways remain to a job at 10:00 with leader 1, as the clock shows it."""
    problem = Problem((of,), (plans.job(at=clock("10:00"), **limits),), present=present)
    places = sorted(Choices(problem).all(0).places.tolist())
    minutes = [int(of.starts[place]) % plans.DAY for place in places if of.leaders[place] == leader]
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]


EVERY_HOUR = [f"{hour:02}:00" for hour in range(9, 19)]


def test_first_and_last_start_are_both_possible() -> None:
    assert starts_of() == EVERY_HOUR
    assert starts_of(earliest=clock("10:00"), latest=clock("12:00")) == ["10:00", "11:00", "12:00"]
    assert starts_of(earliest=clock("10:01"), latest=clock("11:59")) == ["11:00"]


def test_who_must_stay_with_the_same_person_has_no_way_with_another() -> None:
    assert (starts_of(1, same_person=True), starts_of(2, same_person=True)) == (EVERY_HOUR, [])
    person = Wishes(person="same")
    assert (starts_of(1, wishes=person), starts_of(2, wishes=person)) == (EVERY_HOUR, [])


def test_what_was_refused_is_a_time_with_a_person() -> None:
    refused = frozenset({(clock("11:00"), 1), (clock("12:00"), 2)})
    assert starts_of(1, refused=refused) == [hour for hour in EVERY_HOUR if hour != "11:00"]
    assert starts_of(2, refused=refused) == [hour for hour in EVERY_HOUR if hour != "12:00"]


def test_nobody_is_in_two_places_but_may_come_from_one_to_the_other() -> None:
    assert starts_of(busy=(Span(clock("11:30"), clock("13:00")),)) == [hour for hour in EVERY_HOUR if hour != "12:00"]
    busy = (Span(clock("11:29"), clock("13:01")),)
    assert starts_of(busy=busy) == [hour for hour in EVERY_HOUR if hour not in ("11:00", "12:00", "13:00")]


@pytest.mark.parametrize(
    ("wishes", "left"),
    [
        (Wishes(days=frozenset({0, 3})), EVERY_HOUR),
        (Wishes(days=frozenset({1})), []),
        (Wishes(parts=frozenset({"morning"})), ["09:00", "10:00", "11:00"]),
        (Wishes(parts=frozenset({"afternoon"})), ["12:00", "13:00", "14:00", "15:00", "16:00"]),
        (Wishes(parts=frozenset({"evening", "morning"})), ["09:00", "10:00", "11:00", "17:00", "18:00"]),
        (Wishes(from_day=date(2026, 11, 23), until_day=date(2026, 11, 23)), EVERY_HOUR),
        (Wishes(from_day=date(2026, 11, 24)), []),
        (Wishes(until_day=date(2026, 11, 22)), []),
        (Wishes(sooner=True), ["09:00"]),
    ],
)
def test_every_wish_is_met(wishes: Wishes, left: list[str]) -> None:
    assert starts_of(wishes=wishes) == left


def test_wishes_are_read_from_the_wall() -> None:
    late = plans.kind(plans.alone(1, clock("11:00"), clock("23:00")), ahead=60)
    assert starts_of(of=late, wishes=Wishes(parts=frozenset({"afternoon"}))) == ["11:00"]
    assert starts_of(of=late, wishes=Wishes(days=frozenset({1}))) == ["23:00"]
    assert starts_of(of=late, wishes=Wishes(from_day=date(2026, 11, 24))) == ["23:00"]
    assert starts_of(of=late, wishes=Wishes(until_day=date(2026, 11, 23))) == ["11:00"]


@pytest.mark.parametrize(
    ("start", "end", "gone"),
    [
        ("11:40", "12:25", ["12:00"]),
        ("11:39", "11:40", ["11:00"]),
        ("11:40", "11:55", []),
        ("11:40", "11:56", ["12:00"]),
    ],
)
def test_what_others_still_occupy_is_theirs_buffers_and_all(start: str, end: str, gone: list[str]) -> None:
    rows = plans.alone(1, *(clock(hour) for hour in EVERY_HOUR))
    buffered = plans.kind(rows, minutes=30, before=5, after=10)
    held = (Present(99, 1, clock(start), clock(end)),)
    assert starts_of(of=buffered, present=held) == [hour for hour in EVERY_HOUR if hour not in gone]


def test_a_job_may_have_what_it_still_occupies_itself() -> None:
    own, other = Present(1, 1, clock("10:00"), clock("10:30")), Present(99, 1, clock("10:15"), clock("10:45"))
    assert starts_of(present=(own,)) == EVERY_HOUR
    assert starts_of(present=(own, other)) == [hour for hour in EVERY_HOUR if hour != "10:00"]


@pytest.mark.parametrize("not_many", [0, choices.NOT_MANY])
def test_the_cheapest_few_come_first_and_all_are_there(monkeypatch: pytest.MonkeyPatch, not_many: int) -> None:
    monkeypatch.setattr(choices, "FEW", 3)
    monkeypatch.setattr(choices, "NOT_MANY", not_many)
    found = Choices(Problem((HOURS,), (plans.job(at=clock("10:00")),)))
    few, every = found.cheapest(0), found.all(0)
    assert [(int(HOURS.starts[place]), int(HOURS.leaders[place])) for place in few.places] == [
        (clock("10:00"), 1), (clock("09:00"), 1), (clock("10:00"), 2),
    ]  # fmt: skip
    assert few.costs.tolist() == [0, 120, 120]
    assert (every.places[:3].tolist(), len(every.places)) == (few.places.tolist(), 20)


def test_whoever_finds_the_cheapest_taken_looks_farther_and_farther(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "FEW", 3)
    days = plans.kind(plans.alone(1, *(clock("10:00", day) for day in range(100))))
    found = Choices(Problem((days,), (plans.job(at=clock("10:00")),)))
    assert [ways.places.tolist() for ways in found.widening(0)] == [list(range(days)) for days in (3, 8, 32, 100)]
    few = Choices(Problem((days.part(0, 2),), (plans.job(at=clock("10:00")),)))
    assert [ways.places.tolist() for ways in few.widening(0)] == [[0, 1]]


@settings(max_examples=200, print_blob=True)
@given(problem=problems(), data=st.data())
def test_by_brute_force_a_way_remains_if_nothing_forbids_it(problem: Problem, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(problem.jobs) - 1))
    job, kind = problem.jobs[number], problem.kinds[problem.jobs[number].kind]
    ways = Choices(problem).all(number)
    found = {placement_of(kind, place): cost for place, cost in zip(ways.places.tolist(), ways.costs, strict=True)}
    assert found == {
        way: plans.price(problem, job, way)
        for way in plans.ways(problem, job)
        if not list(plans.own_faults(problem, job, way))
    }
    assert ways.costs.tolist() == sorted(ways.costs)


@settings(max_examples=200, print_blob=True)
@given(problem=problems(), limit=st.sampled_from((0, 30, 120, 121, 500, 1500, 10**6)))
def test_within_a_limit_is_everything_that_costs_less(problem: Problem, limit: int) -> None:
    found = Choices(problem)
    for number in range(len(problem.jobs)):
        every = found.all(number)
        below = every.costs < limit
        assert found.within(number, limit).places.tolist() == every.places[below].tolist()
        assert [found.cost(number, place) for place in every.places.tolist()] == every.costs.tolist()
        allowed = {
            place
            for place in range(len(problem.kinds[problem.jobs[number].kind].starts))
            if found.allows(number, place)
        }
        assert allowed == set(every.places.tolist())


def test_ways_far_away_are_found_when_there_are_none_near() -> None:
    months = plans.kind(plans.alone(1, clock("10:00", 150), clock("10:00", 200)))
    for priority in (0.0, 1.0, 3.0):
        found = Choices(Problem((months,), (plans.job(at=clock("10:00"), priority=priority),)))
        assert found.cheapest(0).places.tolist() == [0, 1]
