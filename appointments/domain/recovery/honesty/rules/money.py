"""Money and gifts are promised by whoever may, and then as much as was granted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from appointments.domain.recovery.honesty.kinds import Finding, Kind, found
from appointments.domain.recovery.honesty.phrases import Match
from appointments.domain.recovery.honesty.reading import In, Reading
from appointments.domain.recovery.honesty.rules.words import framed

AMOUNT = re.compile(
    r"(?:[$€£¥₹]|\b(?:rp|idr|usd|eur|gbp|aud|sgd|myr)\.?) {0,2}\d(?:[.,]?\d){0,14}(?:k\b)?"
    r"|(?<![\d.,:])\d(?:[.,]?\d){0,14} {0,2}(?:[€£¥₹]|%|\b(?:rupiah|usd|eur|euros?|gbp|dollars?|pounds?)\b)",
    re.IGNORECASE,
)
"""A sum with its currency, or a share of one, in any language."""
NEAR = 25
WHOLE = "100%"
"""Says how sure somebody is; what is given back whole is called by its name besides."""
FIGURE = re.compile(r"\d+")


def promised(reading: Reading) -> Iterator[Finding]:
    """Words that promise something of value, and amounts that are no price; none of them when they were granted."""
    granted = {_figures(one) for one in reading.facts.given}
    if not granted:
        yield from _said(reading)
    for amount in AMOUNT.finditer(reading.bare):
        if amount.group() == WHOLE or _figures(amount.group()) in granted:
            continue
        if not _is_price(reading, amount.start()):
            yield found(Kind.MONEY, reading.text, amount.start(), amount.end())


def _said(reading: Reading) -> Iterator[Finding]:
    for one, match in reading.found("money", "say"):
        yield found(Kind.MONEY, reading.text, *one.place(match))
    yield from framed(reading, Kind.MONEY, "money")
    for one, match in reading.found("money", "amounts"):
        if not _is_price(reading, one.place(match)[0]):
            yield found(Kind.MONEY, reading.text, *one.place(match))


def _figures(text: str) -> str:
    return "".join(FIGURE.findall(text))


def _is_price(reading: Reading, start: int) -> bool:
    """Whether the sentence speaks of what something costs, and gives nothing away."""
    for one in reading.languages:
        first, last = _sentence_of(one, start)
        if _any_in(one.all("money.price"), first, last) and not _any_in(one.find("money"), first, last):
            return True
    return False


def _any_in(matches: list[Match], first: int, last: int) -> bool:
    at = bisect_left(matches, first, key=lambda match: match.first)
    return at < len(matches) and matches[at].first <= last


def _sentence_of(one: In, start: int) -> tuple[int, int]:
    """The first and the last word of the sentence around a place, as far as they are near."""
    at = first = last = max(0, bisect_right(one.tokens, start, key=lambda token: token.start) - 1)
    sentence = one.tokens[at].sentence if one.tokens else 0
    while first and at - first < NEAR and one.tokens[first - 1].sentence == sentence:
        first -= 1
    while last + 1 < len(one.tokens) and last - at < NEAR and one.tokens[last + 1].sentence == sentence:
        last += 1
    return first, last
