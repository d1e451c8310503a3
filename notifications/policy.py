"""When, by which way, and how often: pure functions of their arguments. Times come in and go out as UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notifications.enums import Urgency

QUIET = (time(21), time(8))
"""Nobody is disturbed from the first hour until the second, in the recipient's own zone."""

PAUSES = (60, 120, 300, 900, 3600)
"""Seconds to wait after the first, second … failure; the last one repeats."""


def next_allowed(now: datetime, urgency: str, zone: str, *, silent: bool, quiet: tuple[time, time] = QUIET) -> datetime:
    """The first moment, `now` or later, at which this person may be disturbed.

    NOW goes at any hour; SOON goes at night by `silent` channels only; NORMAL waits for the end of the quiet hours.
    A call is a task for a colleague, who phones when the desk is open; it is held back like a text message.
    """
    if urgency == Urgency.NOW or (urgency == Urgency.SOON and silent):
        return now
    begin, end = quiet
    if begin == end:
        return now
    place = zone_or_utc(zone)
    local = now.astimezone(place)
    clock = local.time()
    over_midnight = begin > end
    at_night = (clock >= begin or clock < end) if over_midnight else begin <= clock < end
    if not at_night:
        return now
    day = local.date() + timedelta(days=1) if over_midnight and clock >= begin else local.date()
    return max(now, datetime.combine(day, end, tzinfo=place).astimezone(UTC))


def backoff(attempt: int, rng: Random) -> timedelta:
    """How long to wait after failure `attempt` (from 1), spread by ±20 % so that a crowd does not return at once."""
    seconds = PAUSES[min(max(attempt, 1), len(PAUSES)) - 1]
    return timedelta(seconds=seconds * rng.uniform(0.8, 1.2))


def too_late(now: datetime, not_after: datetime | None) -> bool:
    """Whether the message has missed its hour and would only confuse."""
    return not_after is not None and now > not_after


def zone_or_utc(zone: str) -> ZoneInfo:
    """A zone that nobody knows must not stop a message; UTC is at least certain."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
