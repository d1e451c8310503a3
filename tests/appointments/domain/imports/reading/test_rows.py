"""What a file says in the end: rows that keep their identity."""

from datetime import date

from tests.appointments.domain.imports.reading.samples import MORNING, calendar, event, read


def test_each_date_of_a_series_has_its_own_identity_that_stays():
    reading = read(calendar(event(MORNING, "RRULE:FREQ=WEEKLY;COUNT=3")))
    assert [row.identity for row in reading.rows] == [
        "visit-1@example.com#20261201T020000Z",
        "visit-1@example.com#20261208T020000Z",
        "visit-1@example.com#20261215T020000Z",
    ]
    later = read(calendar(event(MORNING, "RRULE:FREQ=WEEKLY;COUNT=3")), window=(date(2026, 12, 5), date(2026, 12, 31)))
    assert [row.identity for row in later.rows] == [row.identity for row in reading.rows[1:]]


def test_an_entry_that_does_not_repeat_is_known_by_its_uid_alone():
    assert [row.identity for row in read(calendar(event(MORNING))).rows] == ["visit-1@example.com"]


def test_entries_without_a_uid_get_one_that_stays():
    entry = event(MORNING, "SUMMARY:Visit", uid="")
    other = event(MORNING, "SUMMARY:Other visit", uid="")
    first, second = read(calendar(entry, other)), read(calendar(other, entry, head=("X-NEW:1",)))
    assert {row.identity for row in first.rows} == {row.identity for row in second.rows}
    assert len({row.identity for row in first.rows}) == 2


def test_a_very_long_uid_still_fits_and_stays():
    one, two = (read(calendar(event(MORNING, uid="u" * 5000 + end))).rows[0].identity for end in ("a", "a"))
    assert one == two
    assert len(one) <= 255
