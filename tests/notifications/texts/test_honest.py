"""Our own messages pass the check that we hold our colleagues' words to."""

from collections.abc import Iterator
from itertools import islice

import pytest

from appointments.domain.recovery.honesty import Facts, Finding, Kind, TextKind
from appointments.domain.recovery.honesty.kinds import LETTER_PARTS
from appointments.domain.recovery.wording import check
from tests.notifications.texts import world

SIGNED = frozenset({Kind.GREETING, Kind.SIGNATURE, Kind.WHO})
PARTS = {
    "offer": LETTER_PARTS,
    "nudge": LETTER_PARTS,
    "no_time": SIGNED | {Kind.WHY, Kind.UNTIL},
    "running_late": SIGNED | {Kind.WHY},
    "cancellation": SIGNED,
    "follow_up": SIGNED - {Kind.SIGNATURE},  # ends with the way out of further questions
    "escalation": frozenset(),  # goes to a colleague
}
"""What the letter of a kind has to hold; the others are greeted and signed, and name somebody."""
ARGUED = {
    # Headings of a script, and what a colleague is told to do on that very day: nobody else reads them.
    "call": {Kind.SHOUTING, Kind.STALE},
}
"""Findings that are meant, by channel."""
ASKED = {"acknowledgement", "cancellation", "call", "not_reached", "kept"}
"""Kinds that answer what a customer asked for."""
MOST = 15
"""So many different texts of a kind, a channel and a language are read, drawn from all situations."""


def facts_of(kind: str, one: world.Situation, *, parts: frozenset[Kind]) -> Facts:
    return Facts(
        language=one.language,
        text=TextKind.LETTER,
        needs=parts,
        family=(one.family if one.private else "") or world.FAMILIES[one.fault],
        fault=one.fault,
        private=one.private,
        asked=one.wished or kind in ASKED,
        names=(
            "Klinik Sentosa",
            "Klinik Sentosa Menteng",
            *(name for pair in world.SERVICE_NAMES.values() for name in pair),
        ),
        colleagues=(world.PERSON, world.COLLEAGUE, world.CONTACT),
        customer="Budi Santoso",
        given=(world.gift(one),),
    )


def texts(kind: str, channel: str, language: str) -> Iterator[tuple[world.Situation, str]]:
    every = [found for found in world.situations(kind) if found.language == language]
    step = max(1, len(every) // MOST)
    for one in islice(every, 0, None, step):
        written = world.write(kind, channel, one)
        yield one, written.text


def findings(kind: str, channel: str, language: str) -> list[tuple[Finding, str]]:
    parts = PARTS.get(kind, SIGNED) if channel == "email" else frozenset()
    return [
        (found, text)
        for one, text in texts(kind, channel, language)
        for found in check(text, facts=facts_of(kind, one, parts=parts))
        if found.kind not in ARGUED.get(channel, ())
    ]


@pytest.mark.parametrize("language", world.LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "channel"),
    [(kind, channel) for kind in world.ALL_KINDS for channel in world.CHANNELS if kind != "call" or channel == "call"],
)
def test_no_message_of_ours_is_refused_or_warned_about(kind: str, channel: str, language: str) -> None:
    assert findings(kind, channel, language) == []
