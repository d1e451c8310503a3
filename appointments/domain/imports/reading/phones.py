"""The telephone numbers of one cell, as people write them: labelled, remarked on, several at once.

Nothing is invented and nothing is lost: what is no number stays in `left`, to be said. "021-5550123/4" is one number
and a "4" that nobody can read for sure, while "021/5550123" is one, as what stands before the stroke is none.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

MOST_WORDS = 12
"""Three numbers of four groups; who writes more is not tried in every way."""

_BETWEEN = re.compile(r"\s*(?:[;,|&\n]|\b(?:or|atau|dan|and|serta)\b)\s*", re.IGNORECASE)
_RUN = re.compile(r"\+?\(?\+?\d[\d\s()./·+-]*\d\)?|\d")
_LABEL = re.compile(
    r"\b(?:tel|telp|telepon|telephone|phone|mobile|cell|hp|handphone|ponsel|wa|whatsapp|no|nomor)\b[.:\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Numbers:
    """`found` are in E.164, in the order of the cell; `left` is what else it says, apart from labels such as "WA"."""

    found: tuple[str, ...] = ()
    left: str = ""


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> Numbers:
    """Remembered, because the same cell is asked for again and again while its row is compared."""
    found: list[str] = []
    left: list[str] = []
    for piece in _BETWEEN.split(text):
        rest = piece
        for run in _RUN.findall(piece):
            numbers, unread = _read(run)
            found += numbers
            if numbers:
                rest = rest.replace(run, " ".join(unread), 1)
        words = " ".join(_LABEL.sub("", rest).split()).strip(" -–·:./")
        left += [words] if words else []
    return Numbers(tuple(dict.fromkeys(found)), ", ".join(left))


def _read(run: str) -> tuple[list[str], list[str]]:
    """The numbers of a run of digits and signs, and the parts of it that are none."""
    parts = re.split(r"\s*/\s*", run)
    is_first = len(parts) > 1 and bool(_number(parts[0]))
    if not is_first and (whole := _number(run)):
        return [whole], []
    found: list[str] = []
    unread: list[str] = []
    for part in parts:
        numbers = _parted(re.split(r"\s+(?:-\s+)?|(?<=\d)(?=\+)", part))
        found += numbers
        unread += [] if numbers else [part]
    return found, unread


def _parted(words: list[str]) -> list[str]:
    """Several numbers that only blanks part: each as long as it can be, and no word left over, else none."""
    if len(words) > MOST_WORDS:
        return []
    for count in range(len(words), 0, -1):
        number = _number(" ".join(words[:count]))
        if number and (count == len(words) or (others := _parted(words[count:]))):
            return [number] if count == len(words) else [number, *others]
    return []


def _number(said: str) -> str:
    """In E.164, or nothing. What begins with a country's code although without a plus is read so when nothing else
    makes sense of it; 00 is a plus.
    """
    said = re.sub(r"^00(?=[1-9])", "+", said.strip())
    for text in (said, f"+{said}"):
        try:
            number = PhoneNumber.from_string(text)
        except NumberParseException:
            continue
        if number.is_valid():
            return str(number)
    return ""
