"""On which clock a time without a zone is, and what is said about it."""

from datetime import date

import pytest

from tests.appointments.domain.imports.reading.ics.test_zones import CUSTOM_ZONE
from tests.appointments.domain.imports.reading.samples import calendar, event, read, said, shown, starts, times

NINE = event("DTSTART:20261124T090000", "DTEND:20261124T093000")
BERLIN, NOWHERE = ("X-WR-TIMEZONE:Europe/Berlin",), ("X-WR-TIMEZONE:Middle Earth",)


def test_a_calendar_that_names_no_zone_is_one_of_the_place() -> None:
    reading = read(calendar(NINE, NINE.replace("visit-1", "visit-2")))
    assert starts(reading) == ["2026-11-24 02:00"] * 2
    assert said(reading) == [
        (
            5,
            "note",
            "Times without a time zone were read in Asia/Jakarta, the zone of the place: the calendar names none. "
            "Say which it is, if it is another.",
        )
    ]


def test_a_calendar_with_the_zone_of_the_place_needs_no_warning() -> None:
    reading = read(calendar(NINE, head=("X-WR-TIMEZONE:SE Asia Standard Time",)), zone="Asia/Bangkok")
    assert (starts(reading), reading.rows[0].zone) == (["2026-11-24 02:00"], "Asia/Bangkok")
    sentence = "Times without a time zone were read in SE Asia Standard Time, the zone of the calendar."
    assert said(reading) == [(6, "note", sentence)]


def test_the_zone_of_the_calendar_counts_and_is_said_where_it_is_another() -> None:
    reading = read(calendar(NINE, head=BERLIN))
    assert times(reading) == [("2026-11-24 08:00", "2026-11-24 08:30")]
    assert reading.rows[0].zone == "Europe/Berlin"
    assert said(reading) == [
        (
            6,
            "warning",
            "Times without a time zone were read in Europe/Berlin, the zone of the calendar, and not in Asia/Jakarta, "
            "that of the place. Please check the hours, and say which it is, if it is another.",
        )
    ]


def test_an_unknown_zone_moves_nobody_it_costs_the_entry() -> None:
    other = event("DTSTART:20261124T073000Z", uid="other")
    reading = read(calendar(NINE, other, NINE.replace("visit-1", "visit-2"), head=NOWHERE))
    assert starts(reading) == ["2026-11-24 07:30"]
    sentence = (
        "“2026-11-24 09:00” has no time zone, and that of the calendar, “Middle Earth”, is not known, so the entry was "
        "left out. Say which it is."
    )
    assert said(reading) == [(6, "error", sentence), (15, "error", sentence)]


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (BERLIN, "Times without a time zone were read in Asia/Makassar, as you said."),
        ((), "Times without a time zone were read in Asia/Makassar, as you said."),
        (
            NOWHERE,
            "Times without a time zone were read in Asia/Makassar, as you said; the calendar names “Middle Earth”, "
            "which is not known.",
        ),
    ],
)
def test_what_whoever_imports_has_said_goes_first(head: tuple[str, ...], sentence: str) -> None:
    reading = read(calendar(NINE, head=head), zone="Asia/Makassar", zone_is_said=True)
    assert (starts(reading), reading.rows[0].zone) == (["2026-11-24 01:00"], "Asia/Makassar")
    assert [(level, text) for _line, level, text in said(reading)] == [("note", sentence)]


def test_the_file_may_say_what_its_own_zone_is() -> None:
    reading = read(calendar(NINE, head=("X-WR-TIMEZONE:Head Office", *CUSTOM_ZONE)))
    assert starts(reading) == ["2026-11-24 08:00"]
    assert [level for _line, level, _text in said(reading)] == ["note", "warning"]


@pytest.mark.parametrize("start", [":20261124T073000Z", ";VALUE=DATE:20261124", ";TZID=WIB:20261124T090000"])
def test_where_no_time_is_without_a_zone_nothing_is_said(start: str) -> None:
    assert said(read(calendar(event(f"DTSTART{start}"), head=NOWHERE))) == []


def test_each_of_several_calendars_in_a_file_has_its_own_clock() -> None:
    parts = [calendar(NINE.replace("visit-1", head[0]), head=head) for head in (BERLIN, ("X-WR-TIMEZONE:Asia/Tokyo",))]
    reading = read(parts[0] + parts[1])
    assert starts(reading) == ["2026-11-24 00:00", "2026-11-24 08:00"]
    assert [level for _line, level, _text in said(reading)] == ["warning", "warning"]


def test_a_series_is_on_the_same_clock_with_all_that_belongs_to_it() -> None:
    series = event(
        "DTSTART:20261023T090000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261120T090000",
        "EXDATE:20261106T090000",
        "RDATE:20261125T090000",
    )
    moved = event("RECURRENCE-ID:20261113T090000", "DTSTART:20261114T110000")
    reading = read(calendar(series, moved, head=BERLIN), window=(date(2026, 10, 1), date(2026, 12, 31)))
    assert starts(reading) == [
        "2026-10-23 07:00", "2026-10-30 08:00", "2026-11-14 10:00", "2026-11-20 08:00", "2026-11-25 08:00",
    ]  # fmt: skip
    alone = read(calendar(event("RECURRENCE-ID:20261113T090000"), head=BERLIN))
    assert [(shown(row.starts_at), row.recurrence_id) for row in alone.rows] == [
        ("2026-11-13 08:00", "20261113T080000Z")
    ]


@pytest.mark.parametrize(("day", "said_of"), [("20261029", 0), ("20261030", 1), ("20270702", 1), ("20270703", 0)])
def test_what_is_outside_on_every_clock_is_nobodys_business(day: str, said_of: int) -> None:
    reading = read(calendar(event(f"DTSTART:{day}T090000"), head=NOWHERE))
    assert len([text for _line, level, text in said(reading) if level == "error"]) == said_of


def test_a_series_that_began_long_ago_is_one_of_these_days() -> None:
    entry = event("DTSTART:20200101T090000", "RRULE:FREQ=WEEKLY")
    assert [level for _line, level, _text in said(read(calendar(entry, head=NOWHERE)))] == ["error"]
