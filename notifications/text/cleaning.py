"""Text of unknown origin → text that a database, a page, a header and a reader can carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

# NUL and other controls (tab and line feed stay), marks of byte order, and the marks that turn the reading direction of
# what follows: with them a name can make an address or an amount read differently from what it is.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Free of controls, reading-direction overrides and lone surrogates; line ends are LF."""
    if text.isprintable():  # most texts are, and nothing unwanted is
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", UNWANTED.sub("", text))


LONGEST_NAME = 200


def one_stop(text: str, values: Any, *, is_html: bool = False) -> str:
    """Where a name ends with a full stop ("Rangga Prasetyo, S.Ft.") and a sentence with the name, one is enough; three
    in a row are meant. `values`: what the text was written with, a name being whatever in it is as short as one.
    """
    names = {name for name in _strings(values) if name.endswith(".") and not name.endswith("..")}
    ends = [end for end in map(escape if is_html else str, names) if end in text]
    if not ends:
        return text
    tags = r"(?:</\w+>)*" if is_html else ""
    return re.sub(rf"({'|'.join(map(re.escape, ends))})({tags})\.(?!\.)", r"\1\2", text)


def _strings(values: Any) -> Iterator[str]:
    if isinstance(values, str):
        if len(values) <= LONGEST_NAME:
            yield values
    elif isinstance(values, Mapping | list):
        for value in values.values() if isinstance(values, Mapping) else values:
            yield from _strings(value)


def shorten(text: str, *, limit: int) -> str:
    """At most `limit` characters; what is cut off becomes an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def one_line(text: str, *, limit: int = 250) -> str:
    """Cleaned, white space (some controls are such) collapsed to single spaces, cut to `limit`: fit for a header."""
    return shorten(" ".join(clean(" ".join(text.split())).split()), limit=limit)


_UNDIVIDED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "æ": "ae", "œ": "oe"}
)
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")


def fold(text: str) -> str:
    """What is searched and what is searched for, alike: without case, accents and apostrophes, single blanks between
    words. "Nur’aini  José" is "nuraini jose".
    """
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold().translate(_UNDIVIDED)
    return " ".join("".join(mark for mark in apart if not unicodedata.combining(mark)).split())


_BETWEEN = re.compile(r"[.,;:/()\[\]\"“”&\u2010\u2011\u2013\u2014-]+|['\u2019\u2018\u02bc`\u00b4]")


def sought(text: str) -> list[str]:
    """The words to look for, one by one, in what has been folded: "Wijaya, Budi" and "Nur-Aini" are two words each,
    while addresses and numbers stay whole.
    """
    found: list[str] = []
    for word in one_line(text).split():
        is_name = "@" not in word and any(mark.isalpha() for mark in word)
        found += map(fold, _BETWEEN.split(word) if is_name else [word.rstrip(",;")])
    return [word for word in found if any(mark.isalnum() for mark in word)]
