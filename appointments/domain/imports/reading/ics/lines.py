"""An iCalendar file as bytes → events as lists of properties, each with its line number in the file.

The file is never read as a whole tree: one broken entry costs only itself. Folds, line ends and encodings of all the
programs that get them wrong are put right here, so that everything after this sees `NAME;PARAM=value:value`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.rows import Problems
from appointments.domain.imports.reading.text import as_utf8, decode

_PHYSICAL = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FOLDED_BEFORE_VALUE = re.compile(rb"[\r\n]*[ \t][;:]")
_NAME = re.compile(r"([A-Za-z0-9-]+)[ \t]*(?=[;:])")
# Possessive: a line of a million commas must not be remembered comma by comma.
_PARAMETER = re.compile(r';[ \t]*([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*+)(?:,(?:"[^"]*"|[^";:,]*+))*+)')
_ZONE_TAIL = re.compile(r"(.*):(\d{8}[\dTZtz,/PDHMSW+-]*|\d{6}Z?)")
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "CATEGORIES", "RESOURCES"}
_DATES = {"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"}
_KNOWN = (
    _TEXTS
    | _DATES
    | {"BEGIN", "END", "DURATION", "RRULE", "EXRULE", "UID", "SEQUENCE", "STATUS", "TRANSP", "METHOD", "VERSION", "URL"}
    | {"ORGANIZER", "ATTENDEE", "LAST-MODIFIED", "DTSTAMP", "CREATED", "CLASS", "PRIORITY", "GEO", "ATTACH", "TZID"}
    | {"TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "TZURL", "PRODID", "CALSCALE", "TRIGGER", "ACTION", "REPEAT", "DUE"}
    | {"COMPLETED", "RELATED-TO", "REQUEST-STATUS", "FREEBUSY", "COLOR", "IMAGE", "CONFERENCE", "NAME", "SOURCE"}
)
_KEPT = _TEXTS | _DATES | {"DURATION", "RRULE", "EXRULE", "UID", "SEQUENCE", "STATUS", "TRANSP", "ORGANIZER"}
_KEPT |= {"ATTENDEE", "LAST-MODIFIED", "DTSTAMP", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"}
_STRICT = _DATES | {"BEGIN", "END", "DURATION", "RRULE", "EXRULE", "UID", "SEQUENCE", "STATUS", "TRANSP", "DTSTAMP"}
"""What has one short value: a broken line below it is no part of it and costs only itself."""
_MORE_OF_A_VALUE = re.compile(rb"[A-Z0-9=;,:/+-]+")
_LONGEST_PARAMETER = 2_000
_MOST_PROPERTIES = 1_000_000
_SKIPPED_KINDS = {"VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "VPOLL"}


@dataclass(frozen=True, slots=True)
class Property:
    """One content line. Names are in upper case; a parameter holds its values without quotes."""

    line: int
    name: str
    params: dict[str, tuple[str, ...]]
    value: str

    def param(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        return self.params.get(name, ("",))[0]


@dataclass(slots=True)
class Scope:
    """What one VCALENDAR says for all that is in it. A VTIMEZONE is its own lines and those of its observances."""

    method: str = ""
    zone_name: str = ""
    zones: dict[str, list[list[Property]]] = field(default_factory=dict)


@dataclass(slots=True)
class RawEvent:
    """A VEVENT: the line of its BEGIN, and its properties without those of its alarms."""

    line: int
    scope: Scope
    properties: list[Property] = field(default_factory=list)
    closed: bool = False


@dataclass(slots=True)
class Contents:
    """What a file holds. `skipped` counts other entries by kind, `first_skipped` is where each kind began."""

    events: list[RawEvent] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    first_skipped: dict[str, int] = field(default_factory=dict)
    is_calendar: bool = False
    guessed_line: int = 0
    cut_off: bool = False
    too_many: bool = False


def logical_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Unfolded lines with the number of the physical line each begins on. Works on bytes, because a fold may cut a
    character in two; a line that cannot be a property is taken for a badly folded rest of the one before, unless that
    has a value to which it cannot belong. A name may stand alone, with its value in the fold below."""
    begun, parts = 0, list[bytes]()
    for number, match in enumerate(_PHYSICAL.finditer(data), start=1):
        line = match[0].rstrip(b"\r\n")
        if not line:
            continue
        if parts and line[:1] in b" \t":
            parts.append(line[1:])
        elif parts and _goes_on(parts[0], line, name_alone=bool(_FOLDED_BEFORE_VALUE.match(data, match.end()))):
            parts.append((rb"\n" if _is_text(parts[0]) else b"") + line)
        else:
            if parts:
                yield begun, b"".join(parts)
            begun, parts = number, [line]
    if parts:
        yield begun, b"".join(parts)


def _goes_on(first: bytes, line: bytes, *, name_alone: bool) -> bool:
    if _begins_a_property(line + b":" if name_alone else line):
        return False
    return _name(first).upper() not in _STRICT or bool(_MORE_OF_A_VALUE.fullmatch(line))


def _begins_a_property(line: bytes) -> bool:
    """In text that was broken without a fold, "Note: bring the card" begins a line; a property's name is one that is
    known, or in capitals, or begins with X-."""
    name = _name(line)
    return name.upper() in _KNOWN or name.upper().startswith("X-") or name.isupper()


def _is_text(first: bytes) -> bool:
    return _name(first).upper() in _TEXTS | {"X-ALT-DESC"}


def _name(line: bytes) -> str:
    match = _NAME.match(line[:80].decode("latin-1"))
    return match[1] if match else ""


