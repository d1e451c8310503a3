"""When people may be disturbed, by which way, and how long we wait."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import policy
from notifications.enums import Channel, Urgency


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
    assert policy.next_allowed(at(now), Urgency.NORMAL, Channel.EMAIL, "Asia/Jakarta") == allowed


@pytest.mark.parametrize("channel", Channel.values)
def test_what_cannot_wait_goes_at_any_hour(channel: str) -> None:
    assert policy.next_allowed(at("03:00"), Urgency.NOW, channel, "Asia/Jakarta") == at("03:00")


@pytest.mark.parametrize(
    ("channel", "allowed"),
    [
        (Channel.EMAIL, at("03:00")),
        (Channel.SMS, at("08:00")),
        (Channel.WHATSAPP, at("08:00")),
        (Channel.CALL, at("08:00")),
    ],
)
def test_what_should_go_soon_wakes_nobody_up(channel: str, allowed: datetime) -> None:
    assert policy.next_allowed(at("03:00"), Urgency.SOON, channel, "Asia/Jakarta") == allowed


def test_night_is_where_the_reader_is() -> None:
    evening_in_jakarta = at("20:30")
    assert policy.next_allowed(evening_in_jakarta, Urgency.NORMAL, Channel.SMS, "Asia/Jakarta") == evening_in_jakarta
    assert policy.next_allowed(evening_in_jakarta, Urgency.NORMAL, Channel.SMS, "Asia/Jayapura") == at(
        "08:00", "Asia/Jayapura", "2026-11-25"
    )


def test_the_morning_comes_at_the_same_hour_when_the_clocks_change() -> None:
    before = at("23:00", "Europe/Berlin", "2026-10-24")  # the night has an hour more
    allowed = policy.next_allowed(before, Urgency.NORMAL, Channel.SMS, "Europe/Berlin")
    assert allowed.astimezone(ZoneInfo("Europe/Berlin")).time() == time(8)
    assert allowed - before == timedelta(hours=10)


def test_quiet_hours_may_lie_within_a_day_or_not_exist() -> None:
    nap = (time(13), time(15))
    assert policy.next_allowed(at("14:00"), Urgency.NORMAL, "sms", "Asia/Jakarta", nap) == at("15:00")
    assert policy.next_allowed(at("03:00"), Urgency.NORMAL, "sms", "Asia/Jakarta", nap) == at("03:00")
    assert policy.next_allowed(at("03:00"), Urgency.NORMAL, "sms", "Asia/Jakarta", (time(0), time(0))) == at("03:00")


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "No/Where"]),
    st.sampled_from(Urgency.values),
    st.sampled_from(Channel.values),
)
def test_the_next_allowed_moment_is_not_past_is_allowed_and_is_near(
    now: datetime, zone: str, urgency: str, channel: str
) -> None:
    allowed = policy.next_allowed(now, urgency, channel, zone)
    assert now <= allowed <= now + timedelta(hours=13)
    assert policy.next_allowed(allowed, urgency, channel, zone) == allowed


def test_the_order_is_the_persons_without_repeats_and_without_what_has_no_address() -> None:
    order = policy.channel_order(("sms", "email", "sms", "call"), email="a@b.example", phone="+62811")
    assert order == ("sms", "email", "call")
    assert policy.channel_order(("sms", "email"), email="a@b.example", phone="") == ("email",)
    assert policy.channel_order(("sms", "email"), email="", phone="") == ()


def test_without_a_wish_every_way_is_taken_the_quietest_first() -> None:
    assert policy.channel_order((), email="a@b.example", phone="+62811") == ("email", "whatsapp", "sms", "call")


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
