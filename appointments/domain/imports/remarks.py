"""What of a row that comes new is worth a look and no error."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from appointments.domain.imports.matching import beside_number, further_numbers, number_of
from appointments.domain.imports.reading import ImportedRow


def remarks_on(row: ImportedRow) -> Iterator[str]:
    if row.customer_phone and not number_of(row.customer_phone):
        sentence = _("“%(number)s” is not a telephone number that can be called, so it was left out.")
        yield sentence % {"number": row.customer_phone}
    if further_numbers(row):
        yield _("There is more than one telephone number. The first was taken; the others are in the note.")
    if words := beside_number(row):
        yield _("Beside the telephone number stands “%(words)s”. It is in the note.") % {"words": words}
    if row.guests:
        yield _("More than one person is invited. It was booked for the first; the others are in the note.")
