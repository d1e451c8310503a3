"""When a place is open and who is there, as a person would read it off the notice on the door."""

from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.schedule.opening import closed_days, closed_spans, open_spans, public_holidays, public_spans
from appointments.domain.schedule.spans import Span
from appointments.enums import Weekday
from appointments.models import Location, Resource
from tests.clock import at, days, hours
from tests.factories import (
    AbsenceFactory,
    BreakFactory,
    ClosureFactory,
    LocationFactory,
    ProviderFactory,
    SpecialDayFactory,
    WeeklyHoursFactory,
    open_weekly,
)

pytestmark = pytest.mark.django_db


def day_of(text: str, zone: str = "Asia/Jakarta", *, count: int = 1) -> Span[datetime]:
    """`count` days from midnight on."""
    return Span(at(f"{text} 00:00", zone), at(f"{text} 00:00", zone) + days(count))


def shown(spans: list[Span[datetime]], zone: str = "Asia/Jakarta") -> list[str]:
    """The spans as the clocks of `zone` show them."""
    tzinfo = at("2026-11-24 00:00", zone).tzinfo
    return [f"{start.astimezone(tzinfo):%a %H:%M}-{end.astimezone(tzinfo):%H:%M}" for start, end in spans]


def hours_of(resource: Resource, window: Span[datetime], zone: str = "Asia/Jakarta") -> list[str]:
    return shown(open_spans([resource], window=window)[resource.pk], zone)


@pytest.fixture
def place() -> Location:
    """Monday to Saturday, 08:00 to 17:00."""
    location = LocationFactory()
    open_weekly(location)
    return location


def test_a_place_without_hours_is_always_open() -> None:
    assert public_spans(LocationFactory(), day_of("2026-11-24")) == [day_of("2026-11-24")]


def test_a_resource_without_hours_follows_its_place(place: Location) -> None:
    assert hours_of(ProviderFactory(location=place), day_of("2026-11-28", count=3)) == [
        "Sat 08:00-17:00",
        "Mon 08:00-17:00",
    ]


def test_a_resource_with_hours_is_there_only_while_its_place_is_open(place: Location) -> None:
    early = ProviderFactory(location=place)
    WeeklyHoursFactory(resource=early, weekday=Weekday.TUESDAY, opens_at=time(6), closes_at=time(14))
    assert hours_of(early, day_of("2026-11-23", count=7)) == ["Tue 08:00-14:00"]


def test_breaks_of_the_place_and_of_the_person_are_both_kept(place: Location) -> None:
    person = ProviderFactory(location=place)
    BreakFactory(location=place, weekday=Weekday.TUESDAY)
    BreakFactory(resource=person, weekday=Weekday.TUESDAY, opens_at=time(15), closes_at=time(15, 15))
    assert hours_of(person, day_of("2026-11-24")) == ["Tue 08:00-12:00", "Tue 13:00-15:00", "Tue 15:15-17:00"]


def test_hours_count_only_while_they_are_valid_and_nothing_takes_their_place(place: Location) -> None:
    person = ProviderFactory(location=place)
    open_weekly(person, closes_at=time(12), valid_from=date(2026, 11, 24), valid_until=date(2026, 11, 25))
    assert hours_of(person, day_of("2026-11-23", count=5)) == ["Tue 08:00-12:00", "Wed 08:00-12:00"]


def test_a_night_shift_reaches_into_the_next_day() -> None:
    guard = ProviderFactory(location=LocationFactory())
    WeeklyHoursFactory(resource=guard, weekday=Weekday.MONDAY, opens_at=time(22), closes_at=time(6))
    assert hours_of(guard, day_of("2026-11-23", count=2)) == ["Mon 22:00-06:00"]
    assert hours_of(guard, day_of("2026-11-24")) == ["Tue 00:00-06:00"]


def test_from_midnight_to_midnight_is_the_whole_day() -> None:
    guard = ProviderFactory(location=LocationFactory())
    WeeklyHoursFactory(resource=guard, weekday=Weekday.TUESDAY, opens_at=time(0), closes_at=time(0))
    assert open_spans([guard], window=day_of("2026-11-23", count=3))[guard.pk] == [day_of("2026-11-24")]


