"""Which parts of a text a business may word is read from the texts themselves."""

from typing import Any

import pytest

from notifications.text import parts
from notifications.text.values import EVERY
from tests.languages import add_dutch


def test_parts_stand_in_the_order_in_which_they_are_read() -> None:
    found = parts.parts("worded", "en")
    assert [(one.key, one.where) for one in found] == [
        ("subject", "subject"),
        ("thanks", "letter"),
        ("opening", "letter"),
        ("ending", "letter"),
        ("sms_begins", "sms"),
    ]
    assert found[1].said("warm") == "Thank you for your answer about {case}."


def test_what_ours_says_as_a_fact_is_needed() -> None:
    needed = {one.key: one.needed for one in parts.parts("worded", "en")}
    assert needed == {"subject": ["news"], "thanks": ["case"], "opening": [], "ending": [], "sms_begins": ["business"]}
    assert [one.needed for one in parts.parts("worded", "id") if one.key == "thanks"] == [["case"]]


def test_what_all_letters_share_belongs_to_none_of_them() -> None:
    found = {one.key: one for one in parts.parts("worded", "en", of=EVERY)}
    assert [*found] == ["regards", "signature"]
    assert [found["regards"].said(tone) for tone in ("polite", "warm", "brief")] == [
        "Kind regards,",
        "Warm regards,",
        "Regards,",
    ]


def test_a_language_without_a_text_has_no_parts_and_none_of_anothers(settings: Any) -> None:
    add_dutch(settings)
    assert parts.parts("worded", "nl") == []
    assert [one.key for one in parts.parts("worded", "en-GB")][:2] == ["subject", "thanks"]


@pytest.mark.parametrize("where", ["subject", "letter", "sms"])
def test_each_place_has_a_length(where: str) -> None:
    part = parts.Part("x", where, {"polite": ""}, "en")
    assert part.longest == {"subject": 150, "letter": 600, "sms": 160}[where]
