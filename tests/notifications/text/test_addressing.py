"""Who is spoken to as what, and a text for anybody as it is said to one customer."""

from typing import Any

import pytest

from notifications.text.addressing import addressed, addressing

SAID = "Kami menelepon Bapak/Ibu besok. Biaya Bapak/Ibu tetap sama."


@pytest.mark.parametrize(
    ("customer", "word"),
    [
        ({"name": "Budi", "honorific": "mr"}, "Bapak"),
        ({"name": "Ratna", "honorific": "ms"}, "Ibu"),
        ({"name": "Budi"}, "Bapak/Ibu"),
        ({"name": "Budi", "honorific": "mr", "tone": "warm"}, "Kak"),
        ({"name": "Budi", "tone": "brief"}, "Bapak/Ibu"),
        ({"name": "Anak Dito", "tone": "warm"}, "Bapak/Ibu"),
        ({"name": "Anak Dito", "honorific": "ms", "tone": "warm"}, "Ibu"),
    ],
)
def test_a_text_for_anybody_is_said_to_one(customer: dict[str, Any], word: str) -> None:
    assert addressed(customer, "id") == word
    assert addressing(SAID, customer, "id") == f"Kami menelepon {word} besok. Biaya {word} tetap sama."


def test_a_language_without_such_a_word_leaves_a_text_as_it_is() -> None:
    assert addressed({"honorific": "mr"}, "en") != "Bapak"
    assert addressing("We phone you, Bapak/Ibu.", {"honorific": "mr"}, "en") == "We phone you, Bapak/Ibu."
