"""The values of iCalendar properties: moments, durations, periods, texts and people, read as kindly as is honest."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import unquote

from appointments.domain.imports.reading.ics.lines import Property
from appointments.domain.imports.reading.rows import Person
from appointments.domain.imports.reading.text import clean_line
from appointments.domain.imports.reading.zones import UTC_ZONE, Zone, fixed_offset, to_utc

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE | re.ASCII,
)
_TIME = re.compile(r"(\d\d):?(\d\d):?(\d\d)?(Z)?", re.IGNORECASE | re.ASCII)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE | re.ASCII,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ADDRESS = re.compile(r"[^@\s<>\"',;:()]+@[^@\s<>\"',;:()]+")
_EARLIEST, _LATEST = 1000, 9900
_NEVER = datetime.combine(date(_LATEST, 1, 1), time.min)


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall-clock time (naive) on a clock. `zone` is None while it floats; of a date only the day counts."""

    wall: datetime
    zone: Zone | None = None
    is_date: bool = False

    def on(self, zone: Zone) -> "Moment":
        """The same, on a given clock if it floats."""
        return self if self.zone else Moment(self.wall, zone, self.is_date)

    def instant(self, default: Zone) -> datetime:
        """UTC; whatever floats is on the default clock. Raises OverflowError."""
        return to_utc(self.wall, (self.zone or default).clock)


@dataclass(frozen=True, slots=True)
class Duration:
    """Days are nominal (the same hour on another day), `rest` is exact (RFC 5545, 3.3.6)."""

    days: int
    rest: timedelta

    def after(self, start: datetime, zone: Zone) -> datetime:
        """The instant that much later than the wall-clock time `start`."""
        return to_utc(start + timedelta(days=self.days), zone.clock) + self.rest


def parse_moment(text: str, zone: Zone | None, *, date_wanted: bool = False) -> Moment:
    """Raises ValueError. `date_wanted` is VALUE=DATE: midnight is then the mere day. A mere day never has a zone."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if not _EARLIEST <= day.year <= _LATEST:
        raise ValueError(text)
    if match[4] is None:
        return Moment(datetime.combine(day, time.min), None, is_date=True)
    hour, minute, second = int(match[4]), int(match[5]), min(int(match[6] or 0), 59 if match[6] == "60" else 99)
    wall = datetime.combine(day, time(0 if hour == 24 else hour, minute, second))
    if hour == 24:
        if minute or second:
            raise ValueError(text)
        wall += timedelta(days=1)
    if date_wanted and not (hour or minute or second):
        return Moment(wall, None, is_date=True)
    if match[7]:
        zone = UTC_ZONE if match[7].upper() == "Z" else _offset(match[7])
    return Moment(wall, zone)


def _offset(text: str) -> Zone:
    found = fixed_offset(text)
    if found is None:
        raise ValueError(text)
    return found


def parse_time_of_day(text: str, day: Moment, zone: Zone | None) -> Moment:
    """RDATE;VALUE=TIME: that time on the day of `day`. Raises ValueError."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    wall = day.wall.replace(hour=int(match[1]), minute=int(match[2]), second=int(match[3] or 0))
    return Moment(wall, UTC_ZONE if match[4] else zone)


def parse_duration(text: str) -> Duration:
    """Raises ValueError. May be negative or zero."""
    match = _DURATION.fullmatch(text.strip())
    if not match or not any(match.group(2, 3, 4, 5, 6)):
        raise ValueError(text)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4, 5, 6))
    sign = -1 if match[1] == "-" else 1
    rest = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Duration(sign * (7 * weeks + days), sign * rest)


def parse_until(text: str, *, start: Moment, zone: Zone) -> tuple[datetime, datetime]:
    """UNTIL as (the last wall-clock time to look at, the last instant allowed). Raises ValueError and OverflowError.

    A mere day means all of that day, and for a series of days a time is only its day. The last century that can be
    written stands for "never".
    """
    if text.startswith("99") and len(text) >= 8:
        return _NEVER, _NEVER.replace(tzinfo=UTC)
    until = parse_moment(text, None)
    if start.is_date:
        until = Moment(local_day(until, zone), None, is_date=True)
    if until.is_date:
        until = Moment(until.wall + timedelta(hours=23, minutes=59, seconds=59))
    instant = until.instant(zone)
    # Around a change the wall clock may show a later time at an earlier instant: look further, the instant decides.
    return instant.astimezone(zone.clock).replace(tzinfo=None, fold=0) + timedelta(days=1), instant


def local_day(moment: Moment, zone: Zone) -> datetime:
    """The day (as a naive midnight) that a moment means where only days matter.

    Programs that write the UTC hour of a local midnight mean the local day; those that write 00:00:00 or 23:59:59 mean
    the day they wrote.
    """
    wall = moment.wall
    if moment.zone and (wall.hour, wall.minute, wall.second) not in ((0, 0, 0), (23, 59, 59)):
        wall = moment.instant(zone).astimezone(zone.clock).replace(tzinfo=None, fold=0)
    return wall.replace(hour=0, minute=0, second=0)


def days_between(start: Moment, end: Moment) -> int:
    """How many days an entry from one day to another lasts; the end is not part of it, but one that is the start is."""
    days = (end.wall - start.wall).days
    return days or 1


def unescape(value: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def stamp(text: str) -> str:
    """LAST-MODIFIED or DTSTAMP in a form that sorts; "" when it is none."""
    try:
        return parse_moment(text, None).wall.replace(tzinfo=UTC).isoformat()
    except ValueError:
        return ""


def parse_person(found: Property) -> Person:
    """ORGANIZER and ATTENDEE. "mailto:" may be missing, the name may repeat the address."""
    value = unquote(found.value[:1000]).strip()
    scheme, _, rest = value.partition(":")
    phone = clean_line(rest, limit=50) if scheme.lower() == "tel" else ""
    address = _ADDRESS.search(value) or _ADDRESS.search(found.param("EMAIL")[:1000])
    email = clean_line(address[0], limit=254) if address else ""
    name = clean_line(_without_address(_caret(found.param("CN")[:1000]), email), limit=200)
    return Person(
        name="" if name.lower() == email.lower() else name,
        email=email,
        phone=phone,
        kind=(found.param("CUTYPE") or "individual").lower()[:20],
        language=found.param("LANGUAGE").lower()[:16],
        declined=found.param("PARTSTAT").upper() == "DECLINED",
    )


def _caret(value: str) -> str:
    """RFC 6868: how a parameter carries quotes and line breaks."""
    return re.sub(r"\^([n'^])", lambda match: {"n": " ", "'": '"', "^": "^"}[match[1]], value)


def _without_address(name: str, email: str) -> str:
    """ "Page, Larry <l.page@example.com> (l.page@example.com)" is Page, Larry."""
    for left, right in ("<>", "()", "[]") if email else ():
        at = name.lower().find(f"{left}{email}{right}".lower())
        if at >= 0:
            name = name[:at] + name[at + len(email) + 2 :]
    return name.strip().strip("\"'")
