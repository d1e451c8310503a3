"""Plain values: how a business words a message is looked up by whom the words belong to."""

from notifications.text.values import EVERY, InForce


def test_words_are_found_by_whom_they_belong_to() -> None:
    words = InForce(parts={"thanks": "x"}, shared={"regards": "y"}, versions=(3,))
    assert words.by_scope == {"": {"thanks": "x"}, EVERY: {"regards": "y"}}
