"""Text of unknown origin, made fit for a page, a header and a reader."""

import pytest

from notifications.text.cleaning import (
    LONE_SURROGATE,
    LONGEST_NAME,
    UNWANTED,
    clean,
    fold,
    one_line,
    one_stop,
    shorten,
    sought,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("a\x00\x07\x1f\x7f\x9fb", "ab"),
        ("\u202eevil\u2066\u2029", "evil"),
        ("\ufeffAna", "Ana"),
        ("half \ud800 a letter", "half \ufffd a letter"),
        ("می\u200cروم 👩\u200d⚕", "می\u200cروم 👩\u200d⚕"),
    ],
)
def test_text_is_cleaned_of_what_nobody_can_see(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_no_mark_is_let_through_for_standing_alone() -> None:
    """What can be printed is not looked at any closer, so nothing unwanted may be among it."""
    unwanted = [code for code in range(0x110000) if UNWANTED.match(chr(code)) or LONE_SURROGATE.match(chr(code))]
    assert [hex(code) for code in unwanted if chr(code).isprintable()] == []
    assert not "\r".isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345", "12345"),
        ("123456", "1234…"),
        ("123 456", "123…"),
        (" a\n b ", "a b"),
        ("a\x0bb", "a b"),
        ("a\x00 b", "a b"),
    ],
)
def test_a_line_is_cut_where_a_header_ends(text: str, expected: str) -> None:
    assert one_line(text, limit=5) == expected


@pytest.mark.parametrize(("text", "expected"), [("12345", "12345"), ("123456", "1234…"), ("123 456", "123…")])
def test_what_is_too_long_ends_in_an_ellipsis(text: str, expected: str) -> None:
    assert shorten(text, limit=5) == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nur’aini  José", "nuraini jose"),
        ("O'Connor", "oconnor"),
        ("ÅSE Øyvind Łukasz", "ase oyvind lukasz"),
        ("Weiß", "weiss"),
        ("\u0130stanbul \u0131l\u0131k", "istanbul ilik"),
        ("ﬁna\tAl-Farisi", "fina al-farisi"),
        ("王小明", "王小明"),
        ("", ""),
    ],
)
def test_what_is_searched_is_folded(text: str, folded: str) -> None:
    assert fold(text) == fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Wijaya,  Budi ", ["wijaya", "budi"]),
        ("Nur’aini É. Al-Amin", ["nur", "aini", "e", "al", "amin"]),
        ("ana.b-c@example.com, Budi", ["ana.b-c@example.com", "budi"]),
        ("0812-5550-1060", ["0812-5550-1060"]),
        ("Budi - %", ["budi"]),
        ("", []),
    ],
)
def test_the_words_to_look_for(text: str, words: list[str]) -> None:
    assert sought(text) == words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("With Rangga, S.Ft.. At ten.", "With Rangga, S.Ft. At ten."),
        ("With Rangga, S.Ft., as planned.", "With Rangga, S.Ft., as planned."),
        ("Rangga, S.Ft.... perhaps", "Rangga, S.Ft.... perhaps"),
        ("At Anna's Ltd.. And we wait..", "At Anna's Ltd. And we wait.."),
    ],
)
def test_a_name_that_ends_with_a_stop_ends_the_sentence(text: str, read: str) -> None:
    values = {
        "was": {"person": "Rangga, S.Ft."},
        "besides": [{"place": {"name": "Anna's Ltd."}}],
        "words": "And we wait..",
    }
    assert one_stop(text, values) == read


def test_in_the_rich_form_tags_may_stand_between_the_two_stops() -> None:
    written = one_stop("<b>R&amp;B Ltd.</b>. Soon..", {"name": "R&B Ltd."}, is_html=True)
    assert written == "<b>R&amp;B Ltd.</b> Soon.."


def test_what_is_longer_than_a_name_is_left_as_it_is() -> None:
    longest = "x" * (LONGEST_NAME - 1) + "."
    assert one_stop(f"{longest}.", {"name": longest}) == longest
    assert one_stop(f"x{longest}.", {"name": f"x{longest}"}) == f"x{longest}."
