"""What is worth a look of a row that comes new."""

from dataclasses import replace

from appointments.domain.imports.reading import ImportedRow, Person
from appointments.domain.imports.remarks import remarks_on
from tests.clock import at

ROW = ImportedRow(line=2, uid="a", starts_at=at("2026-12-07 09:00"), customer_phone="0812 5550 0101")


def test_a_plain_row_needs_no_look() -> None:
    assert list(remarks_on(ROW)) == []


def test_a_number_nobody_can_call_further_ones_words_beside_it_and_guests_are_said() -> None:
    [no_number] = remarks_on(replace(ROW, customer_phone="ask mother"))
    assert no_number == "“ask mother” is not a telephone number that can be called, so it was left out."
    both = remarks_on(replace(ROW, customer_phone="0812 5550 0101 (mother), 0813 5550 0102"))
    assert [one.partition(".")[0] for one in both] == [
        "There is more than one telephone number",
        "Beside the telephone number stands “(mother)”",
    ]
    [guests] = remarks_on(replace(ROW, guests=(Person(name="Budi"),)))
    assert guests.startswith("More than one person is invited.")
