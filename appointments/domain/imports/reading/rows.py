"""What a file from elsewhere says, as plain facts: rows to import and sentences about what could not be read."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.utils.text import format_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Level = Literal["error", "warning", "note"]
Message: TypeAlias = "str | _StrPromise"

REMEDIES = ("columns", "date order", "service", "source", "zone")
"""What whoever imports can say to a file that does not say it itself."""

LONGEST_UID = 180
"""Longer identifiers are replaced by their hash, so that an identity fits a database column of 255 characters."""

DERIVED, TOO_LONG = "derived-", "long-"
"""How identifiers begin that are not the file's own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in the file.

    `kind` is RFC 5545's CUTYPE in lower case: individual, group, resource, room or unknown. `email` is empty unless it
    looks like an address; nothing was ever sent to it.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    kind: str = "individual"
    language: str = ""
    declined: bool = False

    def is_one_of(self, colleagues: Collection[str]) -> bool:
        """Whether an address or a name of ours, in lower case, is this person's."""
        return bool({self.email.lower(), " ".join(self.name.lower().split())} - {""} & set(colleagues))


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One appointment as the file states it.

    `starts_at` and `ends_at` are UTC; `ends_at` is None when the file gives no usable end, otherwise later than
    `starts_at`. `zone` is the IANA zone in which the file states the time ("UTC" for UTC stamps); rows in a zone that
    only the file itself defines carry the default zone's name, their instants still follow the file's definition. An
    all-day row runs from midnight to midnight in the default zone. `stamp` says when the file's entry was last changed
    (ISO 8601 in UTC; empty when it does not say); `declined`, that whoever was invited has said no; `guests`, who is
    invited besides the customer. All texts are free of NUL, control characters and
    lone surrogates, and bounded in length; texts of one line hold no line break.
    """

    line: int
    uid: str
    starts_at: datetime
    recurrence_id: str = ""
    ends_at: datetime | None = None
    zone: str = "UTC"
    all_day: bool = False
    cancelled: bool = False
    summary: str = ""
    description: str = ""
    place: str = ""
    organizer: Person | None = None
    attendees: tuple[Person, ...] = ()
    guests: tuple[Person, ...] = ()
    customer_name: str = ""
    customer_email: str = ""
    customer_phone: str = ""
    customer_language: str = ""
    service: str = ""
    provider: str = ""
    location: str = ""
    room: str = ""
    sequence: int = 0
    stamp: str = ""
    transparent: bool = False
    declined: bool = False
    note: str = ""
    says_service: bool = False
    """Whether `service` stands in a column of its own; in a calendar it is only what the entry is called."""

    @property
    def has_own_uid(self) -> bool:
        return is_worldwide(self.uid)

    @property
    def names_customer(self) -> bool:
        """Whether it says a name: readers put the address, or the number, where there is none."""
        return self.customer_name.lower() not in ("", self.customer_email.lower(), self.customer_phone)

    @property
    def identity(self) -> str:
        """The same for the same appointment whenever its file is imported again; at most 255 characters."""
        return f"{self.uid}#{self.recurrence_id}" if self.recurrence_id else self.uid


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence for the person who imports. `line` counts from 1 as an editor does; 0 speaks of the whole file.

    An *error* means that something was left out, a *warning* that something was read in a way worth checking, a *note*
    is for information. `remedy` names the choice that would help, in the words of `REMEDIES`.
    """

    line: int
    level: Level
    message: Message
    value: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class WholeSeries:
    """An entry all of whose dates of the asked days are among the rows; `elsewhere` are the keys of those that were
    moved to other days. What is in neither is no date of that entry any more.
    """

    line: int
    sequence: int = 0
    stamp: str = ""
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole outcome: rows in order of time, problems in order of line. `kind` is "calendar" or "table"; `series`
    holds by their UIDs the entries that could be read whole; `cut_off` tells that the end of the file is missing.
    """

    rows: tuple[ImportedRow, ...]
    problems: tuple[Problem, ...]
    kind: Literal["calendar", "table"]
    series: Mapping[str, WholeSeries] = field(default_factory=dict)
    cut_off: bool = False

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def is_whole(self) -> bool:
        """Whether what is not among the rows is not in the file either."""
        return not self.cut_off and not self.errors


@dataclass(slots=True)
class Problems:
    """Collects the sentences while a file is read; values are cut, as they are only there to be recognised."""

    found: list[Problem] = field(default_factory=list)

    def error(self, line: int, message: Message, *, value: str = "", remedy: str = "", **names: object) -> None:
        self._add(line, "error", message, value, names, remedy=remedy)

    def warning(self, line: int, message: Message, *, value: str = "", remedy: str = "", **names: object) -> None:
        self._add(line, "warning", message, value, names, remedy=remedy)

    def note(self, line: int, message: Message, *, value: str = "", remedy: str = "", **names: object) -> None:
        self._add(line, "note", message, value, names, remedy=remedy)

    def in_order(self) -> tuple[Problem, ...]:
        return tuple(sorted(self.found, key=lambda problem: problem.line))

    def _add(
        self, line: int, level: Level, message: Message, value: str, names: dict[str, object], *, remedy: str = ""
    ) -> None:
        shown = shorten(value)
        sentence = format_lazy(message, **{"value": shown, **names})
        self.found.append(Problem(line=line, level=level, message=sentence, value=shown, remedy=remedy))


def is_worldwide(uid: str) -> bool:
    """Whether a file's identifier is one for the whole world: of a calendar, and not a number of its own."""
    is_ours = uid.startswith((DERIVED, TOO_LONG))
    return not is_ours and ("@" in uid or len(uid) >= 20)


def shorten(value: str, limit: int = 120) -> str:
    """One line of at most `limit` characters in which whatever cannot be printed is a space."""
    cut = value[: limit + 1]
    shown = "".join(mark if mark.isprintable() else " " for mark in cut).strip()
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def derived_uid(*parts: str) -> str:
    """A stable identifier for an entry whose file gives it none, from what makes it this entry."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"{DERIVED}{digest[:40]}"


def bounded_uid(uid: str) -> str:
    """The file's own identifier, hashed when it is too long to be kept."""
    if len(uid) <= LONGEST_UID:
        return uid
    return f"{TOO_LONG}{hashlib.sha256(uid.encode('utf-8', 'replace')).hexdigest()}"
