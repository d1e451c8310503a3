"""What can be wrong with a text, and what is known when it is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a finding is about."""

    WHY = "why"
    CHOICES = "choices"
    UNTIL = "until"
    WHO = "who"
    GREETING = "greeting"
    SIGNATURE = "signature"
    CERTAINTY = "certainty"
    BLAME = "blame"
    HEALTH = "health"
    PRIVATE = "private"
    PLACEHOLDER = "placeholder"
    SHOUTING = "shouting"
    MONEY = "money"
    LANGUAGE = "language"
    STALE = "stale"
    CAUSE = "cause"
    UNREAD = "unread"
    """Nothing is wrong: the language has no words to check by, so that much of the text was not checked."""


class Gravity(StrEnum):
    """What follows: it does not leave; it leaves when somebody says so once more; it is only said."""

    REFUSED = "refused"
    WARNED = "warned"
    SAID = "said"


class TextKind(StrEnum):
    """What the text is, which decides what it has to hold."""

    LINE = "line"
    """Stands in a letter that says the rest: a personal line, an answer, a note that the customer reads."""
    LETTER = "letter"
    """A whole letter, as it is read."""
    PART = "part"
    """A part of a letter in the words of the business, which every customer reads."""
    REASON = "reason"
    """The wording of a cause: half a sentence that many customers will read."""
    NOTE = "note"
    """Only for colleagues: it may say anything but what nobody should store about somebody's health."""


LETTER_PARTS = frozenset({Kind.WHY, Kind.CHOICES, Kind.UNTIL, Kind.WHO, Kind.GREETING, Kind.SIGNATURE})
"""What a letter that moves somebody has to hold."""

GRAVITY = {
    Kind.BLAME: Gravity.REFUSED,
    Kind.HEALTH: Gravity.REFUSED,
    Kind.PLACEHOLDER: Gravity.REFUSED,
    Kind.MONEY: Gravity.REFUSED,
    Kind.CAUSE: Gravity.REFUSED,
    Kind.UNREAD: Gravity.SAID,
}
"""Everything else is warned about: whoever writes may know better."""


SOUNDS = "sounds"
"""What a finding is about that no rule has made: it only sounds like it."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of the situation. Whatever is left out is not known, and nothing is held against it.

    `language`: which the customer reads; "" for customers of several. `family` and `fault`: of the recorded cause.
    `given`: the amounts and gifts that somebody with the authority has granted, as they are written. `confirmed`: what
    the text calls certain is so. `same_day`: the text is of use on the day only on which it leaves. `gaps`: names that
    may stand in braces, since they are filled in. `asked`: the customer has asked for another
    time since, whatever the cause was. `names`: of the business, its places and services.
    """

    language: str
    text: TextKind = TextKind.LINE
    needs: frozenset[Kind] | None = None
    """The parts it must hold; None for what such a text holds as a rule."""
    family: str = ""
    fault: str = ""
    private: bool = False
    given: tuple[str, ...] = ()
    confirmed: bool = False
    same_day: bool = False
    asked: bool = False
    gaps: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()
    customer: str = ""

    @property
    def parts(self) -> frozenset[Kind]:
        if self.needs is not None:
            return self.needs
        return LETTER_PARTS if self.text == TextKind.LETTER else frozenset()


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: the words `text[start:end]`, none for what is missing. `about` says which of several
    reasons of a kind it is.
    """

    start: int
    end: int
    kind: Kind
    words: str = ""
    about: str = ""
    gravity: Gravity = Gravity.WARNED


def found(kind: Kind, text: str, start: int, end: int, *, about: str = "", gravity: Gravity | None = None) -> Finding:
    gravity = gravity or GRAVITY.get(kind, Gravity.WARNED)
    return Finding(start, end, kind, text[start:end], about, gravity)


def missing(kind: Kind) -> Finding:
    return Finding(0, 0, kind, gravity=GRAVITY.get(kind, Gravity.WARNED))
