"""How moments read: zones named, days where the reader is, hours right on the days when clocks change."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from notifications.text import when as writing
from tests.clock import at

JAKARTA, MAKASSAR, JAYAPURA = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
AFTERNOON = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def write(template: str, **values: object) -> str:
    return Template("{% load when %}" + template).render(Context(values))


@pytest.mark.parametrize(
    ("zone", "language", "style", "expected"),
    [
        (JAKARTA, "en", "long", "Tuesday, 24 November 2026 at 14:30 WIB"),
        (JAKARTA, "en", "short", "Tue 24 Nov, 14:30 WIB"),
        (JAKARTA, "id", "long", "Selasa, 24 November 2026 pukul 14.30 WIB"),
        (JAKARTA, "id", "short", "Sel 24 Nov, 14.30 WIB"),
        (MAKASSAR, "id", "long", "Selasa, 24 November 2026 pukul 15.30 WITA"),
        (JAYAPURA, "id-ID", "long", "Selasa, 24 November 2026 pukul 16.30 WIT"),
        ("Europe/Berlin", "en", "short", "Tue 24 Nov, 08:30 CET"),
        ("Asia/Dubai", "en", "short", "Tue 24 Nov, 11:30 UTC+4"),
        ("Asia/Kathmandu", "id", "short", "Sel 24 Nov, 13.15 UTC+5:45"),
        ("America/Sao_Paulo", "en", "short", "Tue 24 Nov, 04:30 UTC-3"),
        ("UTC", "en", "short", "Tue 24 Nov, 07:30 UTC"),
        (JAKARTA, "fr", "short", "Tue 24 Nov, 14:30 WIB"),
    ],
)
def test_one_moment_reads_as_people_there_say_it(zone: str, language: str, style: writing.Style, expected: str) -> None:
    assert writing.when(AFTERNOON, zone, language, style) == expected
    assert writing.when(AFTERNOON.isoformat(), zone, language, style) == expected
    assert writing.when("2026-11-24T07:30:00Z", ZoneInfo(zone), language, style) == expected


def test_the_day_is_the_readers_day_and_not_that_of_greenwich() -> None:
    late = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    assert writing.day(late, JAKARTA, "id") == "Jumat, 1 Januari 2027"
    assert writing.day(late, "America/New_York", "en") == "Thursday, 31 December 2026"
    assert writing.weekday(late, JAKARTA, "en") == "Friday"
    assert writing.day(date(2026, 5, 3), JAKARTA, "id", "short") == "Min 3 Mei"
    assert writing.day("2026-05-03", JAKARTA, "en") == "Sunday, 3 May 2026"


def test_a_delivery_window_says_both_hours_and_the_zone_once() -> None:
    start, end = datetime(2026, 11, 24, 6, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert writing.window(start, end, JAKARTA, "en") == "13:00–15:00 WIB"
    assert writing.window(start, end, JAKARTA, "id") == "pukul 13.00–15.00 WIB"
    assert writing.span(start, end, JAKARTA, "en") == "Tuesday, 24 November 2026, 13:00–15:00 WIB"
    assert writing.span(start, end, JAKARTA, "id") == "Selasa, 24 November 2026 pukul 13.00–15.00 WIB"
    assert writing.span(start, end, JAKARTA, "id", "short") == "Sel 24 Nov, 13.00–15.00 WIB"
    assert writing.between(start, end, JAKARTA, "en") == "Tuesday, 24 November 2026 between 13:00 and 15:00 WIB"
    assert writing.between(start, end, JAKARTA, "id") == "Selasa, 24 November 2026 antara pukul 13.00 dan 15.00 WIB"


def test_a_span_over_midnight_names_both_days() -> None:
    start, end = datetime(2026, 11, 24, 15, tzinfo=UTC), datetime(2026, 11, 24, 19, tzinfo=UTC)
    expected = "Tuesday, 24 November 2026 at 22:00 WIB – Wednesday, 25 November 2026 at 02:00 WIB"
    assert writing.window(start, end, JAKARTA, "en") == expected
    assert writing.span(start, end, JAKARTA, "en") == expected
    assert writing.between(start, end, JAKARTA, "en") == expected


def test_from_midnight_to_midnight_it_is_whole_days_without_hours() -> None:
    first, next_day, third = (at(f"2026-12-0{day} 00:00") for day in (1, 2, 4))
    said = {language: writing.span(first, next_day, JAKARTA, language, "short") for language in ("en", "id")}
    assert said == {"en": "Tue 1 Dec, all day", "id": "Sel 1 Des, seharian"}
    assert writing.span(first, next_day, JAKARTA, "id") == "Selasa, 1 Desember 2026, seharian"
    assert writing.span(first, third, JAKARTA, "en", "short") == "Tue 1 Dec – Thu 3 Dec"
    assert writing.between(first, next_day, JAKARTA, "en") == "Tuesday, 1 December 2026, all day"
    assert writing.span(first, next_day, "Asia/Makassar", "en", "short") == (
        "Tue 1 Dec, 01:00 WITA – Wed 2 Dec, 01:00 WITA"
    )
    until_noon = at("2026-12-02 12:00")
    assert writing.span(first, until_noon, JAKARTA, "en", "short") == "Tue 1 Dec, 00:00 WIB – Wed 2 Dec, 12:00 WIB"


def test_half_past_two_happens_twice_in_berlin_and_each_is_named() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert writing.when(first, "Europe/Berlin", "en", "short") == "Sun 25 Oct, 02:30 CEST"
    assert writing.when(second, "Europe/Berlin", "en", "short") == "Sun 25 Oct, 02:30 CET"
    assert writing.window(first, second, "Europe/Berlin", "en") == "02:30 CEST–02:30 CET"
    assert writing.between(first, second, "Europe/Berlin", "en") == (
        "Sunday, 25 October 2026 between 02:30 CEST and 02:30 CET"
    )


def test_the_hour_that_does_not_exist_is_never_written() -> None:
    start = datetime(2026, 3, 8, 6, 45, tzinfo=UTC)
    end = start + timedelta(minutes=30)
    assert writing.window(start, end, "America/New_York", "en") == "01:45 EST–03:15 EDT"


@pytest.mark.parametrize(
    ("distance", "english", "indonesian"),
    [
        (timedelta(seconds=20), "now", "sekarang"),
        (timedelta(seconds=-20), "now", "sekarang"),
        (timedelta(minutes=1), "in 1 min", "1 menit lagi"),
        (timedelta(minutes=25), "in 25 min", "25 menit lagi"),
        (timedelta(minutes=59, seconds=40), "in 1 h", "1 jam lagi"),
        (timedelta(hours=3, seconds=-5), "in 3 h", "3 jam lagi"),
        (timedelta(hours=-2), "2 h ago", "2 jam lalu"),
        (timedelta(hours=35), "in 35 h", "35 jam lagi"),
        (timedelta(hours=36), "in 2 days", "2 hari lagi"),
        (timedelta(days=-3), "3 days ago", "3 hari lalu"),
        (timedelta(days=14), "in 14 days", "14 hari lagi"),
    ],
)
def test_how_far_away_it_is(distance: timedelta, english: str, indonesian: str) -> None:
    assert writing.left(AFTERNOON + distance, AFTERNOON, "en") == english
    assert writing.left((AFTERNOON + distance).isoformat(), AFTERNOON, "id") == indonesian


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        writing.when("2026-11-24T14:30:00", JAKARTA, "en")
    with pytest.raises(ValueError, match="not a time zone we know"):
        writing.when(AFTERNOON, "Asia/Nowhere", "en")
    with pytest.raises(ValueError, match="Invalid isoformat"):
        writing.when("tomorrow", JAKARTA, "en")


def test_pages_and_messages_write_with_the_same_filters() -> None:
    values = {"x": AFTERNOON, "end": AFTERNOON + timedelta(hours=2), "zone": MAKASSAR, "now": AFTERNOON}
    with translation.override("id"):
        assert write("{{ x|when:zone }}", **values) == "Selasa, 24 November 2026 pukul 15.30 WITA"
        assert write("{{ x|when_short:zone }}", **values) == "Sel 24 Nov, 15.30 WITA"
        assert write("{{ x|day:zone }} / {{ x|day_short:zone }}", **values) == "Selasa, 24 November 2026 / Sel 24 Nov"
        assert write("{{ x|weekday:zone }} {{ x|hour:zone }}", **values) == "Selasa 15.30 WITA"
        assert write("{{ x|clock:zone }}", **values) == "15.30"
        assert write("{{ end|left:now }}", **values) == "2 jam lagi"
        assert write("{% window x end zone %}", **values) == "pukul 15.30–17.30 WITA"
        assert write("{% span_short x end zone %}", **values) == "Sel 24 Nov, 15.30–17.30 WITA"
        assert write("{% window x end zone %}", **values, language="en") == "15:30–17:30 WITA"


def test_the_language_in_force_decides_and_never_the_zone_in_force() -> None:
    with translation.override("en"):
        assert write("{{ x|when:zone }}", x=AFTERNOON, zone=JAKARTA) == "Tuesday, 24 November 2026 at 14:30 WIB"
        assert write("{{ x|when:zone }}{{ x|left:now }}", x=None, zone=JAKARTA, now=AFTERNOON) == ""


@given(
    moment=st.datetimes(
        min_value=datetime(1990, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
        max_value=datetime(2060, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from([JAKARTA, MAKASSAR, JAYAPURA, "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
)
def test_what_is_written_is_what_the_wall_clock_there_shows(moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    assert writing.clock(moment, zone, "en") == f"{local:%H:%M}"
    assert writing.day(moment, zone, "en") == f"{local:%A}, {local.day} {local:%B} {local.year}"


def test_every_offset_without_letters_is_written_as_a_distance() -> None:
    for minutes in range(-12 * 60, 14 * 60 + 1, 15):
        zone = timezone(timedelta(minutes=minutes))
        hours, rest = divmod(abs(minutes), 60)
        expected = "UTC" + (
            f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else ""
        )
        assert writing.zone_name(AFTERNOON, zone) == expected
