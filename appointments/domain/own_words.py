"""Sentences of ours that stay with what happened: kept as the source writes them, said in each reader's language.

They stand beside the words of customers and colleagues, which nobody translates.
"""

import re
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from appointments.enums import EventKind
from appointments.models import AppointmentEvent

ASKED_FOR = noop("The customer asked for it")
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
    ASKED_FOR,
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

FOR_A_REASON = (EventKind.OFFERED, EventKind.TOLD)
"""Events with the name of the reason as their note."""


def said(text: str) -> str:
    """`text` with the lines that are ours in the language in force; every other line is somebody's own and stays."""
    return "\n".join(_said(line) for line in text.split("\n"))


def noted(text: str) -> str:
    """The same for what stands with an event: a label of ours, or what a colleague wrote."""
    return said(gettext(text)) if text else ""


def note_of(event: AppointmentEvent) -> str:
    """What stands with an event. A reason is written down by its name in one language and read by its name in the
    reader's; one that has been renamed since reads as it did then. Wants `request__reason`.
    """
    reason = event.request.reason if event.request and event.kind in FOR_A_REASON else None
    is_its_name = reason is not None and event.note in reason.label.data.values()
    return str(reason) if is_its_name else noted(event.note)


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
