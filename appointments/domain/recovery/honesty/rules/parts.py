"""What a whole letter has to hold: why, the choices, until when, who, and that it greets and is signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from appointments.domain.recovery.honesty.kinds import Finding, Kind, missing
from appointments.domain.recovery.honesty.reading import In, Reading
from appointments.domain.recovery.honesty.tokens import COLLEAGUE, SOMEBODY

NEAR_HOUR = 8
"""So many words after "by" its day or hour stands."""
FEWEST_TIMES = 2
"""So many different times are a choice without the word."""
HOUR = re.compile(r"\b\d{1,2}[.:]\d{2}\b|\b\d{1,2} ?[ap]\.?m\b", re.IGNORECASE)
BEGINNING, ENDING = 8, 16
"""Of so many words a greeting is found among the first, a farewell among the last."""


def missing_parts(reading: Reading) -> Iterator[Finding]:
    """Which parts are not there; nothing where the language has no lists to know them by."""
    own = reading.own
    if own is None:
        return
    for kind in sorted(reading.facts.parts):
        if not HAS[kind](reading, own):
            yield missing(kind)


def has_why(reading: Reading, own: In) -> bool:
    return bool(own.find("parts.why"))


def has_choices(reading: Reading, own: In) -> bool:
    """Words of choosing, or several hours."""
    return bool(own.find("parts.choices")) or len(set(HOUR.findall(reading.text))) > FEWEST_TIMES


def has_until(reading: Reading, own: In) -> bool:
    """A word like "by" with a day or an hour soon after it."""
    days = own.lexicon.days
    for match in own.find("parts.until"):
        after = own.tokens[match.last + 1 : match.last + 1 + NEAR_HOUR]
        if any(
            (one.is_number or one.word in days) and one.sentence == own.tokens[match.last].sentence for one in after
        ):
            return True
    return False


def has_who(reading: Reading, own: In) -> bool:
    """Somebody's name: one of ours, or any that is given as whom to turn to."""
    if reading.facts.colleagues:
        return any(token.person == COLLEAGUE for token in own.tokens)
    named = (own.tokens[match.first : match.last + 1] for match in own.find("parts.who"))
    return any(token.person in (COLLEAGUE, SOMEBODY) for tokens in named for token in tokens) or _is_signed_by_name(
        reading, own
    )


def has_greeting(reading: Reading, own: In) -> bool:
    return any(match.first < BEGINNING for match in own.find("parts.greeting"))


def has_signature(reading: Reading, own: In) -> bool:
    """A farewell at the end, or the name of somebody or of the business in the last line."""
    far = len(own.tokens) - ENDING
    return any(match.first >= far for match in own.find("parts.signature")) or _is_signed_by_name(reading, own)


def _is_signed_by_name(reading: Reading, own: In) -> bool:
    """Whether the last line is somebody's name and no more."""
    lines = reading.text.rstrip().rsplit("\n", 1)
    if len(lines) < FEWEST_TIMES:
        return False
    start = len(lines[0])
    last = [token for token in own.tokens if token.start >= start]
    if any(token.is_named or token.person == COLLEAGUE for token in last):
        return True
    return 0 < len(last) <= 4 and all(token.raw[0].isupper() for token in last) and lines[1].strip()[-1] not in ".!?"


HAS: Mapping[Kind, Callable[[Reading, In], bool]] = {
    Kind.WHY: has_why,
    Kind.CHOICES: has_choices,
    Kind.UNTIL: has_until,
    Kind.WHO: has_who,
    Kind.GREETING: has_greeting,
    Kind.SIGNATURE: has_signature,
}
