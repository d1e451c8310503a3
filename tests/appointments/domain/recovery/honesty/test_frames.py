"""What makes a clause wrong by its build."""

from typing import Any

import pytest

from appointments.domain.recovery.honesty import Facts, Gravity, Lexicon, check
from appointments.domain.recovery.honesty.frames import Frame, frame_of
from appointments.domain.recovery.honesty.lexicon import read

WORDS = {
    "slip": ["forgot", "was late", "!forgot nothing"],
    "if": ["if"],
    "sorry": ["sorry"],
    "bill": ["bill"],
    "ours": ["ours"],
    "again": ["again"],
}


def lexicon(*frames: dict[str, Any], **blame: Any) -> Lexicon:
    tables = {
        "people": {"you": ["you"], "we": ["we"], "who": ["nurse"], "colleague": ["@who"]},
        "goes_on": ["and"],
        "joins": ["because"],
        "words": WORDS,
        "blame": {"frames": frames, **blame},
    }
    return read("xx", tables, months=[], days=[])


def words(text: str, made: Lexicon) -> list[str]:
    return [one.words for one in check(text, facts=Facts(language="xx"), lexicons={"xx": made})]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("you simply forgot", ["you simply forgot"]),
        ("you came and forgot", ["and forgot"]),
        ("you came because she forgot", []),
        ("we forgot", []),
        ("if you forgot", []),
        ("if you came and forgot", []),
        ("you forgot nothing", []),
    ],
)
def test_a_frame_is_of_somebody_and_is_lifted_by_what_stands_beside(text: str, found: list[str]) -> None:
    made = lexicon({"of": ["you"], "has": ["slip"], "unless": ["if"]})
    assert words(text, made) == found


def test_its_lists_stand_in_their_order() -> None:
    made = lexicon({"has": ["bill", "ours"]})

    assert words("the bill is ours", made) == ["bill is ours"]
    assert words("ours is the bill", made) == []
    assert words("the bill, it is ours", made) == []


def test_a_wide_one_reaches_over_the_sentence() -> None:
    made = lexicon({"has": ["bill", "ours"], "wide": True})

    assert words("the bill, it is ours", made) == ["bill, it is ours"]
    assert words("the bill. It is ours", made) == []


def test_a_loose_one_has_its_person_anywhere() -> None:
    made = lexicon({"of": ["colleague"], "loose": True, "has": ["slip"]})

    assert words("what forgot the nurse", made) == ["forgot"]


def test_signs_count_once_for_each_list_and_in_no_question() -> None:
    made = lexicon({"has": ["slip"], "some": ["again", "bill"], "least": 1, "wide": True, "gravity": "warned"})

    assert words("the bill, forgot", made) == ["forgot"]
    assert words("forgot forgot", made) == []
    assert words("the bill, forgot?", made) == []
    (finding,) = check("again forgot", facts=Facts(language="xx"), lexicons={"xx": made})
    assert finding.gravity == Gravity.WARNED


def test_a_table_is_pardoned_by_its_sentence_and_lifted_by_its_clause() -> None:
    frame = {"of": ["you"], "has": ["slip"]}

    assert words("sorry, you forgot", lexicon(frame, pardons=["sorry"])) == []
    assert words("it was said again", lexicon(say=["said"], lifts=["again"])) == []
    assert words("it was said, again", lexicon(say=["said"], lifts=["again"])) == ["said"]


@pytest.mark.parametrize(
    "said", [{}, {"has": ["nobody"]}, {"has": ["slip"], "of": ["them"]}, {"has": ["slip"], "unles": ["if"]}]
)
def test_what_cannot_be_used_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a frame has no list, or what nobody knows"):
        frame_of(said, lists=WORDS)


def test_a_lexicon_says_in_which_table_it_cannot_be_used() -> None:
    with pytest.raises(ValueError, match=r"blame: a frame has no list"):
        lexicon({"has": ["nobody"]})


def test_a_frame_is_read() -> None:
    assert frame_of({"has": ["slip"]}, lists=WORDS) == Frame(frozenset(), ("slip",), ())
