"""Names of zones, and clocks that a file defines."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from appointments.domain.imports.reading import zones

HOUR = timedelta(hours=1)


def test_every_windows_zone_is_known_by_its_name_and_by_what_windows_shows():
    for name, iana in WINDOWS_TO_OLSON.items():
        found = zones.find_zone(name)
        assert found is not None, name
        assert found.name == ("UTC" if iana == "Etc/UTC" else iana)
    for name, shown in zones._SHOWN_BY_WINDOWS.items():
        for text in (shown, f"(UTC+01:00) {shown.title()}", f"(GMT) {shown}"):
            found = zones.find_zone(text)
            assert found is not None, text
            assert found.name == WINDOWS_TO_OLSON[name]


@pytest.mark.parametrize(
    "name", ["", "Nowhere", "Germany/Berlin", "../../etc/passwd", "Europe", "x" * 500, "\x00", "localtime"]
)
def test_what_is_no_zone_is_none(name):
    assert zones.find_zone(name) is None


@pytest.mark.parametrize(
    ("name", "hours", "remembered"),
    [
        ("UTC+7", 7, "Etc/GMT-7"),
        ("GMT-05:00", -5, "Etc/GMT+5"),
        ("+0530", 5.5, ""),
        ("-0930", -9.5, ""),
        ("+00:00", 0, "UTC"),
    ],
)
def test_offsets_are_clocks_that_never_change(name, hours, remembered):
    found = zones.find_zone(name)
    assert found is not None
    assert (found.clock.utcoffset(datetime(2026, 1, 1, tzinfo=UTC)), found.name) == (timedelta(hours=hours), remembered)


def _berlin_from_a_file() -> zones.FileZone:
    onsets = []
    for year, (spring, autumn) in {2026: (29, 25), 2027: (28, 31), 2028: (26, 29)}.items():
        onsets.append(zones.Onset(datetime.fromisoformat(f"{year}-03-{spring}T02:00"), HOUR, 2 * HOUR))
        onsets.append(zones.Onset(datetime.fromisoformat(f"{year}-10-{autumn}T03:00"), 2 * HOUR, HOUR))
    return zones.FileZone(onsets)


@given(st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-12-31")))
def test_a_zone_from_a_file_agrees_with_the_same_zone_that_is_known(moment):
    ours, theirs = _berlin_from_a_file(), ZoneInfo("Europe/Berlin")
    assert zones.to_utc(moment, ours) == zones.to_utc(moment, theirs)
    assert zones.clock_change(moment, ours) == zones.clock_change(moment, theirs)
    instant = moment.replace(tzinfo=UTC)
    assert zones.on_the_clock(instant, ours) == zones.on_the_clock(instant, theirs)


@pytest.mark.parametrize(
    "wall",
    [
        "2027-03-28T02:00",
        "2027-03-28T02:59",
        "2027-03-28T03:00",
        "2027-10-31T02:00",
        "2027-10-31T02:59",
        "2027-10-31T03:00",
        "2027-10-31T01:59",
    ],
)
def test_the_edges_of_a_change_agree_too(wall):
    moment = datetime.fromisoformat(wall)
    ours, theirs = _berlin_from_a_file(), ZoneInfo("Europe/Berlin")
    assert zones.to_utc(moment, ours) == zones.to_utc(moment, theirs)
    assert zones.clock_change(moment, ours) == zones.clock_change(moment, theirs)
