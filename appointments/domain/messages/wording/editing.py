"""What of a message the business may word, in each language, and what may stand in braces there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appointments.domain.colleagues import name_of
from appointments.domain.messages.kinds import KINDS
from appointments.domain.messages.wording import labels
from notifications.models import Wording
from notifications.text import languages, parts, placeholders
from notifications.text.parts import Part
from notifications.text.values import EVERY

BUSINESS, CUSTOMERS = ("business", "contact"), ("name", "you", "appointment", "service", "place")
"""What each message knows; and each that goes to a customer."""
TO_COLLEAGUES = frozenset({EVERY, "escalation", "invitation", "new_password", "second_step"})
"""Kinds of which not every message is about an appointment."""
SHOWN_BY = {EVERY: "confirmation"}
"""The message that shows what belongs to all of them."""


@dataclass(frozen=True)
class Language:
    """One language of a message: its parts as we ship them, and the version in force."""

    code: str
    parts: Sequence[Part]
    version: Wording | None

    @property
    def seen(self) -> int:
        """The number of the version that an editor has before them; 0 for ours."""
        return self.version.version if self.version else 0

    @property
    def is_ours(self) -> bool:
        return not (self.version and self.version.parts)

    @property
    def by(self) -> str:
        """Who has saved the version in force."""
        return name_of(self.version.by) if self.version else ""

    def said(self, part: Part, *, tone: str) -> str:
        """Theirs, else ours."""
        theirs: dict[str, str] = self.version.parts if self.version else {}
        return theirs.get(part.key) or part.said(tone)


def known(kind: str) -> bool:
    return kind == EVERY or kind in KINDS


def shown_by(kind: str) -> str:
    """The kind of the message that shows how it reads."""
    return SHOWN_BY.get(kind, kind)


def of(kind: str) -> list[Language]:
    """The languages in use, in the order of the settings."""
    newest = _newest([kind])
    return [Language(code, _parts(kind, code), newest.get((kind, code))) for code in languages.codes()]


def all_kinds() -> list[tuple[str, list[tuple[str, str, list[Language]]]]]:
    """Every group with its kinds: code, name, and how things stand in each language. One query."""
    newest = _newest([kind for __, kinds in labels.GROUPS for kind in kinds])
    stand = {
        kind: [Language(code, (), newest.get((kind, code))) for code in languages.codes()] for kind in labels.KINDS
    }
    return [
        (str(title), [(kind, str(labels.KINDS[kind]), stand[kind]) for kind in kinds]) for title, kinds in labels.GROUPS
    ]


def allowed(kind: str, part: Part) -> list[str]:
    """What may stand in braces in a part: what every such message knows, and whatever ours says there."""
    always = BUSINESS if kind in TO_COLLEAGUES else (*BUSINESS, *CUSTOMERS)
    spoken = [one for one in always if one != "you" or placeholders.is_spoken("you", part.language)]
    return list(dict.fromkeys((*part.named, *spoken)))


def told_apart(kind: str, code: str, words: dict[str, str], *, tone: str) -> dict[str, str]:
    """Of `words` by part what is not as we say it ourselves, tidied; a part left empty is ours."""
    ours = {part.key: part.said(tone) for part in _parts(kind, code)}
    tidied = {key: tidy(text, part_key=key) for key, text in words.items() if key in ours}
    return {key: text for key, text in tidied.items() if text and text != ours[key]}


def tidy(text: str, *, part_key: str) -> str:
    """Lines stay lines where there are lines; elsewhere it is one sentence after the other."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return ("\n" if part_key == "signature" else " ").join(line for line in lines if line)


def _parts(kind: str, code: str) -> list[Part]:
    return parts.parts(shown_by(kind), code, of=EVERY if kind == EVERY else "")


def _newest(kinds: Iterable[str]) -> dict[tuple[str, str], Wording]:
    rows = Wording.objects.filter(kind__in=list(kinds)).in_force().select_related("by")
    return {(row.kind, row.language): row for row in rows}
