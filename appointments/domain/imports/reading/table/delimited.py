"""A text of lines and delimiters → records, each with the line it begins on, whatever is wrong with its quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

DELIMITERS = (",", ";", "\t", "|")
MOST_CELLS = 500

_QUOTED = re.compile(r' *"([^"]*+(?:""[^"]*+)*+)"')


@dataclass(frozen=True, slots=True)
class Record:
    """`unclosed`: a quotation mark that opens a cell is never closed; it was taken as a letter."""

    line: int
    cells: tuple[str, ...]
    unclosed: bool = False

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@cache
def _plain(delimiter: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(delimiter)}\n]*")


def records(text: str, delimiter: str) -> Iterator[Record]:
    """RFC 4180, kindly; empty lines are no records. Line ends must be LF. Only a record's first 500 cells are kept."""
    at, line, end = 0, 1, len(text)
    plain = _plain(delimiter)
    while at < end:
        if text[at] == "\n":
            at, line = at + 1, line + 1
            continue
        begun, cells, unclosed = line, list[str](), False
        while True:
            value, after, bad = _cell(text, at, plain)
            unclosed = unclosed or bad
            line += text.count("\n", at, after)
            at = after
            if len(cells) < MOST_CELLS:
                cells.append(value)
            if at >= end or text[at] == "\n":
                break
            at += 1
        at, line = at + 1, line + 1
        yield Record(begun, tuple(cells), unclosed)


def _cell(text: str, at: int, plain: re.Pattern[str]) -> tuple[str, int, bool]:
    """(value, where it ends, whether its quotation mark is never closed)."""
    opens = text.startswith('"', at) or (text.startswith(" ", at) and text[at : at + 20].lstrip(" ").startswith('"'))
    quoted = _QUOTED.match(text, at) if opens else None
    if quoted:
        rest = plain.match(text, quoted.end())
        tail = rest[0] if rest else ""
        # A mark that closes in the middle of a later line's cell was none: the first one is a letter.
        if not tail.strip() or "\n" not in quoted[1]:
            return quoted[1].replace('""', '"') + tail.rstrip(), quoted.end() + len(tail), False
    found = plain.match(text, at)
    value = found[0] if found else ""
    return value, at + len(value), opens


def said_delimiter(text: str) -> str:
    """Excel's first line "sep=;", which is no record, or ""."""
    found = re.match(r'"?sep=([,;|\t])"?[ \t]*(?:\n|$)', text, re.IGNORECASE)
    return found[1] if found else ""
