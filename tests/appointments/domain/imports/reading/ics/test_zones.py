"""Which clock an entry means."""

import pytest

from tests.appointments.domain.imports.reading.samples import calendar, event, levels, read, said, shown, starts

CUSTOM_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Head Office",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


@pytest.mark.parametrize(
    ("tzid", "zone", "start"),
    [
        ("America/New_York", "America/New_York", "2026-11-24 14:00"),
        ("america/new_york", "America/New_York", "2026-11-24 14:00"),
        ('"America/New_York"', "America/New_York", "2026-11-24 14:00"),
        ("Eastern Standard Time", "America/New_York", "2026-11-24 14:00"),
        ('"(UTC-05:00) Eastern Time (US & Canada)"', "America/New_York", "2026-11-24 14:00"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York", "2026-11-24 14:00"),
        ("(GMT-05:00) Eastern Time (US and Canada)", "America/New_York", "2026-11-24 14:00"),
        ('"GMT Standard Time"', "Europe/London", "2026-11-24 09:00"),
        ('"Greenwich Mean Time:Dublin; Edinburgh; Lisbon; London"', "Europe/London", "2026-11-24 09:00"),
        ("Greenwich Mean Time:Dublin; Edinburgh; Lisbon; London", "Europe/London", "2026-11-24 09:00"),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', "Europe/Berlin", "2026-11-24 08:00"),
        ("W. Europe Standard Time", "Europe/Berlin", "2026-11-24 08:00"),
        ("SE Asia Standard Time", "Asia/Bangkok", "2026-11-24 02:00"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin", "2026-11-24 08:00"),
        (
            "/mozilla.org/20050126_1/America/Argentina/Buenos_Aires",
            "America/Argentina/Buenos_Aires",
            "2026-11-24 12:00",
        ),
        ("WITA", "Asia/Makassar", "2026-11-24 01:00"),
        ("GMT+0700", "Etc/GMT-7", "2026-11-24 02:00"),
        ("tzone://Microsoft/Utc", "UTC", "2026-11-24 09:00"),
    ],
)
def test_known_names_of_zones_become_the_same_clock(tzid, zone, start):
    reading = read(calendar(event(f"DTSTART;TZID={tzid}:20261124T090000")))
    assert (starts(reading), reading.rows[0].zone, said(reading)) == ([start], zone, [])


def test_a_zone_that_only_the_file_knows_follows_the_rules_in_the_file():
    entries = [
        event("DTSTART;TZID=Head Office:20261124T090000", uid="winter"),
        event("DTSTART;TZID=Head Office:20270524T090000", uid="summer"),
    ]
    reading = read(calendar(*entries, head=CUSTOM_ZONE))
    assert starts(reading) == ["2026-11-24 08:00", "2027-05-24 07:00"]
    assert {row.zone for row in reading.rows} == {"Asia/Jakarta"}
    assert said(reading) == [
        (20, "note", "The time zone “Head Office” is not a known one; its rules were taken from the file.")
    ]


def test_the_file_may_say_which_known_zone_its_own_name_stands_for():
    head = (*CUSTOM_ZONE[:2], "X-LIC-LOCATION:Europe/Madrid", *CUSTOM_ZONE[2:])
    reading = read(calendar(event("DTSTART;TZID=Head Office:20261124T090000"), head=head))
    assert (starts(reading), reading.rows[0].zone) == (["2026-11-24 08:00"], "Europe/Madrid")


def test_an_unknown_zone_is_the_calendars_zone_and_is_reported_once():
    entries = [event("DTSTART;TZID=Middle Earth:20261124T090000", uid=str(number)) for number in range(3)]
    reading = read(calendar(*entries, head=("X-WR-TIMEZONE:Europe/Berlin",)))
    assert starts(reading) == ["2026-11-24 08:00"] * 3
    assert said(reading) == [
        (
            6,
            "warning",
            "The time zone “Middle Earth” is not known; Europe/Berlin was used instead. Please check the hours.",
        )
    ]


def test_an_unknown_zone_without_any_help_is_the_default_zone():
    reading = read(calendar(event("DTSTART;TZID=Middle Earth:20261124T090000")))
    assert starts(reading) == ["2026-11-24 02:00"]
    assert levels(reading) == [(5, "warning")]


def test_each_of_several_calendars_in_a_file_has_its_own_zones():
    one = calendar(event("DTSTART;TZID=X:20261124T090000", uid="one"), head=("X-WR-TIMEZONE:Europe/Berlin",))
    two = calendar(event("DTSTART;TZID=X:20261124T090000", uid="two"), head=("X-WR-TIMEZONE:Asia/Tokyo",))
    assert {row.uid: shown(row.starts_at) for row in read(one + two).rows} == {
        "one": "2026-11-24 08:00",
        "two": "2026-11-24 00:00",
    }


def test_a_zone_definition_that_says_nothing_is_no_definition():
    head = ("BEGIN:VTIMEZONE", "X-INVALID:TRUE", "END:VTIMEZONE", "BEGIN:VTIMEZONE", "TZID:Odd", "END:VTIMEZONE")
    reading = read(calendar(event("DTSTART;TZID=Odd:20261124T143000"), head=head))
    assert (starts(reading), levels(reading)) == (["2026-11-24 07:30"], [(11, "warning")])


LISBON = """BEGIN:VTIMEZONE
TZID:Europe/{name}
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0{summer}00
TZOFFSETTO:+0{winter}00
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0{winter}00
TZOFFSETTO:+0{summer}00
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")


def test_a_known_zone_that_the_file_defines_otherwise_is_said_with_both_instants() -> None:
    entries = [event(f"DTSTART;TZID=Europe/lisbon:2027031{day}T090000", uid=f"{day}@x.example") for day in (7, 8)]
    reading = read(calendar(LISBON.format(name="lisbon", winter=1, summer=2), *entries))
    assert starts(reading) == ["2027-03-17 09:00", "2027-03-18 09:00"]
    ((line, level, sentence),) = said(reading)
    assert (line, level) == (20, "warning")
    assert "2027-03-17 09:00 was taken as 2027-03-17 09:00 UTC, and not as 2027-03-17 08:00 UTC" in sentence


@pytest.mark.parametrize("start", ["20270317T090000", "20050317T090000", "20270617T090000"])
def test_a_known_zone_that_the_file_defines_as_it_is_needs_no_word(start: str) -> None:
    entry = event(f"DTSTART;TZID=Europe/lisbon:{start}")
    reading = read(calendar(LISBON.format(name="lisbon", winter=0, summer=1), entry))
    assert "warning" not in [level for _line, level in levels(reading)]
