"""A message as it would read with words that nobody has stored: in each language and by each channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from appointments.domain.messages.previews import Preview
from appointments.domain.messages.wording import editing, labels, samples, situations
from appointments.models import Business
from notifications import outbox, wordings
from notifications.enums import Channel
from notifications.errors import MissingText, RenderError
from notifications.templatetags.sms import LONGEST, SECRET
from notifications.text import languages, parts, rendering
from notifications.text.placeholders import called
from notifications.text.rendering import MASK
from notifications.text.values import InForce

WAYS = (Channel.EMAIL, Channel.SMS)
ONE_PART, PART_OF_SEVERAL = 160, 153
"""Letters that fit into a text message alone, and into each part of a longer one."""

Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Shown:
    """A message in one language. `of`: whose it was, "" for an invented one. `fault`: why it cannot be shown."""

    language: str
    previews: Sequence[Preview]
    of: str
    at: datetime | None
    letters: int = 0
    fault: str = ""

    @property
    def parts(self) -> int:
        """How many text messages it takes."""
        return 1 if self.letters <= ONE_PART else -(-self.letters // PART_OF_SEVERAL)

    @property
    def is_too_long(self) -> bool:
        return self.letters > LONGEST


def in_each(
    kind: str, words: Words, *, tone: str = "", invented: bool = False, situation: str = "", now: datetime
) -> list[Shown]:
    """`words` by language and part, in place of those in force; `tone` in place of that of the business. `invented`:
    with nobody's data, as in a `situation`.
    """
    tone = tone or Business.current().tone
    sent = editing.shown_by(kind)
    force = wordings.tried(kind, wordings.in_force(sent), words)
    choose = samples.made_up if invented else samples.sample
    if situation := situations.known(sent, situation):
        choose = partial(_in_a, situation)
    return [_shown(sent, code, force, choose(sent, code, tone=tone, now=now)) for code in words]


def _in_a(situation: str, kind: str, language: str, *, tone: str, now: datetime) -> samples.Sample:
    return situations.sample(kind, situation, language, tone=tone, now=now)


def _shown(sent: str, code: str, force: dict[str, InForce], one: samples.Sample) -> Shown:
    found: list[Preview] = []
    letters, fault = 0, ""
    for way in WAYS:
        try:
            rendered = outbox.preview(
                kind=sent, to=one.to, context=one.context, channel=way, words=force,
                secrets=dict.fromkeys(rendering.markers(one.context), ""),
            )  # fmt: skip
        except MissingText:
            continue
        except RenderError as error:
            fault = str(error)
            continue
        found.append(Preview(code, way, rendered, is_first=not found))
        if not rendered.subject:
            letters = len(rendered.text.strip().replace(MASK, SECRET))
    return Shown(code, found, one.of, one.at, letters, fault)


def beginning_and_end(tone: str, *, now: datetime) -> list[tuple[str, list[str]]]:
    """By language how a confirmation greets, what it says first, and how it ends, in a tone. Nothing is stored."""
    codes = languages.codes()
    force = wordings.in_force("confirmation")
    words = {code: force[code].parts if code in force else {} for code in codes}
    found = []
    for one in in_each("confirmation", words, tone=tone, invented=True, now=now):
        paragraphs = one.previews[0].rendered.text.split("\n\n") if one.previews else []
        letter = paragraphs[: next((at for at, text in enumerate(paragraphs) if text.startswith("--")), None)]
        found.append((one.language, [*letter[:2], "…", *letter[-1:]]))
    return found


@dataclass(frozen=True)
class Word:
    """Something that may stand in braces: as it is typed, and what is read in its place."""

    typed: str
    what: str
    example: str


def words_for(kind: str, code: str, *, now: datetime) -> list[Word]:
    """Everything that may stand in braces somewhere in a message, each with an example of today."""
    sent, tone = editing.shown_by(kind), Business.current().tone
    one = samples.sample(sent, code, tone=tone, now=now)
    language = next(found for found in editing.of(kind) if found.code == code)
    names = dict.fromkeys(name for part in language.parts for name in editing.allowed(kind, part))
    return [_word(name, code, one) for name in names]


def _word(name: str, code: str, one: samples.Sample) -> Word:
    typed = called(name, code)
    example = parts.example(name, to=one.to, language=code, context=one.context)
    return Word(f"{{{typed}}}", str(labels.PLACEHOLDERS[name]), example)
