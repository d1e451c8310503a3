"""When people may be disturbed, by which way, and how long we wait."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import policy
from notifications.enums import Urgency


def at(clock: str, zone: str = "Asia/Jakarta", day: str = "2026-11-24") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("08:00", at("08:00")),
        ("12:00", at("12:00")),
        ("20:59", at("20:59")),
        ("21:00", at("08:00", day="2026-11-25")),
        ("23:59", at("08:00", day="2026-11-25")),
        ("00:00", at("08:00")),
        ("07:59", at("08:00")),
    ],
)
def test_an_ordinary_message_waits_for_the_morning(now: str, allowed: datetime) -> None:
    assert policy.next_allowed(at(now), Urgency.NORMAL, "Asia/Jakarta", silent=True) == allowed


@pytest.mark.parametrize("silent", [True, False])
def test_what_cannot_wait_goes_at_any_hour(silent: bool) -> None:
    assert policy.next_allowed(at("03:00"), Urgency.NOW, "Asia/Jakarta", silent=silent) == at("03:00")


@pytest.mark.parametrize(("silent", "allowed"), [(True, at("03:00")), (False, at("08:00"))])
def test_what_should_go_soon_wakes_nobody_up(silent: bool, allowed: datetime) -> None:
    assert policy.next_allowed(at("03:00"), Urgency.SOON, "Asia/Jakarta", silent=silent) == allowed


def test_night_is_where_the_reader_is() -> None:
    evening_in_jakarta = at("20:30")
    assert policy.next_allowed(evening_in_jakarta, Urgency.NORMAL, "Asia/Jakarta", silent=False) == evening_in_jakarta
    assert policy.next_allowed(evening_in_jakarta, Urgency.NORMAL, "Asia/Jayapura", silent=False) == at(
        "08:00", "Asia/Jayapura", "2026-11-25"
    )


def test_the_morning_comes_at_the_same_hour_when_the_clocks_change() -> None:
    before = at("23:00", "Europe/Berlin", "2026-10-24")  # the night has an hour more
    allowed = policy.next_allowed(before, Urgency.NORMAL, "Europe/Berlin", silent=False)
    assert allowed.astimezone(ZoneInfo("Europe/Berlin")).time() == time(8)
    assert allowed - before == timedelta(hours=10)


def test_quiet_hours_may_lie_within_a_day_or_not_exist() -> None:
    def allowed(clock: str, begin: time, end: time) -> datetime:
        return policy.next_allowed(at(clock), Urgency.NORMAL, "Asia/Jakarta", silent=False, quiet=(begin, end))

    assert allowed("14:00", time(13), time(15)) == at("15:00")
    assert allowed("03:00", time(13), time(15)) == at("03:00")
    assert allowed("03:00", time(0), time(0)) == at("03:00")


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "No/Where"]),
    st.sampled_from(Urgency.values),
    st.booleans(),
)
def test_the_next_allowed_moment_is_not_past_is_allowed_and_is_near(
    now: datetime, zone: str, urgency: str, silent: bool
) -> None:
    allowed = policy.next_allowed(now, urgency, zone, silent=silent)
    assert now <= allowed <= now + timedelta(hours=13)
    assert policy.next_allowed(allowed, urgency, zone, silent=silent) == allowed


def test_pauses_grow_stay_within_a_fifth_and_are_not_all_the_same() -> None:
    rng = Random(1)
    for attempt, seconds in enumerate((60, 120, 300, 900, 3600, 3600, 3600), start=1):
        pauses = {policy.backoff(attempt, rng).total_seconds() for _turn in range(50)}
        assert len(pauses) == 50
        assert seconds * 0.8 <= min(pauses)
        assert max(pauses) <= seconds * 1.2


def test_too_late_is_after_the_last_moment() -> None:
    noon = at("12:00")
    assert not policy.too_late(noon, None)
    assert not policy.too_late(noon, noon)
    assert policy.too_late(noon + timedelta(seconds=1), noon)


class Always(Random):
    """Chance that falls on the same place between the two ends each time: 0 is the lower one, 1 the higher."""

    def __init__(self, place: float) -> None:
        super().__init__()
        self.place = place

    def uniform(self, a: float, b: float) -> float:
        return a + (b - a) * self.place


@pytest.mark.parametrize(("attempt", "seconds"), [(0, 60), (1, 60), (2, 120), (3, 300), (4, 900), (5, 3600), (6, 3600)])
def test_each_pause_is_as_long_as_it_says_give_or_take_a_fifth(attempt: int, seconds: int) -> None:
    found = [policy.backoff(attempt, Always(place)).total_seconds() for place in (0, 0.5, 1)]
    assert found == pytest.approx([seconds * 0.8, seconds, seconds * 1.2])


@pytest.mark.parametrize(("clock", "allowed"), [("12:59", "12:59"), ("13:00", "15:00"), ("15:00", "15:00")])
def test_a_rest_within_the_day_begins_and_ends_on_the_minute(clock: str, allowed: str) -> None:
    nap = (time(13), time(15))
    found = policy.next_allowed(at(clock), Urgency.NORMAL, "Asia/Jakarta", silent=False, quiet=nap)
    assert found == at(allowed)
