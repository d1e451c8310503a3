"""What can be practised: the facts of each situation, and its story in the reader's language.

The stories stand in `locale/<language>/practice.toml`; one without a story in a language is not offered in it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from appointments.enums import Family, Fault, Task
from notifications.text import languages

FILE = "practice.toml"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is true of a situation in every language."""

    code: str
    task: Task
    family: Family
    fault: Fault
    private: bool = False
    has_broken: bool = False


ONES = (
    Facts(code="nobody-there", task=Task.LETTER, family=Family.ABSENCE, fault=Fault.OURS, private=True),
    Facts(code="flooded", task=Task.LETTER, family=Family.OUTSIDE, fault=Fault.NOBODY),
    Facts(code="two-for-one", task=Task.LETTER, family=Family.OPERATIONAL, fault=Fault.OURS),
    Facts(code="late-at-night", task=Task.COMPLAINT, family=Family.OPERATIONAL, fault=Fault.OURS),
    Facts(code="nobody-called", task=Task.COMPLAINT, family=Family.CUSTOMER, fault=Fault.CUSTOMER, has_broken=True),
    Facts(code="only-asking", task=Task.COMPLAINT, family=Family.CUSTOMER, fault=Fault.CUSTOMER),
)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One situation as it is told in one language. `example`, `cost`, `replies`, `learned`: what would do."""

    facts: Facts
    language: str
    title: str
    situation: str
    customer: str
    colleagues: tuple[str, ...]
    example: str = ""
    said: str = ""
    points: tuple[str, ...] = ()
    cost: str = ""
    replies: tuple[str, ...] = ()
    learned: str = ""

    @property
    def code(self) -> str:
        return self.facts.code


def all_of_them(language: str) -> list[Scenario]:
    """In the reader's language, else in the site's own."""
    found = (scenario(one.code, language) for one in ONES)
    return [one for one in found if one is not None]


def for_causes(families: Collection[str], language: str) -> list[Scenario]:
    """Those whose cause is of one of these families."""
    return [one for one in all_of_them(language) if one.facts.family in families]


def scenario(code: str, language: str) -> Scenario | None:
    """None for one that does not exist, or that nobody has told in a language we have."""
    facts = next((one for one in ONES if one.code == code), None)
    if facts is None:
        return None
    for tongue in dict.fromkeys([languages.nearest(language), languages.own()]):
        story = _stories(tongue).get(code)
        if story is not None:
            return _told(facts, tongue, story)
    return None


def _told(facts: Facts, language: str, story: Mapping[str, Any]) -> Scenario:
    return Scenario(
        facts=facts,
        language=language,
        title=story["title"],
        situation=story["situation"],
        customer=story["customer"],
        colleagues=tuple(story["colleagues"]),
        example=story.get("example", "").strip(),
        said=story.get("said", ""),
        points=tuple(story.get("points", ())),
        cost=story.get("cost", ""),
        replies=tuple(story.get("replies", ())),
        learned=story.get("learned", ""),
    )


@cache
def _stories(language: str) -> Mapping[str, Mapping[str, Any]]:
    found = languages.file_of(language, FILE)
    return MappingProxyType(tomllib.loads(found.read_text(encoding="utf-8")) if found else {})