def parse_property(line: int, text: str) -> Property | None:
    """None when the text is no content line."""
    match = _NAME.match(text)
    if not match:
        return None
    name, at = match[1].upper(), match.end()
    params: dict[str, tuple[str, ...]] = {}
    while found := _PARAMETER.match(text, at):
        params[found[1].upper()] = tuple(value.strip(' "') for value in _split_quoted(found[2][:_LONGEST_PARAMETER]))
        at = found.end()
    colon = text.find(":", at)
    value = text[colon + 1 :] if colon >= 0 else ""
    if name in _DATES and "TZID" in params:
        value = _unquoted_zone(text, at, value, params)
    return Property(line, name, params, value)


def _split_quoted(text: str) -> list[str]:
    return re.findall(r'"[^"]*"|[^",]+', text) or [text]


def _unquoted_zone(text: str, at: int, value: str, params: dict[str, tuple[str, ...]]) -> str:
    """TZID=(UTC-05:00) Eastern Time (US & Canada) is often written without quotes: the value follows the last colon."""
    tail = _ZONE_TAIL.fullmatch(text[at:].strip())
    if not tail or re.match(r"\d{4}-?\d\d-?\d\d", value):
        return value
    params["TZID"] = (params["TZID"][0] + tail[1],)
    return tail[2]


class _Reader:
    """Walks through the lines and keeps the open components on a stack."""

    def __init__(self, problems: Problems, max_events: int) -> None:
        self.problems, self.max_events = problems, max_events
        self.contents = Contents()
        self.scope = Scope()
        self.open: list[str] = []
        self.depth: Counter[str] = Counter()
        self.event: RawEvent | None = None
        self.zone: list[list[Property]] | None = None
        self.kept = 0

    def read(self, data: bytes) -> Contents:
        for line, raw in logical_lines(as_utf8(data)):
            text, guessed = decode(raw)
            if guessed and not self.contents.guessed_line:
                self.contents.guessed_line = line
            name = text[: text.find(":")].strip().upper() if ":" in text else ""
            if name == "BEGIN":
                self.begin(line, text[text.find(":") + 1 :].strip().upper())
            elif name == "END":
                self.end(text[text.find(":") + 1 :].strip().upper())
            elif self.open or self.event is None:
                self.keep(line, text)
            if self.contents.too_many:
                return self.contents
        self.contents.cut_off = bool(self.open)
        self.finish_event(closed=False)
        return self.contents

    def begin(self, line: int, kind: str) -> None:
        if kind == "VCALENDAR":
            self.close_left_open(line)
            self.open.clear()
            self.depth.clear()
            self.scope, self.contents.is_calendar = Scope(), True
        elif kind == "VEVENT":
            self.close_left_open(line)
            self.contents.is_calendar = True
            self.event = RawEvent(line, self.scope)
        elif kind == "VTIMEZONE":
            self.zone = [[]]
        elif self.zone is not None:
            self.zone.append([])
        elif kind in _SKIPPED_KINDS:
            self.contents.is_calendar = True
            self.contents.skipped[kind] += 1
            self.contents.first_skipped.setdefault(kind, line)
        self.open.append(kind)
        self.depth[kind] += 1

    def close_left_open(self, line: int) -> None:
        """A new entry begins inside another one whose END is missing: what the other has said so far counts."""
        if self.event is None:
            return
        self.problems.warning(
            self.event.line,
            _("The end of this entry is missing; the next one begins in line {next}. Please check it."),
            next=line,
        )
        while self.open and self.open[-1] != "VEVENT":
            self.depth[self.open.pop()] -= 1
        if self.open:
            self.depth[self.open.pop()] -= 1
        self.finish_event(closed=True)

    def end(self, kind: str) -> None:
        if self.depth[kind] <= 0:
            return
        while self.open:
            closing = self.open.pop()
            self.depth[closing] -= 1
            if closing == "VEVENT":
                self.finish_event(closed=True)
            elif closing == "VTIMEZONE":
                self.finish_zone()
            if closing == kind:
                return

    def finish_event(self, *, closed: bool) -> None:
        if self.event is None:
            return
        self.event.closed = closed
        if len(self.contents.events) >= self.max_events:
            self.contents.too_many = True
        else:
            self.contents.events.append(self.event)
        self.event = None

    def finish_zone(self) -> None:
        if self.zone:
            names = [item.value.strip().strip('"') for item in self.zone[0] if item.name == "TZID"]
            if names:
                self.scope.zones[names[0]] = self.zone
        self.zone = None

    def keep(self, line: int, text: str) -> None:
        match = _NAME.match(text)
        in_event = self.event is not None and bool(self.open) and self.open[-1] == "VEVENT"
        if in_event and not _begins_a_property(text.encode("utf-8", "replace")):
            self.problems.error(line, _("This line cannot be read, so it was left out."), value=text)
            return
        if not match:
            return
        self.kept += 1
        self.contents.too_many = self.kept > _MOST_PROPERTIES
        name = match[1].upper()
        if self.event is not None and in_event:
            if name in _KEPT and (found := parse_property(line, text)):
                self.event.properties.append(found)
        elif self.zone is not None:
            if found := parse_property(line, text):
                self.zone[-1].append(found)
        elif not self.open or self.open[-1] == "VCALENDAR":
            self.keep_for_all(name, line, text)

    def keep_for_all(self, name: str, line: int, text: str) -> None:
        if name in ("METHOD", "X-WR-TIMEZONE") and (found := parse_property(line, text)):
            if name == "METHOD":
                self.scope.method = found.value.strip().upper()
            else:
                self.scope.zone_name = found.value.strip()


def read_contents(data: bytes, *, problems: Problems, max_events: int) -> Contents:
    """The events of a file, whatever is wrong with the rest of it; missing ENDs become problems."""
    return _Reader(problems, max_events).read(data)
