"""Recurrence rules against python-dateutil, and against those who would have us count for ever."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from appointments.domain.schedule.recurrence import Budget, TooMuchWork, occurrences
from appointments.domain.schedule.rrule import WEEKDAYS, parse_rule
from tests.appointments.domain.imports.reading.samples import calendar, event, read

PLENTY = 10**9


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def numbers(low: int, high: int, *, signed: bool = False) -> st.SearchStrategy[str]:
    one = st.integers(low, high)
    if signed:
        one = st.builds(lambda number, sign: number * sign, one, st.sampled_from([1, -1]))
    return st.lists(one, min_size=1, max_size=3).map(lambda items: ",".join(map(str, items)))


@st.composite
def rules(draw: st.DrawFn, frequencies: tuple[str, ...] = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")) -> str:
    """Rules that do match now and then: dateutil looks for others until the year 9999."""
    freq = draw(st.sampled_from(frequencies))
    parts = [f"FREQ={freq}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 4))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    if draw(st.integers(0, 3)) == 0 and freq in ("YEARLY", "WEEKLY"):
        parts.append(f"BYMONTH={draw(numbers(1, 12))}")
    by_day = draw(st.booleans())
    if by_day:
        nth = st.sampled_from(["", "1", "2", "-1"]) if freq in ("YEARLY", "MONTHLY") else st.just("")
        # One or the other for the whole list: dateutil reads "MO,2TU" as Mondays that are second Tuesdays.
        which = draw(nth)
        days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True))
        parts.append("BYDAY=" + ",".join(which + day for day in days))
    elif draw(st.booleans()) and freq != "WEEKLY":
        parts.append(f"BYMONTHDAY={draw(numbers(1, 28, signed=True))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"BYHOUR={draw(numbers(0, 23))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"BYMINUTE={draw(numbers(0, 59))}")
    if by_day and freq in ("YEARLY", "MONTHLY") and draw(st.booleans()):
        parts.append("BYSETPOS=" + draw(st.sampled_from(["1", "-1", "1,-1"])))
    if draw(st.booleans()):
        parts.append("WKST=" + draw(st.sampled_from(WEEKDAYS)))
    return ";".join(parts)


def by_dateutil(rule: str, start: datetime, first: datetime, last: datetime) -> list[datetime]:
    try:
        upto = itertools.takewhile(lambda moment: moment <= last, rrulestr(rule, dtstart=start))
        return [moment for moment in upto if moment >= first]
    except ValueError:
        # dateutil refuses rules that can never match.
        return []


beginnings = st.datetimes(wall("2025-01-01T00:00"), wall("2026-12-31T23:59")).map(
    lambda moment: moment.replace(microsecond=0)
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(rules(), beginnings, st.integers(-30, 500), st.integers(1, 90))
def test_any_rule_gives_what_dateutil_gives(rule, start, wait, length):
    first = start + timedelta(days=wait)
    last = first + timedelta(days=length)
    found = list(occurrences(parse_rule(rule), start, first=first, last=last, budget=Budget(PLENTY)))
    assert found == by_dateutil(rule, start, first, last)


@pytest.mark.parametrize("freq", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"])
@pytest.mark.parametrize("start", ["2026-01-28T10:11:12", "2026-01-31T10:11:12"])
def test_a_series_that_counts_may_be_entered_anywhere(freq, start):
    every = list(rrulestr(f"FREQ={freq};INTERVAL=3;COUNT=9", dtstart=wall(start)))
    rule = parse_rule(f"FREQ={freq};INTERVAL=3;COUNT=9")
    for begin in every:
        for nudge in (-1, 0, 1):
            first = begin + timedelta(seconds=nudge)
            last = every[-1] + timedelta(days=9000)
            found = list(occurrences(rule, wall(start), first=first, last=last, budget=Budget(PLENTY)))
            assert found == [moment for moment in every if moment >= first]


def shown(moment: datetime, clock: ZoneInfo) -> datetime:
    """What the wall shows then: another hour where the clock skips this one, which a series leaves out (RFC 5545,
    3.3.10).
    """
    return moment.replace(tzinfo=clock).astimezone(UTC).astimezone(clock).replace(tzinfo=None, fold=0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rules(("YEARLY", "MONTHLY", "WEEKLY", "DAILY")),
    beginnings,
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Jakarta", "Australia/Lord_Howe", "Africa/Casablanca"]),
)
def test_a_series_repeats_at_the_same_hour_on_the_wall_of_its_zone(rule, start, zone):
    clock = ZoneInfo(zone)
    window = (date(2026, 9, 1), date(2027, 5, 31))
    begin, end = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    walls = {start, *by_dateutil(rule, start, wall("2026-08-30T00:00"), wall("2027-06-03T00:00"))}
    instants = {moment.replace(tzinfo=clock).astimezone(UTC) for moment in walls if shown(moment, clock) == moment}
    expected = sorted(moment for moment in instants if begin <= moment < end)
    assume(len(expected) < 2000)
    entry = event(f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}", f"RRULE:{rule}")
    assert [row.starts_at for row in read(calendar(entry), zone="UTC", window=window).rows] == expected


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        # A week's number says nothing of the day: it is the day of the first date.
        ("FREQ=YEARLY;BYWEEKNO=20;COUNT=2", "1997-05-12T09:00", ["1997-05-12", "1998-05-11"]),
        (
            "FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO;COUNT=4",
            "2026-01-01T09:00",
            ["2026-12-28", "2027-01-04", "2027-12-27", "2028-01-03"],
        ),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", "2026-01-01T09:00", ["2026-02-13", "2026-03-13"]),
        ("FREQ=YEARLY;BYYEARDAY=1,100,-1;COUNT=3", "2026-01-01T09:00", ["2026-01-01", "2026-04-10", "2026-12-31"]),
        ("FREQ=YEARLY;COUNT=2", "2024-02-29T09:00", ["2024-02-29", "2028-02-29"]),
        ("FREQ=MONTHLY;COUNT=3", "2026-12-31T09:00", ["2026-12-31", "2027-01-31", "2027-03-31"]),
        (
            "FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=4",
            "2026-12-01T09:00",
            ["2026-12-07", "2026-12-08", "2026-12-14", "2026-12-21"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=4",
            "1997-08-05T09:00",
            ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4",
            "1997-08-05T09:00",
            ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
        ),
    ],
)
def test_rules_whose_answer_is_known(rule, start, expected):
    found = occurrences(
        parse_rule(rule), wall(start), first=wall(start), last=wall("2040-01-01T00:00"), budget=Budget(PLENTY)
    )
    assert [f"{moment:%Y-%m-%d}" for moment in found] == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MINUTELY;BYSETPOS=2;BYMONTH=1;BYMONTHDAY=31;BYDAY=MO",
        "FREQ=SECONDLY;COUNT=1000000000",
        "FREQ=HOURLY;INTERVAL=999999",
        "FREQ=YEARLY;INTERVAL=999999",
    ],
)
def test_rules_without_a_date_in_the_window_cost_next_to_nothing(rule):
    budget = Budget(20_000)
    window = {"first": wall("2027-01-01T00:00"), "last": wall("2027-06-30T00:00")}
    assert list(occurrences(parse_rule(rule), wall("1901-02-03T04:05:06"), **window, budget=budget)) == []
    assert budget.left >= 0


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY;BYSETPOS=2",
        "FREQ=MINUTELY;BYHOUR=9;COUNT=1000000000",
        "FREQ=DAILY;BYHOUR="
        + ",".join(map(str, range(24)))
        + ";BYMINUTE="
        + ",".join(map(str, range(60)))
        + ";COUNT=999999999",
    ],
)
def test_rules_that_would_count_for_ever_are_stopped(rule):
    window = {"first": wall("2027-01-01T00:00"), "last": wall("2027-06-30T00:00")}
    with pytest.raises(TooMuchWork):
        list(occurrences(parse_rule(rule), wall("1901-02-03T04:05:06"), **window, budget=Budget(100_000)))
