"""The columns of a table as a colleague sees them: what each is called, what we take it for, and what stands in it."""

import hashlib
from dataclasses import dataclass

from appointments.domain.imports.reading import is_calendar
from appointments.domain.imports.reading.rows import Problems, shorten
from appointments.domain.imports.reading.table.find import Meant, Table, find_table
from appointments.domain.imports.reading.table.headings import plain

SAMPLES = 3
LONGEST_SAMPLE = 40
MOST = 80
"""So many columns are shown; what is recognised among further ones is read all the same."""
_MOST_ROWS = 50_000


@dataclass(frozen=True)
class Column:
    """`field` is one of `reading.FIELDS`, or "" for what is not read."""

    heading: str
    field: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """`headings` is the digest of what they are called: the same for the next export of the same program."""

    columns: tuple[Column, ...]
    headings: str


def columns_of(data: bytes, *, name: str, meant: Meant) -> Columns:
    """Of a calendar, and of what is no table, there are none."""
    if is_calendar(data, filename=name):
        return Columns((), "")
    table = find_table(data, name, meant, Problems(), _MOST_ROWS)
    if table is None:
        return Columns((), "")
    return Columns(tuple(_columns(table)), _digest(table))


def _columns(table: Table) -> list[Column]:
    """Those with a heading; of two with the same heading only the first can be named."""
    fields = {place: name for name, place in table.columns.places.items()}
    found: dict[str, Column] = {}
    for place, cell in enumerate(table.headings.cells[:MOST]):
        heading = shorten(cell, 200)
        if plain(heading) and plain(heading) not in found:
            found[plain(heading)] = Column(heading, fields.get(place, ""), _samples(table, place))
    return list(found.values())


def _samples(table: Table, place: int) -> tuple[str, ...]:
    """The first that differ."""
    found: dict[str, None] = {}
    for record in table.rows:
        cell = shorten(record.cells[place], LONGEST_SAMPLE) if place < len(record.cells) else ""
        if cell:
            found[cell] = None
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _digest(table: Table) -> str:
    names = "\x1f".join(sorted(plain(cell[:200]) for cell in table.headings.cells))
    return hashlib.sha256(names.encode()).hexdigest()
