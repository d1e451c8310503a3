"""Files meant to hurt: whatever comes in, a reading comes out, soon, and fit to be stored."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.domain.imports.reading import Reading
from tests.appointments.domain.imports.reading.samples import calendar, event, read, said, starts, table

pytestmark = pytest.mark.slow

FILES = (
    "icalendar-issue_722_missing_timezones.ics",
    "icalendar-multiple_timezones.ics",
    "icaljs-google_birthday.ics",
    "icaljs-recur_instances.ics",
    "ics-parser-google-export.ics",
)
WORDS = [
    *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:X", "BEGIN:STANDARD", "END:STANDARD"),
    *("TZOFFSETFROM:+9999", "TZOFFSETTO:-0100", "DTSTART;TZID=X:20261124T090000", "DTSTART:20261124", "END:VTIMEZONE"),
    *(
        "DTSTART:99990101T000000Z",
        "DTSTART:10000101T000000",
        "DTEND:10000101",
        "DURATION:-P999999W",
        "DURATION:P999999D",
    ),
    *("RRULE:FREQ=YEARLY", "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=HOURLY;UNTIL=99991231", "EXDATE:20261124", "UID:1"),
    *("RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T090000", "RECURRENCE-ID:20261124", "RDATE;VALUE=PERIOD:20261124/P9D"),
    *("STATUS:CANCELLED", "SEQUENCE:99999999999999999999", "SEQUENCE:5", 'ATTENDEE;CN="x:mailto:a@b', " ", "\t", ";=:"),
    *(
        "METHOD:CANCEL",
        "X-WR-TIMEZONE:Mars",
        "BEGIN:VALARM",
        "END:VCALENDAR",
        "END:X",
        "RDATE;VALUE=TIME:0900",
        "EXRULE:",
    ),
    *("SUMMARY:\x00", "DTSTART;TZID=America/New_York:20270314T023000", "DTEND;VALUE=DATE:20261125", "DURATION:PT30M"),
]


def check(reading: Reading) -> None:
    """What every reading promises."""
    for row in reading.rows:
        assert row.starts_at.utcoffset() == timedelta()
        assert row.ends_at is None or row.ends_at > row.starts_at
        assert len(row.identity) <= 255
        texts = (row.uid, row.summary, row.description, row.place, row.customer_name, row.customer_email, row.note)
        for text in (*texts, row.customer_phone, row.service, row.provider, row.location, row.zone):
            assert text.encode("utf-8") is not None
            assert "\x00" not in text
            assert len(text) <= 10_000
        for text in (row.summary, row.customer_name, row.customer_email, row.service, row.provider, row.location):
            assert "\n" not in text
            assert len(text) <= 300
    assert len({row.identity for row in reading.rows}) == len(reading.rows)
    for problem in reading.problems:
        assert str(problem.message)
        assert problem.level in ("error", "warning", "note")
        assert problem.line >= 0


@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(data):
    check(read(data))
    check(read(b"BEGIN:VEVENT\n" + data + b"\nEND:VEVENT"))
    check(table(data))
    check(table(b"Name,Start,Note\n" + data))


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from(["\n", "\r\n", "\n ", ""]))
def test_random_sequences_of_lines_are_read_or_refused(words, end):
    check(read((end or "\n").join(words)))


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.text(alphabet='",;|\n\t =+-@\x000123456789/:.aA\u202e', max_size=12), max_size=30),
    st.sampled_from(",;\t|"),
)
def test_random_tables_are_read_or_refused(cells, delimiter):
    check(table("Name,Start,End,Note\n".replace(",", delimiter) + delimiter.join(cells)))


@pytest.mark.parametrize("name", FILES)
def test_real_calendars_with_bytes_changed_are_read_or_refused(wild, name):
    original = wild(name)
    chance = random.Random(name)
    for _number in range(15):
        data = bytearray(original)
        for _change in range(chance.randint(1, 30)):
            place = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    del data[place : place + chance.randint(1, 60)]
                case 2:
                    data[place:place] = data[: chance.randint(1, 200)]
                case _other:
                    data[place:place] = bytes(chance.choices(b'0123456789TZ;:,=\r\n "', k=5))
        check(read(bytes(data), max_instances=50))


@pytest.mark.parametrize("name", FILES)
def test_real_calendars_cut_off_anywhere_are_read_or_refused(wild, name):
    original = wild(name)
    for end in range(0, len(original), max(1, len(original) // 25)):
        check(read(original[:end], max_instances=20))


def test_a_rule_for_every_second_gives_no_more_than_is_allowed():
    reading = read(calendar(event("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY")), max_instances=100)
    assert len(reading.rows) == 100
    assert starts(reading)[0] == "2026-10-31 17:00"
    assert said(reading) == [(3, "error", "This entry repeats too often: only its first 100 dates were taken.")]


def test_many_such_rules_give_no_more_rows_than_a_file_may():
    entries = [event("DTSTART:20261124T000000Z", "RRULE:FREQ=SECONDLY", uid=str(number)) for number in range(20)]
    reading = read(calendar(*entries), max_instances=100, max_rows=1000)
    assert len(reading.rows) == 1000
    assert (0, "error", "There are more than 1000 appointments; the rest was left out.") in said(reading)


def test_a_rule_that_would_count_for_ever_costs_only_its_own_dates():
    bomb = event("DTSTART:19010101T000000Z", "RRULE:FREQ=MINUTELY;BYHOUR=9;COUNT=1000000000", uid="bomb")
    good = event("DTSTART:20261201T020000Z", "RRULE:FREQ=WEEKLY;COUNT=2", uid="good")
    reading = read(calendar(bomb, good))
    assert starts(reading) == ["2026-12-01 02:00", "2026-12-08 02:00"]
    assert said(reading) == [
        (6, "error", "The rule of this series asks for too many dates to work out; some of them are missing.")
    ]


def test_a_file_with_too_many_bytes_or_entries_is_refused_with_a_sentence():
    data = calendar(*(event("DTSTART:20261124T000000Z", uid=str(number)) for number in range(11)))
    assert said(read(data, max_events=10)) == [
        (0, "error", "The file holds too much: more than 10 entries, or very long ones. Please export a shorter time.")
    ]
    assert len(read(data, max_events=11).rows) == 11
    assert said(read(data, max_bytes=100)) == [
        (0, "error", "The file is larger than 1 MB. Please export a shorter time.")
    ]


@pytest.mark.slow
def test_twenty_thousand_entries_are_all_read():
    lines = (
        "DTSTART;TZID=Asia/Jakarta:20261124T143000",
        "DURATION:PT30M",
        "SUMMARY:Visit",
        "ATTENDEE;CN=A:mailto:a@b.c",
    )
    reading = read(calendar(*(event(*lines, uid=str(number)) for number in range(20_000))))
    assert (len(reading.rows), said(reading)) == (20_000, [])


@pytest.mark.parametrize("sign", ['"', ":", ";", ",", "\n ", "=", "BEGIN:A\n", "END:A\n", "a@", "<", "(", "\\", '"\n'])
def test_long_runs_of_one_sign_are_no_trap(sign):
    run = sign.encode() * 10_000
    check(
        read(
            b"BEGIN:VEVENT\nDTSTART:20261124T000000Z\nATTENDEE;CN="
            + run
            + b":"
            + run
            + b"\nSUMMARY:"
            + run
            + b"\nEND:VEVENT"
        )
    )
    check(table(b"Name,Start,Email\n" + run + b",2026-11-24 10:00," + run))
    check(table(run))


@pytest.mark.slow
def test_an_entry_of_a_million_lines_is_refused_with_a_sentence():
    reading = read(b"BEGIN:VEVENT\n" + b"UID:\n" * 1_000_001 + b"END:VEVENT\n")
    assert [problem.level for problem in reading.errors] == ["error"]
    assert reading.rows == ()


def test_a_table_of_nothing_but_delimiters_is_refused_with_a_sentence():
    assert said(table(b"Name,Start\n" + b",\n" * 200, max_rows=10)) == [
        (0, "error", "The file has more than 10 rows. Please import it in parts.")
    ]
    blank = table(b"Name,Start\n" + b"\n" * 200_000 + b"A,2026-11-24 10:00", max_rows=10)
    assert [row.line for row in blank.rows] == [200_002]


def test_components_nested_very_deep_are_no_trap():
    deep = b"BEGIN:A\n" * 100_000 + b"END:B\n" * 100_000
    reading = read(b"BEGIN:VCALENDAR\n" + deep + event("DTSTART:20261124T000000Z").encode() + b"END:VCALENDAR\n")
    assert starts(reading) == ["2026-11-24 00:00"]


def test_words_that_mean_something_to_a_page_or_a_format_are_only_words():
    nasty = "<script>alert(1)</script> {0} %s %(x)s ${7*7} {{ 7*7 }}"
    reading = read(calendar(event("DTSTART:20261124T000000Z", f"SUMMARY:{nasty}")))
    assert [row.summary for row in reading.rows] == [nasty]
    refused = read(calendar(event(f"DTSTART:{nasty}")))
    assert said(refused) == [(5, "error", f"“{nasty}” is not a date that exists, so this entry was left out.")]
