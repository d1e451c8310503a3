"""What a business may put in braces where it words a message itself: {appointment}, {when}. Names, never programs.

A language may call them as it likes: the table `[placeholders]` of its habits; without it they have the names below.
Whatever else stands in a text is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from notifications.text.habits import habits

NEWS = "news"
"""What our own text says at this point, which nobody can word away."""
PATTERN = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Placeholder:
    """`long` is written in its place; `short` in subjects and text messages, `tight` in the latter only. `word`: the
    text among the `_words` of a language that says it better, where the language has it. `is_fact`: where we say it,
    others must too. `begins`: it gets a capital at the beginning of a sentence.
    """

    long: str = ""
    short: str = ""
    tight: str = ""
    word: str = ""
    is_fact: bool = True
    begins: bool = False

    def source(self, *, is_short: bool, is_tight: bool) -> str:
        return (self.tight if is_tight else "") or (self.short if is_short else "") or self.long


PLACEHOLDERS = {
    "name": Placeholder("{{ customer.name }}", word="whom", is_fact=False),
    "you": Placeholder("{{ customer|addressed }}", is_fact=False),
    "business": Placeholder("{{ business.name }}", tight="{{ business.name|shorten:24 }}", is_fact=False),
    "contact": Placeholder("{{ contact.name }}", tight="{{ contact.name|shorten:18 }}"),
    "appointment": Placeholder("{{ service.name }}", word="noun", begins=True),
    "service": Placeholder("{{ service.name }}"),
    "place": Placeholder("{{ place.name }}"),
    "when": Placeholder("{% moment time %}", "{% moment_short time %}"),
    "was": Placeholder("{% moment was %}", "{% moment_short was %}"),
    "until": Placeholder("{{ respond_by|when:zone }}", "{{ respond_by|when_short:zone }}"),
    "promised": Placeholder("{{ promise_due|when:zone }}", "{{ promise_due|when_short:zone }}"),
    "case": Placeholder("{{ case }}"),
    "gift": Placeholder("{{ gift.said }}"),
    NEWS: Placeholder(),
}


def names(text: str) -> Iterator[str]:
    """What stands in braces in `text`, as it is written there."""
    return (found[1] for found in PATTERN.finditer(text))


def meant(name: str, language: str) -> str:
    """The placeholder that a language calls `name`, else that of this name; "" for one that nobody knows."""
    own = {called: known for known, called in habits(language).table("placeholders").items()}
    name = name.strip().lower()
    known = own.get(name, name)
    return known if known in PLACEHOLDERS else ""


def called(name: str, language: str) -> str:
    """What a language calls a placeholder."""
    return str(habits(language).table("placeholders").get(name, name))


def is_spoken(name: str, language: str) -> bool:
    """Whether a language has a name of its own for it."""
    return name in habits(language).table("placeholders")
