"""How a moment is written for a person, in English and Indonesian. Pure: no clock, no settings, no active language.

The zone is always named, by the letters people there use (WIB, WITA, WIT, CET, EDT); a zone without letters is written
as its distance from UTC. The names of days and months stand here and not in a catalogue of translations, because the
language of a message is that of its reader and never that of whoever is signed in.

A moment is an aware datetime or its ISO 8601 text. Raises ValueError for a moment without a zone, for text that is no
moment, and for a zone that nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Moment = datetime | str
Day = date | datetime | str
Zone = tzinfo | str
Style = Literal["long", "short"]

MINUTE, HOUR, DAY = 60, 3600, 86400
HOURS_UNTIL = 36 * HOUR
"""Up to here a distance is told in hours, from here on in days."""


@dataclass(frozen=True)
class Speech:
    """The words of one language. `at` stands before an hour in running text, `minute` between hour and minute."""

    days: tuple[str, ...]
    short_days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    minute: str
    at: str
    hours_at: str
    between: str
    now: str
    ahead: str
    ago: str
    units: tuple[tuple[str, str], ...]
    """(one, many) for minutes, hours and days."""


ENGLISH = Speech(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    short_days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    minute=":",
    at=" at ",
    hours_at=", ",
    between=" between {start} and {end}",
    now="now",
    ahead="in {count} {unit}",
    ago="{count} {unit} ago",
    units=(("min", "min"), ("h", "h"), ("day", "days")),
)  # fmt: skip

INDONESIAN = Speech(
    days=("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    short_days=("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    months=(
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    minute=".",
    at=" pukul ",
    hours_at=" pukul ",
    between=" antara pukul {start} dan {end}",
    now="sekarang",
    ahead="{count} {unit} lagi",
    ago="{count} {unit} lalu",
    units=(("menit", "menit"), ("jam", "jam"), ("hari", "hari")),
)  # fmt: skip


def speech(language: str) -> Speech:
    """The words for a language code; "id-ID" is Indonesian, everything we do not speak is English."""
    return INDONESIAN if language.split("-", maxsplit=1)[0].lower() == "id" else ENGLISH


def when(moment: Moment, zone: Zone, language: str, style: Style = "long") -> str:
    """Day and hour: "Tuesday, 24 November 2026 at 14:30 WIB", short "Tue 24 Nov, 14:30 WIB"."""
    before_hour = speech(language).at if style == "long" else ", "
    return day(moment, zone, language, style) + before_hour + hour(moment, zone, language)


def day(moment: Day, zone: Zone, language: str, style: Style = "long") -> str:
    """The day alone: "Tuesday, 24 November 2026", short "Tue 24 Nov". A plain date is taken as it is."""
    words, local = speech(language), _day_in(moment, zone)
    if style == "short":
        return f"{words.short_days[local.weekday()]} {local.day} {words.short_months[local.month - 1]}"
    return f"{words.days[local.weekday()]}, {local.day} {words.months[local.month - 1]} {local.year}"


def weekday(moment: Day, zone: Zone, language: str) -> str:
    """The name of the day: "Tuesday", "Selasa"."""
    return speech(language).days[_day_in(moment, zone).weekday()]


def hour(moment: Moment, zone: Zone, language: str) -> str:
    """The hour with its zone: "14:30 WIB", "14.30 WIB"."""
    return f"{clock(moment, zone, language)} {zone_name(moment, zone)}"


def clock(moment: Moment, zone: Zone, language: str) -> str:
    """The hour without its zone, for where the zone is written beside: "14:30", "14.30"."""
    local = local_time(moment, zone)
    return f"{local.hour:02}{speech(language).minute}{local.minute:02}"


def window(start: Moment, end: Moment, zone: Zone, language: str) -> str:
    """From hour to hour: "13:00–15:00 WIB", "pukul 13.00–15.00 WIB"; the days too when there are two of them."""
    if _day_in(start, zone) != _day_in(end, zone):
        return span(start, end, zone, language)
    return (speech(language).at.lstrip() if speech(language) is INDONESIAN else "") + _hours(start, end, zone, language)


def span(start: Moment, end: Moment, zone: Zone, language: str, style: Style = "long") -> str:
    """Day and hours: "Tuesday, 24 November 2026, 13:00–15:00 WIB", "Selasa, 24 November 2026 pukul 13.00–15.00 WIB"."""
    if _day_in(start, zone) != _day_in(end, zone):
        return f"{when(start, zone, language, style)} – {when(end, zone, language, style)}"
    before_hours = speech(language).hours_at if style == "long" else ", "
    return day(start, zone, language, style) + before_hours + _hours(start, end, zone, language)


def between(start: Moment, end: Moment, zone: Zone, language: str) -> str:
    """A span in running text: "Tuesday, 24 November 2026 between 13:00 and 15:00 WIB"."""
    if _day_in(start, zone) != _day_in(end, zone):
        return span(start, end, zone, language)
    first = hour(start, zone, language) if _changes(start, end, zone) else clock(start, zone, language)
    hours = speech(language).between.format(start=first, end=hour(end, zone, language))
    return day(start, zone, language) + hours


def left(moment: Moment, now: datetime, language: str) -> str:
    """How far away, to the nearest minute, hour or day: "in 3 h", "3 jam lagi", "2 h ago", "now"."""
    words = speech(language)
    seconds = (read(moment) - now).total_seconds()
    distance = abs(seconds)
    if distance < MINUTE / 2:
        return words.now
    if distance < HOUR - MINUTE / 2:
        unit, size = words.units[0], MINUTE
    elif distance < HOURS_UNTIL:
        unit, size = words.units[1], HOUR
    else:
        unit, size = words.units[2], DAY
    count = max(1, int(distance / size + 0.5))
    return (words.ahead if seconds > 0 else words.ago).format(count=count, unit=unit[0] if count == 1 else unit[1])


def zone_name(moment: Moment, zone: Zone) -> str:
    """The zone as people there call it at that moment: "WIB", "CEST" in summer and "CET" in winter, "UTC+3"."""
    local = local_time(moment, zone)
    name = local.tzname() or ""
    # The time zone database gives zones without letters a number such as "+0545".
    return name if name.isalpha() else _distance(local.utcoffset() or timedelta())


def local_time(moment: Moment, zone: Zone) -> datetime:
    """The moment on the wall clock of the zone."""
    return read(moment).astimezone(_zone(zone))


def read(moment: Moment) -> datetime:
    """The moment as an aware datetime."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if found.tzinfo is None:
        raise ValueError(f"{moment} does not say in which zone it is")
    return found


def _day_in(moment: Day, zone: Zone) -> date:
    if isinstance(moment, str) and len(moment) == len("2026-11-24"):
        return date.fromisoformat(moment)
    if isinstance(moment, date) and not isinstance(moment, datetime):
        return moment
    return local_time(moment, zone).date()


def _hours(start: Moment, end: Moment, zone: Zone, language: str) -> str:
    """Both zones are named when the clocks change in between: "01:30 CEST–02:30 CET"."""
    first = hour(start, zone, language) if _changes(start, end, zone) else clock(start, zone, language)
    return f"{first}–{hour(end, zone, language)}"


def _changes(start: Moment, end: Moment, zone: Zone) -> bool:
    return zone_name(start, zone) != zone_name(end, zone)


def _zone(zone: Zone) -> tzinfo:
    if isinstance(zone, tzinfo):
        return zone
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"“{zone}” is not a time zone we know") from error


def _distance(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // MINUTE
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    if not hours and not rest:
        return "UTC"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
