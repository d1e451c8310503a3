"""RFC 5545 recurrence rules as text → as data (3.3.10)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RANGES = {
    "BYSECOND": (0, 59, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYMONTH": (1, 12, False),
    "BYSETPOS": (1, 366, True),
}
_DAY = re.compile(r"^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")


class RuleError(ValueError):
    """The text is no recurrence rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed RRULE. `by` holds the BY… parts as sets of numbers; `days` are (ordinal, weekday), 0 for "every"."""

    freq: str
    by: dict[str, frozenset[int]]
    days: frozenset[tuple[int, int]] = frozenset()
    interval: int = 1
    count: int | None = None
    until: str = ""
    week_start: int = 0

    def last_on_the_wall(self, zone: tzinfo) -> datetime | None:
        """UNTIL as a clock in `zone` shows it, without a zone; None when the rule has none. UTC is converted, a date
        without a time counts to its end. Raises ValueError.
        """
        if not self.until:
            return None
        if "T" not in self.until:
            return datetime.strptime(self.until, "%Y%m%d") + timedelta(days=1, microseconds=-1)  # noqa: DTZ007  a wall's
        shown = datetime.strptime(self.until.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  a wall's
        return shown.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if self.until.endswith("Z") else shown


def parse_rule(text: str) -> Rule:
    """Raises RuleError. Order, case, spaces, empty and X- parts do not matter, nor do backslashes, which some programs
    write before what parts the parts; UNTIL is kept as text."""
    parts: dict[str, str] = {}
    for part in text.upper().replace("\\", "").split(";"):
        name, _, value = part.partition("=")
        if name.strip() and not name.strip().startswith("X-"):
            parts[name.strip()] = value.strip()
    if parts.get("FREQ") not in FREQUENCIES:
        raise RuleError(text)
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.get("SKIP", "OMIT") != "OMIT":
        raise RuleError(text)
    if parts.get("COUNT") == "-1" and parts.get("UNTIL"):
        del parts["COUNT"]  # Some programs write -1 for "not counted"; where the end is said, nothing is guessed.
    unknown = set(parts) - set(_RANGES) - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "RSCALE", "SKIP"}
    if unknown:
        raise RuleError(text)
    return Rule(
        freq=parts["FREQ"],
        by={name: _numbers(name, parts[name]) for name in _RANGES if parts.get(name)},
        days=frozenset(_weekdays(parts.get("BYDAY", ""))),
        interval=_positive(parts.get("INTERVAL", "1"), digits=6),
        count=_positive(parts["COUNT"]) if "COUNT" in parts else None,
        until=parts.get("UNTIL", ""),
        week_start=_week_start(parts.get("WKST", "MO")),
    )


def _positive(text: str, *, digits: int = 12) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > digits or int(text) < 1:
        raise RuleError(text)
    return int(text)


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        raise RuleError(text)
    return WEEKDAYS.index(text)


def _numbers(name: str, text: str) -> frozenset[int]:
    low, high, may_be_negative = _RANGES[name]
    found = set()
    for item in filter(None, (item.strip() for item in text.split(","))):
        if not re.fullmatch(r"[+-]?\d{1,3}", item, re.ASCII):
            raise RuleError(text)
        number = int(item)
        if not low <= (abs(number) if may_be_negative else number) <= high:
            raise RuleError(text)
        found.add(number)
    return frozenset(found)


def _weekdays(text: str) -> Iterator[tuple[int, int]]:
    for item in filter(None, (item.strip() for item in text.split(","))):
        match = _DAY.match(item)
        if not match or (match[1] and not 1 <= abs(int(match[1])) <= 53):
            raise RuleError(text)
        yield int(match[1] or 0), WEEKDAYS.index(match[2])