@pytest.mark.parametrize(
    ("night", "length"),
    [("2027-03-27", 7), ("2026-10-24", 9), ("2026-11-21", 8)],
    ids=["clock goes forward", "clock goes back", "ordinary"],
)
def test_a_night_shift_is_as_long_as_the_clock_makes_it(night: str, length: int) -> None:
    zone = "Europe/Berlin"
    guard = ProviderFactory(location=LocationFactory(zone=zone, country="DE"))
    WeeklyHoursFactory(resource=guard, weekday=Weekday.SATURDAY, opens_at=time(22), closes_at=time(6))
    noon = at(f"{night} 12:00", zone)
    [shift] = open_spans([guard], window=Span(noon, noon + days(1)))[guard.pk]
    assert shift.end - shift.start == hours(length)
    assert shown([shift], zone) == ["Sat 22:00-06:00"]


def test_the_zone_of_the_place_decides() -> None:
    window = day_of("2026-11-24")
    opened = {}
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
        location = LocationFactory(zone=zone)
        open_weekly(location)
        opened[zone] = public_spans(location, window)[0].start
    assert opened["Asia/Jakarta"] - opened["Asia/Makassar"] == hours(1)
    assert opened["Asia/Jakarta"] - opened["Asia/Jayapura"] == hours(2)


def test_a_closure_closes_once(place: Location) -> None:
    ClosureFactory(location=place, starts_at=at("2026-11-24 13:00"), ends_at=at("2026-11-24 15:30"))
    assert shown(public_spans(place, day_of("2026-11-24", count=2))) == [
        "Tue 08:00-13:00",
        "Tue 15:30-17:00",
        "Wed 08:00-17:00",
    ]


def test_a_closure_returns_by_its_rule(place: Location) -> None:
    ClosureFactory(
        location=place,
        starts_at=at("2026-10-02 08:00"),
        ends_at=at("2026-10-02 10:00"),
        rrule="FREQ=MONTHLY;BYDAY=1FR",
    )
    assert shown(public_spans(place, day_of("2026-12-03", count=3))) == [
        "Thu 08:00-17:00",
        "Fri 10:00-17:00",
        "Sat 08:00-17:00",
    ]


def test_a_rule_is_kept_on_the_wall_clock_when_the_clock_changes() -> None:
    zone = "Europe/Berlin"
    person = ProviderFactory(location=LocationFactory(zone=zone, closed_on_holidays=False))
    AbsenceFactory(
        resource=person,
        starts_at=at("2027-03-26 09:00", zone),
        ends_at=at("2027-03-26 12:00", zone),
        rrule="FREQ=DAILY;UNTIL=20270329T235900Z",
    )
    away = closed_spans([person], window=Span(at("2027-03-26 00:00", zone), at("2027-04-01 00:00", zone)))[person.pk]
    assert shown(away, zone) == ["Fri 09:00-12:00", "Sat 09:00-12:00", "Sun 09:00-12:00", "Mon 09:00-12:00"]


@pytest.mark.parametrize(
    "rule", ["EVERY MONDAY", "FREQ=SECONDLY", "FREQ=DAILY;COUNT=many", "BYDAY=MO", "FREQ=DAILY;UNTIL=soon"]
)
def test_a_rule_that_cannot_be_read_counts_once_and_is_logged(
    place: Location, rule: str, caplog: pytest.LogCaptureFixture
) -> None:
    ClosureFactory(location=place, starts_at=at("2026-11-24 08:00"), ends_at=at("2026-11-24 12:00"), rrule=rule)
    assert shown(public_spans(place, day_of("2026-11-24", count=2))) == ["Tue 12:00-17:00", "Wed 08:00-17:00"]
    assert rule in caplog.text


@pytest.mark.parametrize(
    ("rule", "last"),
    [("FREQ=DAILY;COUNT=3", 25), ("RRULE:FREQ=DAILY;UNTIL=20261126", 26), ("freq=daily;until=20261124T080000", 24)],
)
def test_a_rule_ends_when_it_says(place: Location, rule: str, last: int) -> None:
    ClosureFactory(location=place, starts_at=at("2026-11-23 08:00"), ends_at=at("2026-11-23 17:00"), rrule=rule)
    opened = public_spans(place, day_of("2026-11-23", count=6))
    assert [span.start.astimezone(place.tzinfo).day for span in opened] == list(range(last + 1, 29))


