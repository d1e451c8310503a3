"""How many more somebody may take on a day, on the clock of the place."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.day_limits import full, left, whole_days
from appointments.domain.schedule.wallclock import minute_of
from tests.clock import ZONE, at

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
NOON_TO_NOON = Span(minute_of(at("2026-11-24 12:00")), minute_of(at("2026-11-25 12:00")))


def begin(*texts: str) -> set[tuple[int, int]]:
    """Appointments with numbers from 1 on."""
    return {(number, minute_of(at(text))) for number, text in enumerate(texts, start=1)}


def test_a_window_touches_whole_days() -> None:
    clock = whole_days(ZoneInfo(ZONE), NOON_TO_NOON)
    assert clock.window == Span(minute_of(at("2026-11-24 00:00")), minute_of(at("2026-11-26 00:00")))


@pytest.mark.parametrize(("count", "more"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_what_begins_on_a_day_counts_against_its_limit(count: int, more: int) -> None:
    clock = whole_days(ZoneInfo(ZONE), NOON_TO_NOON)
    started = {7: begin(*[f"2026-11-24 {hour}:00" for hour in ("08", "13", "16")][:count])}
    assert left({7: 2}, started, clock) == {(7, TUESDAY): more, (7, WEDNESDAY): 2}
    whole = [Span(minute_of(at("2026-11-24 00:00")), minute_of(at("2026-11-25 00:00")))]
    assert full({7: 2}, started, clock) == ({} if more else {7: whole})


def test_midnight_on_the_wall_is_where_a_day_begins() -> None:
    clock = whole_days(ZoneInfo(ZONE), NOON_TO_NOON)
    started = {7: begin("2026-11-24 23:59", "2026-11-25 00:00")}
    assert left({7: 1}, started, clock) == {(7, TUESDAY): 0, (7, WEDNESDAY): 0}
    assert left({7: 2}, started, clock) == {(7, TUESDAY): 1, (7, WEDNESDAY): 1}


def test_an_appointment_counts_once_a_day_however_many_times_are_held_for_it() -> None:
    clock = whole_days(ZoneInfo(ZONE), NOON_TO_NOON)
    started = {7: {(1, minute_of(at(f"2026-11-{text}"))) for text in ("24 08:00", "24 10:00", "25 10:00")}}
    assert left({7: 3}, started, clock) == {(7, TUESDAY): 2, (7, WEDNESDAY): 2}


def test_the_day_on_which_the_clock_goes_forward_begins_at_its_own_midnight() -> None:
    noon = minute_of(at("2027-03-28 12:00", "Europe/Berlin"))
    clock = whole_days(ZoneInfo("Europe/Berlin"), Span(noon, noon + 60))
    assert clock.window.end - clock.window.start == 23 * 60
    started = {7: {(1, minute_of(at("2027-03-27 23:30", "Europe/Berlin")))}}
    assert left({7: 1}, started, clock) == {(7, date(2027, 3, 28)): 1}
