"""Sentences of ours that stay with what happened: kept as the source writes them, said in each reader's language.

They stand beside the words of customers and colleagues, which nobody translates.
"""

import re
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

CANCELLED = noop("We cancelled. Find another time together.")
PREFERS_THE_PHONE = noop("Prefers to be told by phone.")
NONE_LEFT = noop("None of the offered times is left.")
NO_TIME_YET = noop("The customer knows that it has to move; there was no time to offer yet.")
BY_PHONE_INSTEAD = noop("By phone instead: %(why)s")
NOT_DELIVERED = noop("Could not be delivered: %(why)s")
RATED = noop("rated us %(score)s of 5")
RATED_HANDLING = noop("how we handled it: %(score)s of 5")
RATED_OUTCOME = noop("how it ended: %(score)s of 5")
NOW_WITH = noop("now with %(name)s")

SENTENCES = (
    CANCELLED,
    PREFERS_THE_PHONE,
    NONE_LEFT,
    NO_TIME_YET,
    BY_PHONE_INSTEAD,
    NOT_DELIVERED,
    RATED,
    RATED_HANDLING,
    RATED_OUTCOME,
    NOW_WITH,
)


def said(text: str) -> str:
    """`text` with the lines that are ours in the language in force; every other line is somebody's own and stays."""
    return "\n".join(_said(line) for line in text.split("\n"))


def noted(text: str) -> str:
    """The same for what stands with an event: a label of ours, or what a colleague wrote."""
    return said(gettext(text)) if text else ""


def _said(line: str) -> str:
    for sentence in SENTENCES:
        if found := _pattern(sentence).fullmatch(line):
            return gettext(sentence) % {name: _reason(value) for name, value in found.groupdict().items()}
    return line


def _reason(value: str) -> str:
    """What fills a gap: a name, a figure, or why a message failed, which the post office may know a sentence for."""
    return gettext(value) if value else value


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*)", re.escape(sentence)))
