"""The words of a solution are read as everything that customers read: against each cause it is for."""

from collections.abc import Mapping, Sequence

from appointments.domain.recovery import wording
from appointments.domain.recovery.honesty import Facts, Finding
from appointments.models import Reason


def of_words(texts: Mapping[str, str], *, reasons: Sequence[Reason]) -> list[tuple[str, Finding]]:
    """What is wrong with the words for customers, each with the language it is in."""
    found: dict[tuple[str, Finding], None] = {}
    causes: Sequence[Reason | None] = reasons or [None]
    for code, text in texts.items():
        for reason in causes:
            facts = wording.because(Facts(language=code), reason)
            found |= {(code, one): None for one in wording.check(text, facts=facts)}
    return list(found)


def of_notes(texts: Mapping[str, str]) -> list[tuple[str, Finding]]:
    """What must not stand in what colleagues read either."""
    return [(code, one) for code, text in texts.items() for one in wording.check(text, facts=wording.NOTE)]
