"""The tokens keep their promise: words can be read on every ground they stand on, in both schemes."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
GROUNDS = ("ground", "paper", "sunken", "accent-soft", "good-soft", "warn-soft", "bad-soft", "held-soft")
WORDS = ("ink", "quiet", "accent", "accent-strong", "good", "warn", "bad", "held")
EDGES = ("edge", "accent-edge", "good-edge", "warn-edge", "bad-edge", "held-edge", "focus")


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


LIGHT, _, _DARK = TOKENS.partition("@media (prefers-color-scheme: dark)")
SCHEMES = {"light": colours(LIGHT), "dark": colours(_DARK)}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two `#rrggbb` colours."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_both_schemes_choose_the_same_colours() -> None:
    assert set(SCHEMES["light"]) == set(SCHEMES["dark"]) >= {*GROUNDS, *WORDS, *EDGES, "line", "on-accent"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_can_be_read_on_every_ground(scheme: str) -> None:
    chosen = SCHEMES[scheme]
    pairs = [*product(WORDS, GROUNDS), ("on-accent", "accent"), ("on-accent", "accent-strong"), ("paper", "bad")]

    assert {pair for pair in pairs if contrast(chosen[pair[0]], chosen[pair[1]]) < 4.5} == set()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_of_controls_can_be_seen(scheme: str) -> None:
    chosen = SCHEMES[scheme]
    pairs = product(EDGES, ("ground", "paper", "sunken"))

    assert {pair for pair in pairs if contrast(chosen[pair[0]], chosen[pair[1]]) < 3} == set()
