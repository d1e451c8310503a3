"""Dates as people and spreadsheets write them, in English and Indonesian → what they say, and nothing guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.table.hours import UNREADABLE, DateError, Hours, read_hours
from appointments.domain.imports.reading.zones import Zone, to_utc

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")

_MONTH_WORDS = (
    "january januari jan",
    "february februari pebruari feb peb",
    "march maret mar mrt",
    "april apr",
    "may mei",
    "june juni jun",
    "july juli jul",
    "august agustus aug agt ags agu",
    "september sep sept",
    "october oktober oct okt",
    "november nopember nov nop",
    "december desember dec des",
)
_DAY_WORDS = (
    "monday mon senin sen",
    "tuesday tue tues selasa sel",
    "wednesday wed rabu rab",
    "thursday thu thur thurs kamis kam",
    "friday fri jumat jum'at jum",
    "saturday sat sabtu sab",
    "sunday sun minggu ahad min mgg",
)
MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()}
WEEKDAYS = {word: number for number, words in enumerate(_DAY_WORDS) for word in words.split()}
_FILLERS = {"pukul", "pkl", "jam", "at", "on", "tanggal", "tgl", "hari", "the", "of", "um", "uhr", "o'clock"}

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?=t\d|\D|$)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*(?:of )?([a-z]{3,})\.?[\s,-]*(?:'?(\d{4}|\d{2})(?!\d|[:.]\d))?"
)
_MONTH_DAY = re.compile(
    r"(?<![a-z])([a-z]{3,})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?(?:[\s,-]+(\d{4})|,\s*'?(\d{2}))?(?!\d|[:.]\d)"
)
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(\d{4})[\s-]([a-z]{3,})[\s-](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d)?(?=z|[+-]|\s|$))?(?!\d)")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_FRACTION = re.compile(r"0?[.,](\d+)")
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Written:
    """What a cell says. A date is either certain (`day`) or three `numbers` whose order the cell does not tell, the
    year last, as it is written."""

    day: date | None = None
    numbers: tuple[int, int, int] | None = None
    hours: Hours | None = None
    weekday: int | None = None

    @property
    def has_date(self) -> bool:
        return self.day is not None or self.numbers is not None


_NO_SUCH_DATE = _("“{value}” is not a date that exists, so the row was left out.")
_NO_YEAR = _("In “{value}” the year is missing, so the row was left out.")
_UNCLEAR_FRACTION = _(
    "“{value}” may be an hour or a spreadsheet's number for one. Please write it as 14:30; the row was left out."
)


def read_date(text: str) -> Written:
    """A cell with a date, with or without an hour and a zone after it. Raises DateError."""
    words = _plain(text)
    serial = _SERIAL.fullmatch(words)
    if serial:
        return _from_serial(int(serial[1]), serial[2] or "")
    weekday, words = _without_weekday(words)
    day, numbers, rest = _take_date(words)
    rest, spoken = _without_fillers(rest)
    return Written(day, numbers, read_hours(rest, spoken=spoken) if rest else None, weekday)


def read_hour(text: str) -> Written:
    """A cell of a column of hours: "14:30", "2.30 pm WIB", "1430", "09.00 - 10.00", or a date too. Raises DateError."""
    words = _plain(text)
    fraction = _FRACTION.fullmatch(words)
    if fraction:
        if len(fraction[1]) == 2 and int(fraction[1]) < 60:
            raise DateError(_UNCLEAR_FRACTION)
        return Written(hours=Hours(_time_of(fraction[1])))
    rest, _spoken = _without_fillers(words)
    try:
        return Written(hours=read_hours(rest, spoken=True))
    except DateError:
        return read_date(text)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split()).strip(" ,;|")


def _without_weekday(words: str) -> tuple[int | None, str]:
    found = re.match(r"([a-z']+)[.,]?\s*", words)
    if found and found[1] in WEEKDAYS:
        return WEEKDAYS[found[1]], words[found.end() :]
    return None, words


def _without_fillers(words: str) -> tuple[str, bool]:
    """Without words like "pukul" and "at", and whether there were any: a bare number after them is an hour."""
    kept = [word for word in re.split(r"[\s,]+", words) if word and word.strip(".:") not in _FILLERS]
    rest = " ".join(kept)
    return rest.removeprefix("t") if re.match(r"t\d", rest) else rest, len(rest) < len(" ".join(words.split()))


def _take_date(words: str) -> tuple[date | None, tuple[int, int, int] | None, str]:
    """(a certain date, or the numbers of an uncertain one, and the rest of the words). Raises DateError."""
    if found := _YEAR_FIRST.search(words):
        return _date(*found.groups()), None, _cut(words, found)
    if (found := _YEAR_MONTH_DAY.search(words)) and found[2] in MONTHS:
        return _date(found[1], MONTHS[found[2]], found[3]), None, _cut(words, found)
    for found in _DAY_MONTH.finditer(words):
        if found[2] in MONTHS:
            return _date(_given(found[3]), MONTHS[found[2]], found[1]), None, _cut(words, found)
    for found in _MONTH_DAY.finditer(words):
        if found[1] in MONTHS:
            return _date(_given(found[3] or found[4]), MONTHS[found[1]], found[2]), None, _cut(words, found)
    if found := _NUMBERS.search(words):
        return None, (int(found[1]), int(found[3]), int(found[4])), _cut(words, found)
    if found := _COMPACT.search(words):
        clock = f" {found[4]}:{found[5]}:{found[6] or '00'} " if found[4] else " "
        return _date(*found.group(1, 2, 3)), None, words[: found.start()] + clock + words[found.end() :]
    raise DateError(UNREADABLE)


def _cut(words: str, found: re.Match[str]) -> str:
    return f"{words[: found.start()]} {words[found.end() :]}"


def _given(year: str | None) -> int:
    if year is None:
        raise DateError(_NO_YEAR)
    return _year(year)


def _year(text: str) -> int:
    """Two digits mean the years 1970 to 2069."""
    return _full_year(int(text)) if len(text) <= 2 else int(text)


def _full_year(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _date(year: str | int, month: str | int, day: str | int) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise DateError(_NO_SUCH_DATE) from None
    if not 1900 <= found.year <= 2200:
        raise DateError(_NO_SUCH_DATE)
    return found


def _from_serial(days: int, fraction: str) -> Written:
    """A spreadsheet's own number for a date: days since the end of 1899, and the part of the day."""
    if not 20_000 <= days <= 80_000:
        raise DateError(UNREADABLE)
    day = _EXCEL_EPOCH + timedelta(days=days)
    return Written(day=day, hours=Hours(_time_of(fraction)) if fraction else None)


