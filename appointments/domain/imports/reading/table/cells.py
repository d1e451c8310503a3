"""Single cells of a table: texts without formulas, lengths, yes and no, languages, telephone numbers."""

import re
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.ics.values import parse_duration
from appointments.domain.imports.reading.phones import numbers_in
from appointments.domain.imports.reading.text import clean_line, clean_text
from notifications.text import languages
from notifications.text.habits import habits, own_name

NOT_ONE_ADDRESS = _("“{value}” is not one e-mail address, so this row was left out: whose it is would be a guess.")
NO_ADDRESS = _("“{value}” is not an e-mail address, so it was left out.")
OUR_ADDRESS = _("The e-mail address is one of ours, so it was not taken as the customer's.")
ROUNDED = _("The spreadsheet has rounded the telephone number {value}, so it was left out.")
NO_NUMBER = _("“{value}” is not a telephone number, so it was left out.")
NO_LANGUAGE = _("The language “{value}” is not one we write in; ours is used.")

_CANCELLED = re.compile(
    r"(?<!not )(?<!tidak )(?<!belum )(?<!nicht )\b(cancel+ed|cancel|cancellation|batal|dibatalkan|pembatalan|void"
    r"|deleted|dihapus|declined|rejected|ditolak|storniert|abgesagt|annul+é|cancelad[oa]|annullat[oa]|geannuleerd)\b"
)
_NO = {"", "no", "n", "tidak", "false", "0", "-", "–", "none", "null", "n/a", "nein", "aus"}
_YES = {"yes", "y", "ya", "true", "1", "x", "✓", "✔", "benar", "iya", "ja", "ein", "wahr"}
_FREE = {"3", "free", "frei", "bebas", "kosong", "luang", "lowong", "transparent"}
_ADDRESS = re.compile(r"[^@\s<>\",;:()]{1,64}@[^@\s<>\"',;:()]{1,190}")
_BRACKETED = re.compile(r"[^<>@]*<([^<>]*)>")
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,16})?)"
_ROUNDED_NUMBER = re.compile(r"(?<![\d.,])\d(?:[.,]\d+)?e\+?\d+(?!\d)", re.IGNORECASE)
_HOURS_MINUTES = re.compile(
    rf"(?:{_NUMBER}\s*(?:h|hrs?|hours?|jam))?\s*(?:dan|and)?\s*(?:{_NUMBER}\s*(?:m|mins?|minutes?|menit))?\.?"
)


def plain_text(cell: str, *, many_lines: bool = False) -> tuple[str, bool]:
    """The text of a cell, and whether a formula was made harmless by taking off what makes it one.

    A spreadsheet's marks for "this is text" (a leading ', or ="…") go; they are no formulas. Signs before a number or
    a word that is no formula ("- bring the card") stay in texts of many lines.
    """
    cell = cell.strip(" \u00a0\t\r\n")
    as_text = re.fullmatch(r'="([^"]*)"', cell[:400])
    if as_text:
        cell = as_text[1]
    cell = cell.removeprefix("'")
    marks = "=@\t\r" if many_lines else "=@\t\r+-"
    bare = cell.lstrip(marks + " ") if cell[:1] in marks and cell else cell
    clean = clean_text(bare) if many_lines else clean_line(bare)
    return clean, cell[:1] in ("=", "@") and bool(clean)


def phone(cell: str) -> tuple[str, str]:
    """Telephone numbers as they are written, with what stands beside them, and one that a spreadsheet has rounded
    ("6.28123E+11") and so lost. Text without a number is none.
    """
    cell = re.sub(r'^="([^"]*)"$', r"\1", cell.strip()[:200]).removeprefix("'")
    cell = clean_line(re.sub(r"\s*\n\s*", "; ", cell), limit=200)
    if rounded := _ROUNDED_NUMBER.search(cell):
        cell = cell.replace(rounded[0], "").strip(" /;,")
    cell = re.sub(r"^(\d{6,})[.,]0+$", r"\1", cell)  # a number that a spreadsheet took for one: "628125550106.0"
    cell = re.sub(r"^00(?=[1-9])", "+", cell)
    is_one = re.fullmatch(r"\+?[\d\s()./·-]{3,50}(?:(?:x|ext\.?)\s*\d+)?", cell) is not None
    return cell if is_one or numbers_in(cell).found else "", rounded[0] if rounded else ""


def email(cell: str) -> str:
    """The address that a cell is, or the one in "Dewi <dewi@example.com>"; "" for anything else.

    Never a part of what is there: half of an address is somebody else's.
    """
    said = cell.strip()[:1000]
    if bracketed := _BRACKETED.fullmatch(said):
        said = bracketed[1].strip()
    said = re.sub(r"^mailto:", "", said, flags=re.IGNORECASE)
    return clean_line(said, limit=254) if len(said) <= 254 and _ADDRESS.fullmatch(said) else ""


def language(cell: str) -> str:
    """The code of the language in use that is meant ("Indonesia", "eng", "id_ID"), or "" for any other and for none."""
    said = "-".join(cell.lower().replace("_", "-").split())[:40]
    named = {word: code for code in languages.codes() for word in _called(code)}
    return named.get(said) or languages.known(said) or named.get(said.split("-")[0], "")


def _called(code: str) -> set[str]:
    """What people call a language, in the form in which `language` looks for it."""
    found = habits(code)
    names = [own_name(code), languages.name(code), *(found.also_called if found.code == code else ())]
    return {"-".join(name.lower().split()) for name in names}


def is_cancelled(cell: str) -> bool:
    """Whether a status says that it does not take place, in the words of the common tools ("CANCELLED_BY_CLIENT")."""
    return bool(_CANCELLED.search(" ".join(re.sub(r"[_\W]+", " ", cell.lower()[:200]).split())))


def says_cancelled(cell: str) -> bool:
    """Whether a column about cancellation alone says so: by yes, by a date ("Cancelled at"), by a name."""
    return cell.strip().lower()[:20] not in _NO


def is_free(cell: str) -> bool:
    """Whether a calendar says that the time is nobody's: Outlook writes 3 for it in tables."""
    return cell.strip().lower()[:20] in _FREE


def is_yes(cell: str) -> bool:
    return cell.strip().lower()[:20] in _YES


def length(cell: str, *, hours: bool = False) -> timedelta:
    """ "30", "30 menit", "1 jam 30 menit", "1:30", "1,5 h", "PT45M". A bare number counts minutes, or hours if said so.

    Raises ValueError for anything else, and for what is not longer than nothing or longer than a week.
    """
    words = " ".join(cell.lower().split())[:60]
    found = _length(words, hours=hours)
    if not timedelta() < found <= timedelta(days=7):
        raise ValueError(cell)
    return found


def _length(words: str, *, hours: bool) -> timedelta:
    if words.startswith("p"):
        duration = parse_duration(words)
        return timedelta(days=duration.days) + duration.rest
    if clock := re.fullmatch(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", words):
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))
    if re.fullmatch(_NUMBER, words):
        number = _decimal(words)
        if 0 < number < 1 and not hours:
            # A spreadsheet keeps a length as a part of a day.
            return timedelta(minutes=round(number * 1440))
        return timedelta(hours=number) if hours else timedelta(minutes=number)
    found = _HOURS_MINUTES.fullmatch(words)
    if not found or not (found[1] or found[2]):
        raise ValueError(words)
    return timedelta(hours=_decimal(found[1] or "0"), minutes=_decimal(found[2] or "0"))


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))
