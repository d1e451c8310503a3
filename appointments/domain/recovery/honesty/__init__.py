"""Reads one text and what is known of the situation, and says what is wrong with it.

Pure: texts, facts and lists of words in, findings out. Nothing here knows a language, a clock, a setting or a row;
`recovery.wording` is the door for everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping

from appointments.domain.recovery.honesty.kinds import SOUNDS, Facts, Finding, Gravity, Kind, TextKind
from appointments.domain.recovery.honesty.learned.second import Heard
from appointments.domain.recovery.honesty.lexicon import Lexicon
from appointments.domain.recovery.honesty.reading import Reading
from appointments.domain.recovery.honesty.rules import RULES

__all__ = ["SOUNDS", "Facts", "Finding", "Gravity", "Kind", "Lexicon", "TextKind", "check"]


def check(text: str, *, facts: Facts, lexicons: Mapping[str, Lexicon]) -> list[Finding]:
    """What is wrong, in the order of the text; what is missing first. `lexicons`: of the languages that have one.

    Words that must not leave are looked for in every language there is, for a line may be in any of them. Of a line the
    second reader says what the rules did not hear, and takes back what they heard too quickly.
    """
    if not text.strip():
        return []
    reading = Reading.of(text, facts=facts, lexicons=lexicons)
    heard = Heard(reading)
    ruled = {one for applies, rule in RULES if facts.text in applies for one in rule(reading)}
    kept = {one for one in ruled if not heard.overrules(one)}
    return _without_doubles(sorted(kept.union(heard.findings(kept))))


def _without_doubles(findings: list[Finding]) -> list[Finding]:
    """Of findings of one kind that overlap the gravest, and of these the longest."""
    kept: dict[Kind, list[Finding]] = {}
    for one in findings:
        same = kept.setdefault(one.kind, [])
        if same and one.start < same[-1].end:
            same[-1] = max(same[-1], one, key=lambda each: (each.gravity == Gravity.REFUSED, each.end - each.start))
        else:
            same.append(one)
    return sorted(one for same in kept.values() for one in same)
