"""When the stories take place: a Monday morning in Jakarta, and a short way to write other times."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = "Asia/Jakarta"


def at(text: str, zone: str = ZONE) -> datetime:
    """The aware time that a clock in `zone` shows as `text`: `at("2026-11-24 14:30")`.

    Of an hour that a clock shows twice, the first. Raises ValueError for an hour that it never shows.
    """
    tzinfo = ZoneInfo(zone)
    shown = datetime.fromisoformat(text).replace(tzinfo=tzinfo)
    if shown.astimezone(ZoneInfo("UTC")).astimezone(tzinfo).replace(tzinfo=None) != shown.replace(tzinfo=None):
        raise ValueError(f"no clock in {zone} ever shows {text}")
    return shown


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


NOW = at("2026-11-23 09:00")
