"""How spans of hours are said to managers: no figure without a word that tells hours from days."""

import pytest
from django.utils import translation

from appointments.admin.display import hours_text


@pytest.mark.parametrize(
    ("hours", "english", "indonesian"),
    [
        (None, "–", "–"),
        (0.75, "45 min", "45 menit"),
        (3.5, "3.5 h", "3,5 jam"),
        (47.9, "47.9 h", "47,9 jam"),
        (48, "2 d", "2 hari"),
        (52, "2 d 4 h", "2 hari 4 jam"),
        (-52, "−2 d 4 h", "−2 hari 4 jam"),
    ],
)
def test_a_span_is_said_in_the_readers_words(hours: float | None, english: str, indonesian: str) -> None:
    said = []
    for language in ("en", "id"):
        with translation.override(language):
            said.append(hours_text(hours))
    assert said == [english, indonesian]
