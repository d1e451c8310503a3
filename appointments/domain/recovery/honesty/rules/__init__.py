"""The rules, each with the texts it holds for."""

from collections.abc import Callable, Iterable

from appointments.domain.recovery.honesty.kinds import Finding, TextKind
from appointments.domain.recovery.honesty.reading import Reading
from appointments.domain.recovery.honesty.rules import cause, form, health, money, parts, tongue, words

READ_BY_CUSTOMERS = (TextKind.LINE, TextKind.LETTER, TextKind.PART, TextKind.REASON)

RULES: tuple[tuple[tuple[TextKind, ...], Callable[[Reading], Iterable[Finding]]], ...] = (
    ((TextKind.LETTER,), parts.missing_parts),
    (READ_BY_CUSTOMERS, words.certain),
    (READ_BY_CUSTOMERS, words.blaming),
    (READ_BY_CUSTOMERS, words.private),
    (READ_BY_CUSTOMERS, words.stale),
    (READ_BY_CUSTOMERS, money.promised),
    (READ_BY_CUSTOMERS, cause.contradicting),
    (READ_BY_CUSTOMERS, form.gaps),
    (READ_BY_CUSTOMERS, form.shouting),
    (READ_BY_CUSTOMERS, tongue.foreign),
    (tuple(TextKind), health.of_colleagues),
)