def test_a_rule_that_began_years_ago_and_one_that_never_comes_true_cost_nothing(place: Location) -> None:
    start, end = at("2006-11-01 12:00"), at("2006-11-01 13:00")
    ClosureFactory(location=place, starts_at=start, ends_at=end, rrule="FREQ=DAILY")
    ClosureFactory(location=place, starts_at=start, ends_at=end, rrule="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    assert shown(public_spans(place, day_of("2026-11-24"))) == ["Tue 08:00-12:00", "Tue 13:00-17:00"]


def test_an_absence_takes_one_person_away_and_nobody_else(place: Location) -> None:
    away, there = ProviderFactory.create_batch(2, location=place)
    AbsenceFactory(resource=away, starts_at=at("2026-11-23 00:00"), ends_at=at("2026-11-24 10:00"))
    opened = open_spans([away, there], window=day_of("2026-11-24"))
    assert [shown(opened[pk]) for pk in (away.pk, there.pk)] == [["Tue 10:00-17:00"], ["Tue 08:00-17:00"]]


def test_what_is_shaded_is_the_rest_of_the_day(place: Location) -> None:
    person = ProviderFactory(location=place)
    assert shown(closed_spans([person], window=day_of("2026-11-24"))[person.pk]) == [
        "Tue 00:00-08:00",
        "Tue 17:00-00:00",
    ]


def test_public_holidays_close_a_place_unless_it_works_on_them(place: Location) -> None:
    christmas = day_of("2026-12-25")
    assert public_spans(place, christmas) == []
    place.closed_on_holidays = False
    assert shown(public_spans(place, christmas)) == ["Fri 08:00-17:00"]


def test_a_special_day_decides_against_the_calendar_in_both_directions(place: Location) -> None:
    SpecialDayFactory(location=None, day=date(2026, 12, 25), name="We work", is_open=True)
    SpecialDayFactory(location=place, day=date(2026, 12, 24), name="Family day")
    assert shown(public_spans(place, day_of("2026-12-24", count=3))) == ["Fri 08:00-17:00", "Sat 08:00-17:00"]


@pytest.mark.parametrize("own_is_open", [True, False])
def test_the_own_word_of_a_place_counts_more_than_what_holds_everywhere(place: Location, own_is_open: bool) -> None:
    SpecialDayFactory(location=place, day=date(2026, 11, 24), is_open=own_is_open)
    SpecialDayFactory(location=None, day=date(2026, 11, 24), is_open=not own_is_open)
    assert bool(public_spans(place, day_of("2026-11-24"))) == own_is_open


def test_holidays_have_names_in_both_languages_and_an_unknown_country_has_none() -> None:
    christmas = date(2026, 12, 25)
    assert public_holidays("ID", 2026)[christmas] == "Christmas Day"
    assert public_holidays("id", 2026, language="id")[christmas] == "Hari Raya Natal"
    assert public_holidays("XX", 2026) == {}


def test_closed_days_come_with_their_names(place: Location) -> None:
    SpecialDayFactory(location=place, day=date(2026, 12, 24), name="Family day")
    assert closed_days(place, date(2026, 12, 20), date(2026, 12, 31), language="id") == {
        date(2026, 12, 24): "Family day",
        date(2026, 12, 25): "Hari Raya Natal",
    }


@pytest.mark.parametrize("count", [1, 30])
def test_the_hours_of_many_take_as_many_queries_as_those_of_one(place: Location, count: int) -> None:
    for person in ProviderFactory.create_batch(count, location=place):
        open_weekly(person, closes_at=time(15))
        AbsenceFactory(resource=person, starts_at=at("2026-11-24 08:00"), ends_at=at("2026-11-24 09:00"))
    people = list(Resource.objects.select_related("location"))
    with CaptureQueriesContext(connection) as queries:
        opened = open_spans(people, window=day_of("2026-11-24", count=30))
    assert len(queries) == 1
    assert {tuple(shown(spans)[:2]) for spans in opened.values()} == {("Tue 09:00-15:00", "Wed 08:00-15:00")}
