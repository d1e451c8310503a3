"""People are called by their names, whatever stands before, after or between."""

import pytest

from notifications.text.names import Called, called


@pytest.mark.parametrize(
    ("name", "whole", "bare", "first", "honorific"),
    [
        ("Hj. Siti Aminah", "Hj. Siti Aminah", "Hj. Siti Aminah", "Siti", "ms"),
        ("dr. Andi", "dr. Andi", "dr. Andi", "Andi", ""),
        ("Ny. Ratna", "Ny. Ratna", "Ratna", "Ratna", "ms"),
        ("Tn Joko Susilo", "Tn Joko Susilo", "Joko Susilo", "Joko", "mr"),
        ("Wijaya, Budi", "Budi Wijaya", "Budi Wijaya", "Budi", ""),
        ("Wijaya, Bpk. Budi", "Bpk. Budi Wijaya", "Budi Wijaya", "Budi", "mr"),
        ("WIJAYA, BUDI", "BUDI WIJAYA", "BUDI WIJAYA", "BUDI", ""),
        ("Lim, Mei", "Mei Lim", "Mei Lim", "Mei", ""),
        ("Budi Santoso, Sp.A", "Budi Santoso, Sp.A", "Budi Santoso, Sp.A", "Budi", ""),
        ("Ratna Sari, S.Kom., M.Kes.", "Ratna Sari, S.Kom., M.Kes.", "Ratna Sari, S.Kom., M.Kes.", "Ratna", ""),
        ("Dewi, SE", "Dewi, SE", "Dewi, SE", "Dewi", ""),
        ("Prof. Dr. H. Ahmad Dahlan", "Prof. Dr. H. Ahmad Dahlan", "Prof. Dr. H. Ahmad Dahlan", "Ahmad", "mr"),
        ("Ibu Rina", "Ibu Rina", "Rina", "Rina", "ms"),
        ("Ibu", "Ibu", "Ibu", "Ibu", ""),
        ("Mrs Smith", "Mrs Smith", "Smith", "Mrs Smith", "ms"),
        ("Mrs. Jane Smith", "Mrs. Jane Smith", "Jane Smith", "Jane", "ms"),
        ("I Wayan Sudiarta", "I Wayan Sudiarta", "I Wayan Sudiarta", "Wayan", ""),
        ("Ni Luh Putu", "Ni Luh Putu", "Ni Luh Putu", "Luh", ""),
        ("An Nguyen", "An Nguyen", "An Nguyen", "An", ""),
        ("Anak Agung Gede", "Anak Agung Gede", "Anak Agung Gede", "Anak", ""),
        ("M. Yusuf", "M. Yusuf", "M. Yusuf", "Yusuf", ""),
        ("Sukarno", "Sukarno", "Sukarno", "Sukarno", ""),
        ("A", "A", "A", "A", ""),
        ("  Nur'aini   Putri ", "Nur'aini Putri", "Nur'aini Putri", "Nur'aini", ""),
        ("Budi,", "Budi", "Budi", "Budi", ""),
        (", Budi", "Budi", "Budi", "Budi", ""),
        ("Bapak dan Ibu Joko", "Bapak dan Ibu Joko", "Joko", "Joko", ""),
        ("Bapak/Ibu Joko", "Bapak/Ibu Joko", "Joko", "Joko", ""),
        ("Mr and Mrs Smith", "Mr and Mrs Smith", "Smith", "Mr and Mrs Smith", ""),
        ("Dr. Jane Smith, MD", "Dr. Jane Smith, MD", "Dr. Jane Smith, MD", "Jane", ""),
        ("Ratna, S.Kom. (Hons)", "Ratna, S.Kom. (Hons)", "Ratna, S.Kom. (Hons)", "Ratna", ""),
    ],
)
def test_how_somebody_is_called(name: str, whole: str, bare: str, first: str, honorific: str) -> None:
    found = called(name)
    assert (found.whole, found.bare, found.first, found.honorific) == (whole, bare, first, honorific)


@pytest.mark.parametrize(
    ("name", "is_child"),
    [("Anak Dito", True), ("An. Dito", True), ("By. Ny. Ratna", False), ("Bayi Sinta", True), ("An Nguyen", False)],
)
def test_whose_parents_are_written_to(name: str, is_child: bool) -> None:
    assert called(name).is_child is is_child


@pytest.mark.parametrize("name", ["ana@example.com", "0812 5550 1234", "", "–"])
def test_what_is_no_name_calls_nobody(name: str) -> None:
    assert called(name) == Called()