def _time_of(fraction: str) -> time:
    seconds = min(round(float(f"0.{fraction[:12]}") * 86_400), 86_399)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def readings(written: Written) -> dict[Order, date]:
    """The dates that three numbers can mean, by order."""
    if written.numbers is None:
        return {}
    one, two, three = written.numbers
    found: dict[Order, date] = {}
    year = _full_year(three)
    attempts: list[tuple[Order, tuple[int, int, int]]] = [("dmy", (year, two, one)), ("mdy", (year, one, two))]
    if three < 100:
        attempts.append(("ymd", (_full_year(one), two, three)))
    for order, numbers in attempts:
        try:
            found[order] = _date(*numbers)
        except DateError:
            continue
    return found


def common_order(cells: Iterable[Written]) -> Order | Literal["unclear", "mixed"]:
    """The order of day and month that the numeric dates of a column share, by those that have only one sense and by
    days of the week. The year is last unless one is told."""
    proofs: set[Order] = set()
    for cell in cells:
        possible = {order: day for order, day in readings(cell).items() if order != "ymd"}
        fitting = {order for order, day in possible.items() if day.weekday() == cell.weekday}
        proofs |= fitting if len(fitting) == 1 else set(possible) if len(possible) == 1 else set()
    if len(proofs) == 1:
        return proofs.pop()
    return "mixed" if proofs else "unclear"


def settle(written: Written, order: Order | Literal["unclear", "mixed"]) -> date | None:
    """The date of a cell, None when it depends on an order nobody knows. Raises DateError if `order` makes it none."""
    if written.numbers is None:
        return written.day
    possible = readings(written)
    if order != "unclear" and order != "mixed":
        if order not in possible:
            raise DateError(_NO_SUCH_DATE)
        return possible[order]
    likely = {day for name, day in possible.items() if name != "ymd"}
    if not likely:
        raise DateError(_NO_SUCH_DATE)
    return likely.pop() if len(likely) == 1 else None


def abbreviation_fits(word: str, day: date, hour: time, zone: Zone) -> bool:
    """Whether "CET" or "PST" is what people at a place call its clock at that time."""
    moment = to_utc(datetime.combine(day, hour), zone.clock).astimezone(zone.clock)
    return moment.tzname() == word
