"""The health of whoever works here is nobody's business. What a customer has or needs is what many come for.

A word of the list counts by whom it is said of: the nearest person before it in its sentence, else one
after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from appointments.domain.recovery.honesty.frames import Subject
from appointments.domain.recovery.honesty.kinds import Finding, Kind, found
from appointments.domain.recovery.honesty.phrases import Match, not_held
from appointments.domain.recovery.honesty.reading import In, Reading
from appointments.domain.recovery.honesty.rules.words import framed
from appointments.domain.recovery.honesty.tokens import COLLEAGUE, CUSTOMER, SOMEBODY

NOBODY = ""
OURS_BEFORE = {"who", "third", "self"}
OUR_SUBJECTS = {Subject.COLLEAGUE, Subject.WE}
OURS, RESET = {"colleague", "third", "self"}, "reset"
FAR_BEFORE, FAR_AFTER = 30, 4
"""So many words from a word of the list somebody may still be whom it is said of."""


def of_colleagues(reading: Reading) -> Iterator[Finding]:
    decided = reading.known("health")
    for one in reading.languages:
        for match in spoken_of(one):
            start, end = one.place(match)
            if (one is reading.main or start not in decided) and not _is_asked(one, match):
                yield found(Kind.HEALTH, reading.text, start, end)
    yield from framed(reading, Kind.HEALTH, "health")


def spoken_of(one: In) -> Iterator[Match]:
    """What is said of a colleague: `say` is said of them as a rule, `state` is also said of nobody in particular, and
    `care` is what others have done, too, so that it counts of a colleague only.
    """
    yours = one.all("health.yours")
    said = one.find("health", "state")
    of_nobody_else = set(not_held(said, by=yours))
    for match in one.find("health", "say"):
        if whose(one, match) != CUSTOMER or one.clauses.of(match).subject in OUR_SUBJECTS:
            yield match
    for match in said:
        who = whose(one, match)
        if who == COLLEAGUE or (who == NOBODY and match in of_nobody_else):
            yield match
    for match in one.find("health", "care"):
        if whose(one, match) == COLLEAGUE and not _is_owned(one, match):
            yield match


def _is_asked(one: In, match: Match) -> bool:
    """Whether it is asked, as of a customer, and not told of somebody who is known to work here."""
    subject = one.tokens[max(0, one.clauses.of(match).at)]
    is_ours = subject.person == COLLEAGUE or one.lexicon.roles(subject.word) & {"who", "colleague"}
    return one.clauses.is_asked(one.tokens[match.last]) and not is_ours


def whose(one: In, match: Match) -> str:
    """Of whom the words of `match` are said."""
    clause = one.clauses.of(match)
    for position in range(match.first - 1, max(-1, match.first - 1 - FAR_BEFORE), -1):
        if one.tokens[position].sentence != one.tokens[match.first].sentence:
            break
        is_far = position < clause.scope and RESET in one.lexicon.roles(one.tokens[position].word)
        if not is_far and (who := _who(one, position)):
            return who
    begins_so = one.tokens[clause.first].word in one.lexicon.words["joins"]
    far = len(one.tokens) - 1 if begins_so else clause.last
    for position in range(match.last + 1, min(far, match.last + FAR_AFTER) + 1):
        if one.tokens[position].sentence != one.tokens[match.last].sentence:
            break
        roles = one.lexicon.roles(one.tokens[position].word)
        if RESET not in roles and not roles & {"self", "third"} and (who := _who(one, position)):
            return who
    return NOBODY


def _is_owned(one: In, match: Match) -> bool:
    """Whether the very next word says that it is the customer's, where owners stand behind what they have."""
    after = one.tokens[match.last + 1 : match.last + 2]
    return any("owner" in one.lexicon.roles(token.word) for token in after)


def _who(one: In, position: int) -> str:
    token = one.tokens[position]
    if position and "quoted" in one.lexicon.roles(one.tokens[position - 1].word):
        return NOBODY
    if token.person in (COLLEAGUE, CUSTOMER):
        return token.person
    if token.person == SOMEBODY:
        return COLLEAGUE
    roles = one.lexicon.roles(token.word)
    if roles & OURS:
        return COLLEAGUE
    if "polite" in roles:
        return NOBODY if _names_somebody(one, position) else CUSTOMER
    if "customer" in roles and position and _is_ours(one, position - 1):
        return COLLEAGUE  # who treats what the word names, or whose child it is
    return CUSTOMER if roles & {"customer", RESET} else NOBODY


def _is_ours(one: In, position: int) -> bool:
    token = one.tokens[position]
    return token.person in (COLLEAGUE, SOMEBODY) or bool(one.lexicon.roles(token.word) & OURS_BEFORE)


def _names_somebody(one: In, position: int) -> bool:
    """Whether a polite word belongs to the name of a person, or to what they do, that stands behind it."""
    if position + 1 >= len(one.tokens):
        return False
    behind = one.tokens[position + 1]
    return bool(behind.person) or "who" in one.lexicon.roles(behind.word)
