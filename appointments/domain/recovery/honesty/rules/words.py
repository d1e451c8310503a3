"""What certain words alone are wrong for: certainty, blame, what is private, and words that go stale."""

from __future__ import annotations

from collections.abc import Iterator

from appointments.domain.recovery.honesty.kinds import Finding, Gravity, Kind, found
from appointments.domain.recovery.honesty.reading import In, Reading

BESIDE = 45
"""So many characters from a word a date may stand to be the day it means."""


def certain(reading: Reading) -> Iterator[Finding]:
    """Promises beyond what anybody can know, unless it is so."""
    if not reading.facts.confirmed:
        yield from _said(reading, Kind.CERTAINTY, "certainty")


def blaming(reading: Reading) -> Iterator[Finding]:
    """A customer or a colleague made out to be at fault. That we are, we may say."""
    yield from _said(reading, Kind.BLAME, "blame")


def private(reading: Reading) -> Iterator[Finding]:
    """Details of a cause that is told without details."""
    if reading.facts.private:
        yield from _said(reading, Kind.PRIVATE, "private")


def stale(reading: Reading) -> Iterator[Finding]:
    """ "Tomorrow" and the like mean another day when they are read, unless the date stands beside them."""
    names = ("other_day",) if reading.facts.same_day else ("other_day", "same_day")
    for one in reading.languages:
        for name in names:
            for match in one.find("stale", name):
                start, end = one.place(match)
                if not has_date_beside(reading.text, start, end, one):
                    yield found(Kind.STALE, reading.text, start, end)


def has_date_beside(text: str, start: int, end: int, language: In) -> bool:
    """Whether a day with its number stands close to `text[start:end]`, in no other paragraph."""
    before = text[max(0, start - BESIDE) : start].rpartition("\n\n")[2]
    after = text[end : end + BESIDE].partition("\n\n")[0]
    return bool(language.lexicon.date.search(before) or language.lexicon.date.search(after))


def _said(reading: Reading, kind: Kind, table: str) -> Iterator[Finding]:
    for one, match in reading.found(table, "say"):
        yield found(kind, reading.text, *one.place(match))
    yield from framed(reading, kind, table)


def framed(reading: Reading, kind: Kind, table: str) -> Iterator[Finding]:
    """The same for what is wrong by how a clause is built."""
    for one in reading.spoken():
        for match, frame in one.framed(table):
            gravity = Gravity(frame.gravity) if frame.gravity else None
            yield found(kind, reading.text, *one.place(match), gravity=gravity)
