"""How a moment is written for a person, in the habits of the language that is named. No clock, no active language.

The zone is always named, by the letters people there use (WIB, WITA, WIT, CET, EDT); a zone without letters is written
as its distance from UTC. The names of days and months stand in each language's folder and not in a catalogue of
translations, because the language of a message is that of its reader and never that of whoever is signed in.

A moment is an aware datetime or its ISO 8601 text. Raises ValueError for a moment without a zone, for text that is no
moment, and for a zone that nobody knows.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notifications.text.habits import Style, habits

Moment = datetime | str
Day = date | datetime | str
Zone = tzinfo | str

MINUTE, HOUR, DAY = 60, 3600, 86400
HOURS_UNTIL = 36 * HOUR
"""Up to here a distance is told in hours, from here on in days."""


def when(moment: Moment, zone: Zone, language: str, style: Style = "long") -> str:
    """Day and hour: "Tuesday, 24 November 2026 at 14:30 WIB", short "Tue 24 Nov, 14:30 WIB"."""
    date_, hour_ = day(moment, zone, language, style), hour(moment, zone, language)
    return habits(language).write(f"moment.{style}", date=date_, hour=hour_)


def day(moment: Day, zone: Zone, language: str, style: Style = "long") -> str:
    """The day alone: "Tuesday, 24 November 2026", short "Tue 24 Nov". A plain date is taken as it is."""
    said, local = habits(language), _day_in(moment, zone)
    return said.write(
        f"date.{style}",
        weekday=said.words(f"days.{style}")[local.weekday()],
        day=local.day,
        month=said.words(f"months.{style}")[local.month - 1],
        number=local.month,
        year=local.year,
    )


def weekday(moment: Day, zone: Zone, language: str) -> str:
    """The name of the day: "Tuesday", "Selasa"."""
    return habits(language).words("days.long")[_day_in(moment, zone).weekday()]


def hour(moment: Moment, zone: Zone, language: str) -> str:
    """The hour with its zone: "14:30 WIB", "14.30 WIB"."""
    return f"{clock(moment, zone, language)} {zone_name(moment, zone)}"


def clock(moment: Moment, zone: Zone, language: str) -> str:
    """The hour without its zone, for where the zone is written beside: "14:30", "14.30"."""
    local = local_time(moment, zone)
    return habits(language).clock(local.hour, local.minute)


def window(start: Moment, end: Moment, zone: Zone, language: str) -> str:
    """From hour to hour: "13:00–15:00 WIB", "pukul 13.00–15.00 WIB"; the days too when there are two of them."""
    if _day_in(start, zone) != _day_in(end, zone):
        return span(start, end, zone, language)
    return habits(language).write("span.alone", hours=_hours(start, end, zone, language))


def span(start: Moment, end: Moment, zone: Zone, language: str, style: Style = "long") -> str:
    """Day and hours: "Tuesday, 24 November 2026, 13:00–15:00 WIB", "Selasa, 24 November 2026 pukul 13.00–15.00 WIB".

    From midnight to midnight it is whole days, which have no hours: "Tue 1 Dec, all day", "Tue 1 Dec – Thu 3 Dec".
    """
    if whole := _whole_days(start, end, zone):
        first, last = (day(one, zone, language, style) for one in whole)
        one_day = habits(language).write("span.day", date=first)
        return one_day if first == last else habits(language).write("span.days", first=first, last=last)
    if _day_in(start, zone) != _day_in(end, zone):
        return f"{when(start, zone, language, style)} – {when(end, zone, language, style)}"
    date_, hours = day(start, zone, language, style), _hours(start, end, zone, language)
    return habits(language).write(f"span.{style}", date=date_, hours=hours)


def between(start: Moment, end: Moment, zone: Zone, language: str) -> str:
    """A span in running text: "Tuesday, 24 November 2026 between 13:00 and 15:00 WIB"."""
    if _day_in(start, zone) != _day_in(end, zone):
        return span(start, end, zone, language)
    first = hour(start, zone, language) if _changes(start, end, zone) else clock(start, zone, language)
    last = hour(end, zone, language)
    return habits(language).write("span.running", date=day(start, zone, language), start=first, end=last)


def left(moment: Moment, now: datetime, language: str) -> str:
    """How far away, to the nearest minute, hour or day: "in 3 h", "3 jam lagi", "2 h ago", "now"."""
    said = habits(language)
    seconds = (read(moment) - now).total_seconds()
    distance = abs(seconds)
    if distance < MINUTE / 2:
        return said.write("distance.now")
    if distance < HOUR - MINUTE / 2:
        unit, size = said.words("distance.minutes"), MINUTE
    elif distance < HOURS_UNTIL:
        unit, size = said.words("distance.hours"), HOUR
    else:
        unit, size = said.words("distance.days"), DAY
    count = max(1, int(distance / size + 0.5))
    direction = "distance.ahead" if seconds > 0 else "distance.ago"
    return said.write(direction, count=count, unit=unit[0] if count == 1 else unit[1])


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


def _whole_days(start: Moment, end: Moment, zone: Zone) -> tuple[date, date] | None:
    """The first and the last day of what begins and ends at midnight; None for anything else."""
    first, after = local_time(start, zone), local_time(end, zone)
    if first.time() != time() or after.time() != time() or first >= after:
        return None
    return first.date(), after.date() - timedelta(days=1)


def _hours(start: Moment, end: Moment, zone: Zone, language: str) -> str:
    """Both zones are named when the clocks change in between: "01:30 CEST–02:30 CET"."""
    first = hour(start, zone, language) if _changes(start, end, zone) else clock(start, zone, language)
    return habits(language).write("span.hours", start=first, end=hour(end, zone, language))


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
