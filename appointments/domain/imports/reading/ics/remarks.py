"""What is said of a calendar file as a whole, before its entries are read."""

from django.utils.translation import gettext_lazy as _

from appointments.domain.imports.reading.ics.lines import Contents
from appointments.domain.imports.reading.rows import Message, Problems
from appointments.domain.imports.reading.text import as_utf8, looks_like

_KIND_NAMES = {
    "VTODO": _("tasks"),
    "VJOURNAL": _("journal entries"),
    "VFREEBUSY": _("free/busy times"),
    "VAVAILABILITY": _("opening hours"),
    "VPOLL": _("polls"),
}


def remark(contents: Contents, data: bytes, problems: Problems, max_events: int) -> bool:
    """Says it. Whether there is anything to read on."""
    if not contents.is_calendar:
        problems.error(0, _what_it_is(data))
        return False
    if contents.too_many:
        sentence = _(
            "The file holds too much: more than {limit} entries, or very long ones. Please export a shorter time."
        )
        problems.error(0, sentence, limit=max_events)
        return False
    for kind, count in contents.skipped.items():
        problems.note(
            contents.first_skipped[kind],
            _("Only appointments are imported; left out were {kind}: {count}."),
            kind=_KIND_NAMES[kind],
            count=count,
        )
    if contents.guessed_line:
        problems.note(
            contents.guessed_line, _("From this line on, letters with accents may be wrong: the file is not in UTF-8.")
        )
    if contents.cut_off:
        problems.warning(0, _("The file ends in the middle, so entries may be missing. Please export it again."))
    elif not contents.events:
        problems.note(0, _("The calendar holds no appointments."))
    return True


def _what_it_is(data: bytes) -> Message:
    match looks_like(data) if as_utf8(data).strip() else "empty":
        case "empty":
            return _("The file is empty.")
        case "workbook":
            return _("This is a spreadsheet, not a calendar file. Please save it as CSV and import that.")
        case "page":
            return _("This is a web page, not a calendar file. Please download the calendar's .ics file.")
        case _other:
            return _("This is not a calendar file (.ics): no calendar begins in it.")
