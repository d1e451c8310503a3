"""Which parts of a message a business may word, as our own texts in a language name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.template import NodeList
from django.template.loader_tags import IncludeNode

from notifications.errors import RenderError
from notifications.templatetags.worded import SHORT, TIGHT, WordedNode, said
from notifications.text import rendering
from notifications.text.placeholders import NEWS, PLACEHOLDERS, meant, names
from notifications.text.values import Recipient

FILES = ("subject.txt", "letter.txt", "sms.txt")
"""In the order in which a reader meets them. What a colleague says on the phone is a guide, and stays ours."""
INSIDE = ", "
"""What an example stands behind: inside a sentence."""
LONGEST = {"subject": 150, "sms": 160, "letter": 600}


@dataclass(frozen=True)
class Part:
    """`where`: in the subject, the letter or the text message. `ours`: by tone, with placeholders as `language` calls
    them. `of` names whom it belongs to besides the message.
    """

    key: str
    where: str
    ours: Mapping[str, str]
    language: str
    of: str = ""

    def said(self, tone: str) -> str:
        return said(self.ours, tone)

    @property
    def named(self) -> list[str]:
        """The placeholders in ours, by the names that we know them by."""
        known = (meant(name, self.language) for text in self.ours.values() for name in names(text))
        return list(dict.fromkeys(name for name in known if name))

    @property
    def needed(self) -> list[str]:
        """The facts in ours, which no other wording may leave out; and who writes, where nothing else says it."""
        return [name for name in self.named if PLACEHOLDERS[name].is_fact or self.where == TIGHT]

    @property
    def is_short(self) -> bool:
        return self.where in SHORT

    @property
    def holds_news(self) -> bool:
        return NEWS in self.named

    @property
    def longest(self) -> int:
        return LONGEST[self.where]


def parts(kind: str, language: str, *, of: str = "") -> list[Part]:
    """What may be worded in the texts of `kind` that `language` has; of a language without them nothing."""
    found: dict[str, Part] = {}
    for file in FILES:
        where = file.removesuffix(".txt")
        for node in _nodes(rendering.own_template(kind, language, file)):
            if node.of == of:
                found.setdefault(node.key, Part(node.key, where, node.ours, language, of))
    return list(found.values())


def example(name: str, *, to: Recipient, language: str, context: Mapping[str, Any]) -> str:
    """What is read in place of a placeholder in a message with this context; "" where it says nothing of it."""
    if name == NEWS:
        return ""
    try:
        source = f'{{% load worded %}}{{% worded "letter" "{INSIDE}{{{name}}}" %}}'
        return rendering.phrase(source, to=to, context=context, language=language).removeprefix(INSIDE)
    except RenderError:
        return ""


def _nodes(nodelist: NodeList) -> Iterator[WordedNode]:
    """In the order of the text, those of the texts it includes as well. Block tags of libraries name no lists."""
    for node in nodelist:
        if isinstance(node, WordedNode):
            yield node
        elif isinstance(node, IncludeNode):
            yield from _nodes(rendering.included(str(node.template.var)))
        else:
            for name in dict.fromkeys((*node.child_nodelists, "nodelist")):
                yield from _nodes(getattr(node, name, None) or NodeList())
