"""Bytes of unknown origin → text that a database, a page and a header can carry."""

import codecs

from notifications.text.cleaning import clean, one_line, shorten

LONGEST_LINE = 300
LONGEST_TEXT = 10_000


def clean_text(value: str, *, limit: int = LONGEST_TEXT) -> str:
    """Several lines: line ends become LF, what cannot be stored or shown goes, too long an end becomes an ellipsis."""
    return shorten(clean(value[: 4 * limit]).strip(), limit=limit)


def clean_line(value: str, *, limit: int = LONGEST_LINE) -> str:
    """One line: as `clean_text`, and every run of white space is one space, so that it is safe in a header."""
    return one_line(value[: 4 * limit], limit=limit)


def as_utf8(data: bytes) -> bytes:
    """Takes off byte order marks and turns UTF-16 and UTF-32 into UTF-8; everything else stays as it is."""
    for mark, encoding in (
        (codecs.BOM_UTF8, None),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            rest = data[len(mark) :]
            return rest if encoding is None else rest.decode(encoding, "replace").encode("utf-8", "replace")
    return _unmarked_utf16(data)


def _unmarked_utf16(data: bytes) -> bytes:
    """UTF-16 without a mark shows in Latin text: every other byte of the beginning is zero, the others are not."""
    head = data[:64]
    even, odd = head[0::2], head[1::2]
    if len(head) >= 8 and not any(odd) and all(even[: len(odd)]):
        return data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    if len(head) >= 8 and not any(even) and all(odd):
        return data.decode("utf-16-be", "replace").encode("utf-8", "replace")
    return data


def decode(data: bytes) -> tuple[str, bool]:
    """Text and whether its encoding had to be guessed.

    UTF-8 first, then UTF-8 with surrogates that do not belong there (some programs write each half of a pair by
    itself), then Windows' Western code page, in which few bytes mean nothing, and Latin-1, in which every byte has a
    meaning.
    """
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    try:
        halves = data.decode("utf-8", "surrogatepass")
        return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), False
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), True
    except UnicodeDecodeError:
        return data.decode("latin-1"), True


def looks_like(data: bytes) -> str:
    """What a file that cannot be read seems to be: "workbook", "page", "binary" or "" when there is no telling."""
    head = data[:2048].lstrip().lower()
    if head.startswith((b"pk\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    if head.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "page"
    if head.startswith((b"%pdf", b"\x89png", b"gif8", b"\xff\xd8\xff")):
        return "binary"
    return ""
