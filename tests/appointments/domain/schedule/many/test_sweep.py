"""One sheet for services of any length: where they fit, and how loosely."""

from zoneinfo import ZoneInfo

from appointments.domain.schedule.many.sweep import Calendar, Length, Sheet, Spans
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.stored.occupancy import Busy
from appointments.domain.schedule.wallclock import WallClock, minute_of
from tests.clock import at

EIGHT = minute_of(at("2026-11-24 08:00", "UTC"))


def a_sheet(
    *hours: tuple[int, int],
    busy: Busy = ([], []),
    reach: tuple[int, int] | None = None,
    full: tuple[int, int] | None = None,
) -> Sheet:
    """Of one resource, a start each quarter of an hour; all minutes counted from eight."""

    def spans(*pairs: tuple[int, int] | None) -> Spans:
        known = [pair for pair in pairs if pair]
        return Spans.of([([EIGHT + start for start, __ in known], [EIGHT + end for __, end in known])])

    opened = spans(*hours)
    occupied = Spans.of([([EIGHT + start for start in busy[0]], [EIGHT + end for end in busy[1]])])
    clock = WallClock(ZoneInfo("UTC"), Span(EIGHT - 600, EIGHT + 600))
    return Sheet(Calendar(clock, opened, spans(reach) if reach else opened, occupied, spans(full), 1), 15)


def found(sheet: Sheet, *, minutes: int = 30, before: int = 0, after: int = 0, reach: bool = False) -> list[int]:
    fits = sheet.fits(Length(minutes, before, after), reach=reach)
    return (sheet.starts[fits[:, 0]] - EIGHT).tolist()


def test_only_starts_at_which_somebody_is_there_stand_on_it() -> None:
    assert (a_sheet((0, 30), (60, 90)).starts - EIGHT).tolist() == [0, 15, 60, 75]


def test_it_fits_from_opening_until_it_would_end_after_closing() -> None:
    assert found(a_sheet((0, 60))) == [0, 15, 30]
    assert found(a_sheet((0, 60)), minutes=60) == [0]
    assert found(a_sheet((0, 60)), minutes=61) == []


def test_it_does_not_reach_from_one_open_span_into_the_next() -> None:
    assert found(a_sheet((0, 45), (50, 95))) == [0, 15, 60]


def test_buffers_are_free_but_may_reach_beyond_the_hours() -> None:
    sheet = a_sheet((0, 120), busy=([45], [60]))
    assert found(sheet) == [0, 15, 60, 75, 90]
    assert found(sheet, after=15) == [0, 60, 75, 90]
    assert found(sheet, after=16) == [60, 75, 90]
    assert found(sheet, before=15) == [0, 15, 75, 90]
    assert found(sheet, before=16) == [0, 15, 90]


def test_nothing_begins_on_a_full_day_but_what_has_begun_may_reach_into_it() -> None:
    assert found(a_sheet((0, 120), full=(30, 75))) == [0, 15, 75, 90]


def test_outside_the_hours_it_fits_where_somebody_may_offer() -> None:
    sheet = a_sheet((0, 60), reach=(-30, 75))
    assert found(sheet) == [0, 15, 30]
    assert found(sheet, reach=True) == [-30, -15, 0, 15, 30, 45]


def test_room_is_how_far_a_start_can_be_shifted() -> None:
    sheet = a_sheet((0, 120), busy=([60], [70]), reach=(-30, 200))
    length = Length(20, 5, 10)
    at_zero, at_75 = ((sheet.starts - EIGHT).tolist().index(start) for start in (0, 75))
    assert sheet.room(length)[at_zero, 0] == 30
    assert sheet.room(length)[at_75, 0] == 25
    assert sheet.room(length, reach=True)[at_zero, 0] == 60
    assert sheet.room(length, reach=True)[at_75, 0] == 105


def test_walls_follow_the_clock_across_its_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = minute_of(at("2027-03-28 01:00", "Europe/Berlin"))
    clock = WallClock(zone, Span(first, first + 180))
    always = Spans.of([([first], [first + 180])])
    sheet = Sheet(Calendar(clock, always, always, Spans.of([([], [])]), Spans.of([([], [])]), 1), 60)
    assert (sheet.walls - sheet.walls[0]).tolist() == [0, 120, 180]
    assert (sheet.starts - first).tolist() == [0, 60, 120]
