"""Every number of a cell is found, none is made up, and the rest is kept to be said."""

import pytest

from appointments.domain.imports.reading.phones import Numbers, numbers_in

ONE, TWO, DESK = "+6281255501060", "+6281355501061", "+62215550123"


@pytest.mark.parametrize(
    "cell",
    [
        "0812 5550 1060 / 0813 5550 1061",
        "0812-5550-1060, 0813-5550-1061",
        "0812.5550.1060; 0813.5550.1061",
        "081255501060 atau 081355501061",
        "081255501060 OR 081355501061",
        "0812 5550 1060 dan 0813 5550 1061",
        "0812 5550 1060 & (0813) 5550 1061",
        "0812 5550 1060 - 0813 5550 1061",
        "0812 5550 1060 0813 5550 1061",
        "+6281255501060/+6281355501061",
        "+6281255501060+6281355501061",
        "+62 812 5550 1060 | +62 (0)813 5550 1061",
        "6281255501060/6281355501061",
        "0062 812 5550 1060 / 0062 813 5550 1061",
        "HP: 081255501060, WA 081355501061",
        "081255501060, 081255501060, 081355501061",
    ],
)
def test_two_numbers_of_a_cell_are_two(cell: str) -> None:
    assert numbers_in(cell) == Numbers((ONE, TWO))


@pytest.mark.parametrize(
    ("cell", "found", "left"),
    [
        ("0812 5550 1060", (ONE,), ""),
        ("tel:+6281255501060", (ONE,), ""),
        ("021/5550123", (DESK,), ""),
        ("021-5550123/4", (DESK,), "4"),
        ("0812 5550 1060 / 61", (ONE,), "61"),
        ("0812 5550 1060, 0813", (ONE,), "0813"),
        ("0812 5550 1060 (istri) / 0813 5550 1061", (ONE, TWO), "(istri)"),
        ("(021) 5550123 ext 12 / 0812 5550 1060", (DESK, ONE), "ext 12"),
        ("0812 5550 1060 / -", (ONE,), ""),
        ("12345", (), "12345"),
        ("0 8 1 2 " * 50, (), ("0 8 1 2 " * 50).strip()),
        ("ask his wife", (), "ask his wife"),
        ("", (), ""),
    ],
)
def test_what_is_no_number_is_never_made_one(cell: str, found: tuple[str, ...], left: str) -> None:
    assert numbers_in(cell) == Numbers(found, left)
