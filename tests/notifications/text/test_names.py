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
        ("Mrs Smith", "Mrs Smith", "Smith", "Mrs Smith", "ms"),
        ("Mrs. Jane Smith", "Mrs. Jane Smith", "Jane Smith", "Jane", "ms"),
        ("I Wayan Sudiarta", "I Wayan Sudiarta", "I Wayan Sudiarta", "Wayan", ""),
        ("Ni Luh Putu", "Ni Luh Putu", "Ni Luh Putu", "Luh", ""),
        ("An Nguyen", "An Nguyen", "An Nguyen", "An", ""),
        ("Anak Agung Gede", "Anak Agung Gede", "Anak Agung Gede", "Agung", ""),
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
        ("Prof.Dr.Budi", "Prof. Dr. Budi", "Prof. Dr. Budi", "Budi", ""),
        ("Bpk.Made", "Bpk. Made", "Made", "Made", "mr"),
        ("Dr.H.Ahmad Fauzi", "Dr. H. Ahmad Fauzi", "Dr. H. Ahmad Fauzi", "Ahmad", "mr"),
        ("R.A. Kartini", "R.A. Kartini", "R.A. Kartini", "Kartini", ""),
        ("H.M.Yusuf", "H.M.Yusuf", "H.M.Yusuf", "Yusuf", ""),
        ("Moh. Ali", "Moh. Ali", "Moh. Ali", "Ali", ""),
        ("Ida Bagus Oka", "Ida Bagus Oka", "Ida Bagus Oka", "Bagus", ""),
        ("Mbak Ayu", "Mbak Ayu", "Ayu", "Ayu", "ms"),
        ("Kak Ayu", "Kak Ayu", "Ayu", "Ayu", ""),
        ("drh. Tika", "drh. Tika", "drh. Tika", "Tika", ""),
        ("dr. Rina, Sp.OG(K)", "dr. Rina, Sp.OG(K)", "dr. Rina, Sp.OG(K)", "Rina", ""),
        ("dr. Andi Wijaya, SpPD-KGEH", "dr. Andi Wijaya, SpPD-KGEH", "dr. Andi Wijaya, SpPD-KGEH", "Andi", ""),
        ("Budi Santoso, MBA, FINACS", "Budi Santoso, MBA, FINACS", "Budi Santoso, MBA, FINACS", "Budi", ""),
        ("Budi Santoso, BSc", "Budi Santoso, BSc", "Budi Santoso, BSc", "Budi", ""),
        ("Wijaya, dr. Budi, Sp.A", "dr. Budi Wijaya, Sp.A", "dr. Budi Wijaya, Sp.A", "Budi", ""),
        ("Smith, John, Jr.", "John Smith, Jr.", "John Smith, Jr.", "John", ""),
        ("Dr. Wijaya, Budi", "Dr. Budi Wijaya", "Dr. Budi Wijaya", "Budi", ""),
        ("Andi Wijaya, dr., Sp.PD", "dr. Andi Wijaya, Sp.PD", "dr. Andi Wijaya, Sp.PD", "Andi", ""),
        ("Ratna, Ny.", "Ny. Ratna", "Ratna", "Ratna", "ms"),
        ("Smith, Mrs", "Mrs Smith", "Smith", "Mrs Smith", "ms"),
        ("Siti Aminah Hj.", "Hj. Siti Aminah", "Hj. Siti Aminah", "Siti", "ms"),
        ("Ahmad H.", "Ahmad H.", "Ahmad H.", "Ahmad", ""),
        ("Lee, Se", "Se Lee", "Se Lee", "Se", ""),
        ("LEE, SE", "LEE, SE", "LEE, SE", "LEE", ""),
        ("Rowling, J.K.", "J.K. Rowling", "J.K. Rowling", "Rowling", ""),
        ("d'Arcy, Jean-Luc", "Jean-Luc d'Arcy", "Jean-Luc d'Arcy", "Jean-Luc", ""),
        ("Siti (istri Budi)", "Siti", "Siti", "Siti", ""),
        ("“Siti”", "Siti", "Siti", "Siti", ""),
        ("Budi, Ani, Siti", "Budi, Ani, Siti", "Budi, Ani, Siti", "Budi", ""),
        ("Dr. & Mrs. Smith", "Dr. & Mrs. Smith", "Smith", "Dr. & Mrs. Smith", ""),
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


@pytest.mark.parametrize("name", ["ana@example.com", "0812 5550 1234", "", "–", "dr.", "Prof. Dr.", "Bpk/Ibu", "Anak"])
def test_what_is_no_name_calls_nobody(name: str) -> None:
    assert called(name) == Called()


@pytest.mark.parametrize(
    ("name", "honorific"), [("Hj.", "ms"), ("Ibu", "ms"), ("Tn.", "mr"), ("Mr. & Mrs.", ""), ("Hj. , S.Kom", "ms")]
)
def test_a_title_alone_is_no_name_but_tells_whom_to_address(name: str, honorific: str) -> None:
    assert called(name) == Called(honorific=honorific)


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("PT Maju Jaya", "PT Maju Jaya"),
        ("Maju Jaya, PT", "PT Maju Jaya"),
        ("Acme, Inc.", "Acme, Inc."),
        ("Ibu Ratna & Bapak Joko", "Ibu Ratna & Bapak Joko"),
    ],
)
def test_firms_and_several_people_are_only_named(name: str, whole: str) -> None:
    assert called(name) == Called(whole=whole, bare=whole, plain=whole, first=whole, stands_alone=True)


BEFORE = ("", "Ibu ", "Bpk.", "Ny. ", "Mrs ", "dr. ", "Prof.Dr.", "Hj. ", "Tn. H. ", "Bapak/Ibu ")
NAMES = ("Ratna", "Siti Aminah", "Wijaya, Budi", "I Wayan Sudarta", "M. Yusuf", "A", "José Ng")
AFTER = ("", ", Sp.A", ", S.Kom., M.T.", ", SE", ", PhD", ",")


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_called_by_a_title_alone_or_twice_otherwise(before: str, name: str, after: str) -> None:
    """Messages keep `whole` and ask again: the answer stays."""
    found = called(f"{before}{name}{after}")
    named = set(name.replace(",", "").split())
    assert set(found.first.split()) & named
    assert named <= set(found.plain.split())
    again = called(found.whole)
    assert again == found
