"""Calendars that real programs wrote, with every instant worked out by hand or by the clock of the place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.appointments.domain.imports.reading.samples import read, said, shown, starts, times

EVER = (date(1900, 1, 1), date(2100, 1, 1))
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def test_the_first_tuesdays_still_run(wild):
    reading = read(wild("icaljs-recur_instances.ics"), window=(date(2026, 11, 21), date(2027, 3, 31)))
    # Ten in the morning in Los Angeles: 18:00 UTC in winter, 17:00 once summer time has begun.
    assert times(reading) == [
        ("2026-12-01 18:00", "2026-12-01 18:30"),
        ("2027-01-05 18:00", "2027-01-05 18:30"),
        ("2027-02-02 18:00", "2027-02-02 18:30"),
        ("2027-03-02 18:00", "2027-03-02 18:30"),
    ]
    summer = read(wild("icaljs-recur_instances.ics"), window=(date(2027, 4, 1), date(2027, 4, 30)))
    assert times(summer) == [("2027-04-06 17:00", "2027-04-06 17:30")]
    assert {row.identity for row in reading.rows} == {
        f"623c13c0-6c2b-45d6-a12b-c33ad61c4868#{day}T180000Z"
        for day in ("20261201", "20270105", "20270202", "20270302")
    }
    row = reading.rows[0]
    assert (row.customer_name, row.customer_email, row.provider, row.location, row.zone, row.line) == (
        "Sahaja Lal",
        "calmozilla1@gmail.com",
        "James Lal",
        "PLACE",
        "America/Los_Angeles",
        24,
    )
    assert said(reading) == [(0, "note", "2 entries in the past were left out.")]


def test_the_beginning_of_the_first_tuesdays_with_moved_further_and_cancelled_dates(wild):
    reading = read(wild("icaljs-recur_instances.ics"), window=(date(2012, 9, 1), date(2013, 5, 31)))
    assert [(row.recurrence_id, shown(row.starts_at), row.description) for row in reading.rows] == [
        ("20121002T170000Z", "2012-10-02 22:00", "I HAZ CHANGED!"),
        ("20121106T180000Z", "2012-11-06 18:00", "IAM FOO"),
        ("20121105T180000Z", "2012-11-07 04:00", ""),
        ("20121110T180000Z", "2012-11-10 18:00", "IAM FOO"),
        ("20121130T180000Z", "2012-11-30 18:00", "IAM FOO"),
        ("20130101T180000Z", "2013-01-01 18:00", "IAM FOO"),
        ("20130305T180000Z", "2013-03-05 18:00", "IAM FOO"),
        ("20130507T170000Z", "2013-05-07 17:00", "IAM FOO"),
    ]


def test_a_further_date_that_is_a_period_has_its_own_length(wild):
    reading = read(wild("icaljs-recur_instances.ics"), window=(date(2023, 11, 20), date(2023, 11, 30)))
    assert times(reading) == [("2023-11-23 09:00", "2023-11-23 09:30"), ("2023-11-25 09:00", "2023-11-25 12:30")]


def test_the_first_tuesdays_of_a_hundred_years_are_all_there(wild):
    reading = read(wild("icaljs-recur_instances.ics"), window=(date(2013, 6, 1), date(2099, 12, 31)), zone="UTC")
    expected = {_local_ten(_first_tuesday(year, month)) for year in range(2013, 2100) for month in range(1, 13)}
    expected |= {datetime(2023, 11, 23, 9, tzinfo=UTC), datetime(2023, 11, 25, 9, tzinfo=UTC)}
    assert {row.starts_at for row in reading.rows} == {start for start in expected if start.date() >= date(2013, 6, 1)}


def _first_tuesday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(1 - first.weekday()) % 7)


def _local_ten(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=LOS_ANGELES).astimezone(UTC)


def test_every_day_since_2012_costs_no_more_than_the_window(wild):
    reading = read(wild("icaljs-daily_recur.ics"), window=(date(2027, 3, 13), date(2027, 3, 14)))
    # Five in the morning in Los Angeles, where summer time begins on 14 March 2027.
    assert times(reading) == [("2027-03-13 13:00", "2027-03-13 14:00"), ("2027-03-14 12:00", "2027-03-14 13:00")]


def test_a_duration_takes_the_place_of_an_end(wild):
    reading = read(wild("icaljs-duration_instead_of_dtend.ics"), window=EVER)
    assert times(reading) == [("2012-06-30 13:00", "2012-07-01 13:00")]


def test_alarms_of_an_entry_are_nothing_to_import(wild):
    reading = read(wild("icalendar-alarm_google_future.ics"), window=EVER)
    assert times(reading) == [("2024-10-04 18:15", "2024-10-04 19:00")]
    assert [(row.summary, row.attendees, row.zone) for row in reading.rows] == [("event with alarms", (), "UTC")]
    assert said(reading) == []


def test_tasks_and_journals_beside_appointments(wild):
    reading = read(wild("icalendar-issue_1050_calendar_with_events_and_todos.ics"), window=EVER)
    assert times(reading) == [("2025-01-15 15:00", "2025-01-15 16:00"), ("2025-01-16 15:00", "2025-01-16 16:00")]
    assert said(reading) == [
        (33, "note", "Only appointments are imported; left out were tasks: 1."),
        (38, "note", "Only appointments are imported; left out were journal entries: 1."),
    ]


def test_known_zones_that_the_file_does_not_define(wild):
    reading = read(wild("icalendar-issue_722_missing_timezones.ics"), window=EVER)
    assert times(reading) == [
        ("2014-08-29 12:00", "2014-08-29 15:00"),
        ("2019-03-08 23:00", ""),
        ("2024-09-13 10:00", "2024-09-13 12:00"),
    ]
    assert said(reading) == [
        (9, "warning", "This entry has no start; the date that it replaces was taken."),
        (12, "note", "Only appointments are imported; left out were tasks: 1."),
        (15, "error", "This entry has no start, so it was left out."),
    ]


def test_further_dates_that_are_only_times(wild):
    reading = read(wild("icalendar-multiple_timezones.ics"), window=EVER)
    assert [(row.uid, shown(row.starts_at)) for row in reading.rows] == [
        ("test-vtime-floating", "2021-03-01 17:00"),
        ("test-vtime-utc", "2021-03-02 00:00"),
        ("test-vtime-floating", "2021-03-02 01:30"),
        ("test-vtime-named-timezone", "2021-03-02 05:00"),
        ("test-vtime-named-timezone", "2021-03-02 13:30"),
        ("test-vtime-utc", "2021-03-02 13:30"),
    ]


def test_birthdays_with_further_dates_that_are_written_wrongly_come_once_each(wild):
    reading = read(wild("icaljs-google_birthday.ics"), window=EVER, zone="America/Los_Angeles")
    assert [(row.uid[:13], row.recurrence_id, shown(row.starts_at)) for row in reading.rows] == [
        (uid, f"{year}1210", f"{year}-12-10 08:00")
        for year in (2012, 2013, 2014)
        for uid in ("2014_BIRTHDAY", "BIRTHDAY_79d3")
    ]
    assert all(row.all_day for row in reading.rows)
    assert said(reading) == []


def test_the_export_with_everything_in_it(wild):
    """Broken date, years before 1970 and after 2038, quoted zones, rules of all kinds, broken folds, moved dates."""
    reading = read(wild("ics-parser-google-export.ics"), window=EVER, max_instances=4)
    assert (9, "note", "Only appointments are imported; left out were free/busy times: 1.") in said(reading)
    errors = [(problem.line, str(problem.message)) for problem in reading.errors]
    repeats = [one for one in errors if "repeats too often: only its first 4 dates" in one[1]]
    assert [one for one in errors if one not in repeats] == [
        (22, "“20171032T000000” is not a date that exists, so this entry was left out.")
    ]
    days: dict[str, list[str]] = {}
    for row in reading.rows:
        days.setdefault(row.summary, []).append(row.recurrence_id or shown(row.starts_at))
    assert days['Before 1970-Test: Konrad Zuse invents the Z3, the "first digital Computer"'] == ["1941-05-11 16:30"]
    assert days["Year 2038 problem test"] == ["2038-01-31 17:00"]
    assert days["Test 1"] == ["20160119", "20160202", "20160216", "20160301"]
    assert days["DST Change"] == ["20160119", "20161030", "20171029", "20181028"]
    assert days["BYDAY Test 1"] == ["20170118", "20170215", "20170315", "20170419"]
    assert days["BYDAY Test 2"] == ["20170301", "20170308", "20170315", "20170322"]
    assert days["BYSETPOS First weekday of every month"] == ["20190101", "20190201", "20190301", "20190401"]
    assert days["BYSETPOS Last day of every month"] == ["20190131", "20190228", "20190331", "20190430"]
    assert days["BYMONTH Multiple Test 1"] == ["20170111", "20170211", "20170311", "20190111"]
    assert days["BYMONTH Multiple Test 2"] == ["20170405", "20170412", "20170419", "20170426"]
    assert days["Negative BYDAY"] == ["20170123", "20170220", "20170320", "20170417"]
    assert days["Duration Test"] == ["20160425T150000Z", "20160426T150000Z"]
    assert days["Override Parent Recurrence Event"] == ["20170813T090000Z"]
    assert days["Parent Recurrence Event"] == ["20171008T080000Z"]


def test_the_hours_of_a_windows_zone_with_cancelled_dates_in_broken_folds(wild):
    reading = read(wild("ics-parser-google-export.ics"), window=(date(2016, 4, 1), date(2016, 8, 31)))
    found = [row for row in reading.rows if row.summary == "Microsoft Unicode CLDR EXDATE Test"]
    assert {row.zone for row in found} == {"America/New_York"}
    assert [(shown(row.starts_at), shown(row.ends_at)) for row in found] == [
        (f"2016-{day} 13:00", f"2016-{day} 15:00")
        for day in (
            "04-09",
            "04-16",
            "04-23",
            "04-30",
            "05-07",
            "05-14",
            "05-21",
            "06-04",
            "06-11",
            "06-18",
            "07-02",
            "07-16",
        )
    ]


def test_texts_that_were_broken_without_a_fold(wild):
    reading = read(wild("ics-parser-google-export.ics"), window=(date(2016, 1, 1), date(2016, 1, 14)))
    holidays, meeting = reading.rows
    assert holidays.description == (
        "This is a short description\nwith a new line. Some \"special\" 'signs' may be interesting, too.\n"
        "&nbsp; And a non-breaking space."
    )
    assert meeting.description.splitlines()[:3] == [
        "Project xyz Review Meeting Minutes",
        "Agenda",
        "1. Review of project version 1.0 requirements.",
    ]
    assert [(person.name, person.email) for person in meeting.attendees] == [
        ("Page, Larry", "l.page@google.com"),
        ("Brin, Sergey", "s.brin@google.com"),
    ]


def test_paris_stays_at_eight_in_the_morning_in_summer_and_winter(wild):
    reading = read(wild("ics-parser-google-export.ics"), window=(date(2026, 10, 20), date(2026, 11, 5)))
    assert starts(reading)[:3] == ["2026-10-21 06:00", "2026-10-24 17:00", "2026-10-28 07:00"]
    assert {row.summary for row in reading.rows} == {
        "Paris TimeZone Test",
        "DST Change",
        "BYSETPOS First weekday of every month",
        "BYSETPOS Last day of every month",
    }
