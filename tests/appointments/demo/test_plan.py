"""The thought-out diary: within hours, on the grid, nobody and no room twice."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from appointments.demo.chance import dice
from appointments.demo.plan import Job, Timeline, Visit, fill_day, on_grid, thin_out

MAKASSAR = ZoneInfo("Asia/Makassar")
DOCTOR, MIDWIFE, ROOM, OTHER_ROOM, MACHINE = range(1, 6)
CHECK = Job("check", 30, 5, 10, 15, 2.0, frozenset({DOCTOR, MIDWIFE}), ((ROOM, OTHER_ROOM), (MACHINE,)))
TALK = Job("talk", 20, 0, 10, 10, 1.0, frozenset({DOCTOR}), ((ROOM,),))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=MAKASSAR)


def one_day(seed: int) -> tuple[Timeline, list[Visit]]:
    day = Timeline({resource: [(at(8), at(12)), (at(13), at(16))] for resource in range(1, 6)})
    day.working[MACHINE] = [(at(9), at(14))]
    return day, fill_day(
        dice(seed, "day"), day, place="makassar", providers=[DOCTOR, MIDWIFE], jobs=[CHECK, TALK], zone=MAKASSAR
    )


@pytest.mark.parametrize("seed", range(12))
def test_nobody_and_nothing_is_planned_twice_at_a_time(seed: int) -> None:
    __, visits = one_day(seed)

    def occupied(visit: Visit) -> tuple[datetime, datetime]:
        return (
            visit.starts_at - timedelta(minutes=visit.job.before),
            visit.ends_at + timedelta(minutes=visit.job.after),
        )

    for one, other in combinations(visits, 2):
        if set(one.resources) & set(other.resources):
            (since, until), (start, end) = occupied(one), occupied(other)
            assert until <= start or end <= since


@pytest.mark.parametrize("seed", range(12))
def test_a_visit_lies_within_the_hours_of_all_it_needs_and_on_the_grid(seed: int) -> None:
    day, visits = one_day(seed)

    assert visits
    for visit in visits:
        assert visit.starts_at.astimezone(MAKASSAR).minute % visit.job.grid == 0
        assert visit.ends_at - visit.starts_at == timedelta(minutes=visit.job.minutes)
        assert len(visit.resources) == 1 + len(visit.job.needs)
        assert all(day.works(resource, visit.starts_at, visit.ends_at) for resource in visit.resources)


def test_the_grid_counts_from_midnight_on_the_wall() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")  # 5:45 ahead of UTC
    moment = datetime(2026, 11, 24, 3, 20, tzinfo=UTC)

    assert on_grid(moment, 30, kathmandu).astimezone(kathmandu).strftime("%H:%M") == "09:30"
    assert on_grid(at(8, 30), 30, MAKASSAR) == at(8, 30)


def test_the_days_ahead_are_the_emptier_the_farther_they_are() -> None:
    today = date(2026, 11, 24)
    visits = [
        Visit("makassar", TALK, DOCTOR, (DOCTOR, ROOM), at(9) + timedelta(days=day), at(10) + timedelta(days=day))
        for day in range(-40, 41)
        for __ in range(10)
    ]

    kept = thin_out(dice(1, "plan"), visits, keep=500, today=today)

    def between(first: int, last: int) -> int:
        return sum(first <= (visit.starts_at.date() - today).days < last for visit in kept)

    assert len(kept) == 500
    assert kept == sorted(kept, key=lambda visit: visit.starts_at)
    assert between(-40, 0) > between(5, 40) > 0
    assert between(5, 20) > between(25, 40)
