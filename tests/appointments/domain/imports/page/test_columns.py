"""The columns of a table as a colleague sees them."""

from appointments.domain.imports.page.columns import MOST, columns_of
from appointments.domain.imports.reading.table.find import Meant


def shown(text: str, **meant: object) -> list[tuple[str, str, tuple[str, ...]]]:
    found = columns_of(text.encode(), name="a.csv", meant=Meant(**meant))  # type: ignore[arg-type]
    return [(one.heading, one.field, one.samples) for one in found.columns]


def test_each_column_says_what_it_is_taken_for_and_its_first_values_that_differ() -> None:
    text = "Title\nName,Date,Shoe size\nAna,2026-11-24,\nAna,2026-11-25,42\nBen,2026-11-26,\nCici,2026-11-27,\nDedi,,\n"
    assert shown(text) == [
        ("Name", "customer_name", ("Ana", "Ben", "Cici")),
        ("Date", "date", ("2026-11-24", "2026-11-25", "2026-11-26")),
        ("Shoe size", "", ("42",)),
    ]


def test_what_was_chosen_is_what_it_is_taken_for() -> None:
    text = "Who,Date,Note\nAna,2026-11-24,x\n"
    found = shown(text, mapping={"customer_name": "Who"}, ignored=["Note"])
    assert [(heading, field) for heading, field, _values in found] == [
        ("Who", "customer_name"), ("Date", "date"), ("Note", ""),
    ]  # fmt: skip


def test_of_two_columns_with_one_heading_the_first_can_be_named_and_one_without_a_heading_cannot() -> None:
    assert [one[0] for one in shown("Name,name ,,Date\nA,B,C,2026-11-24\n")] == ["Name", "Date"]


def test_files_with_the_same_headings_are_alike_in_whatever_order() -> None:
    def digest(text: str) -> str:
        return columns_of(text.encode(), name="a.csv", meant=Meant()).headings

    assert digest("Name,Date\nA,2026-11-24") == digest("DATE,Name *\n2026-11-25,B")
    assert digest("Name,Date\nA,2026-11-24") != digest("Name,Date,Time\nA,2026-11-24,9")
    assert digest("BEGIN:VCALENDAR\nEND:VCALENDAR\n") == digest("%PDF-1.7") == ""


def test_a_page_shows_no_more_columns_than_anybody_can_look_through() -> None:
    heads = ",".join(f"h{number}" for number in range(MOST + 1))
    assert len(shown(f"{heads}\n{heads}\n")) == MOST
