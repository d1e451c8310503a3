"""Words that tell another cause than the one that is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from appointments.domain.recovery.honesty.kinds import Facts, Finding, Kind, found
from appointments.domain.recovery.honesty.reading import Reading

OPERATIONAL, ABSENCE, PRIORITIES, CUSTOMERS, OUTSIDE = "operational", "absence", "priorities", "customer", "outside"
OURS, THEIRS, NO_ONES = "ours", "customer", "nobody"

NOT_FOR_FAMILY = {
    "wish": {OPERATIONAL, ABSENCE, PRIORITIES, OUTSIDE},
    "ours": {CUSTOMERS, OUTSIDE},
    "beyond": {CUSTOMERS},
    "person": {OPERATIONAL, CUSTOMERS, OUTSIDE},
    "equipment": {ABSENCE, PRIORITIES, CUSTOMERS, OUTSIDE},
    "outside": {ABSENCE, PRIORITIES, CUSTOMERS},
}
"""What the words say, and the kinds of cause of which that is not true."""
NOT_FOR_FAULT = {"wish": {OURS, NO_ONES}, "ours": {THEIRS}, "beyond": {OURS, THEIRS}}
"""The same for who answers for it."""


def contradicting(reading: Reading) -> Iterator[Finding]:
    for one in reading.languages:
        for about in NOT_FOR_FAMILY:
            if is_untrue(about, reading.facts) and not (about == "wish" and reading.facts.asked):
                for match in one.find(f"cause.{about}"):
                    yield found(Kind.CAUSE, reading.text, *one.place(match), about=about)


def is_untrue(about: str, facts: Facts) -> bool:
    return facts.family in NOT_FOR_FAMILY[about] or facts.fault in NOT_FOR_FAULT.get(about, ())
