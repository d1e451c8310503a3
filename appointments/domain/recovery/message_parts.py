"""What is wrong with a part as somebody has typed it, in sentences that say what would be right."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from appointments.domain.messages.wording import editing, labels
from appointments.domain.recovery import remarks, wording
from appointments.domain.recovery.honesty import Facts, Finding, Gravity, TextKind
from appointments.models import Business
from notifications.text import placeholders
from notifications.text.cleaning import clean
from notifications.text.parts import Part

PROGRAM = re.compile(r"\{[{%#].*?(?:[}%#]\}|$)", re.DOTALL)
TAG = re.compile(r"<\s*[/!?]?\s*[a-zA-Z][^<>]{0,200}>?")
CHEAP = frozenset(
    "@£$¥èéùìòÇØøÅå_ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic set of GSM 03.38: one letter outside of it more than doubles the parts of a text message."""
LONGEST_QUOTE = 40
GAP = "x"


def complaints(kind: str, part: Part, text: str) -> list[str]:
    """Why `text` cannot stand in place of ours; nothing for what can. What cannot be read is not read any further."""
    found = list(_of_form(part, text)) or list(_of_braces(kind, part, text))
    return found or list(_of_words(part, text))


def _of_form(part: Part, text: str) -> Iterator[str]:
    if len(text) > part.longest:
        yield _("These are %(n)d letters; there is room for %(most)d.") % {"n": len(text), "most": part.longest}
        return
    if clean(text) != text:
        yield _("There are signs in it that nobody sees, and that can turn what is read. Please type it anew.")
    if program := PROGRAM.search(text):
        yield _("“%(words)s” is written for a program. One pair of braces around a word of the list is enough.") % {
            "words": _quoted(program[0])
        }
    elif set(placeholders.PATTERN.sub("", text)) & {"{", "}"}:
        yield _("A brace is open or closed without its partner.")
    if tag := TAG.search(text):
        yield _("“%(words)s” would be read as it stands. Leave it out: the letter has a form already.") % {
            "words": _quoted(tag[0])
        }
    dear = next((sign for sign in placeholders.PATTERN.sub("", text) if sign not in CHEAP), "")
    if part.where == "sms" and dear:
        yield _("“%(sign)s” makes every text message two or three times as dear. Use another sign.") % {"sign": dear}


def _of_braces(kind: str, part: Part, text: str) -> Iterator[str]:
    may = editing.allowed(kind, part)
    meant = {name: placeholders.meant(name, part.language) for name in placeholders.names(text)}
    for name, found in meant.items():
        if found not in may:
            yield _("“{%(name)s}” is not known here. You can use %(known)s.") % {
                "name": _quoted(name),
                "known": ", ".join(f"{{{placeholders.called(one, part.language)}}}" for one in may),
            }
    for name in part.needed:
        if name not in meant.values():
            yield _("“{%(name)s}” is missing. Customers have to read it here: %(what)s.") % {
                "name": placeholders.called(name, part.language),
                "what": labels.PLACEHOLDERS[name],
            }


def _of_words(part: Part, text: str) -> Iterator[str]:
    """The check of personal lines. Everybody reads it, so nobody can say that it is meant; what ours says may stand."""
    ours = {finding.words for one in part.ours.values() for finding in _findings(part, one)}
    for finding in _findings(part, text):
        if finding.gravity != Gravity.SAID and finding.words not in ours:
            yield remarks.said(finding, reads=part.language)


def _findings(part: Part, text: str) -> list[Finding]:
    """Of the words alone: what is filled in is read in no language."""
    name = Business.current().name
    facts = Facts(language=part.language, text=TextKind.PART, gaps=frozenset({GAP}), names=(name,))
    return wording.check(placeholders.PATTERN.sub(f"{{{GAP}}}", text), facts=facts)


def _quoted(words: str) -> str:
    words = " ".join(clean(words).split())
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"
