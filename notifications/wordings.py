"""How the business words its messages: versions by kind and language, the newest of which is in force.

A version names only the parts that differ from ours. Going back to ours is a version, too, without any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from notifications.errors import SomebodyWasFaster
from notifications.models import Message, Wording
from notifications.text.values import EVERY, InForce

TEST = "test"
"""What a message carries in its context that only shows a colleague how words read: {"kind": of these words, "words":
{language: {part: text}}}.
"""


def in_force(kind: str) -> dict[str, InForce]:
    """By language, of those in which anything was ever worded. One query."""
    found: dict[str, InForce] = {}
    for row in Wording.objects.filter(kind__in=(kind, EVERY)).in_force():
        known = found.get(row.language, InForce())
        said = {"shared": row.parts} if row.kind == EVERY else {"parts": row.parts}
        used = (row.pk,) if row.parts else ()
        found[row.language] = replace(known, versions=tuple(sorted({*known.versions, *used})), **said)
    return found


def of_message(message: Message) -> dict[str, InForce]:
    """What a message is written with; a test carries its own words."""
    stored, test = in_force(message.kind), message.context.get(TEST)
    return tried(test["kind"], stored, test["words"]) if test else stored


def tried(kind: str, stored: Mapping[str, InForce], words: Mapping[str, Mapping[str, str]]) -> dict[str, InForce]:
    """The same with `words` by language in place of those that are in force for `kind`."""
    name = "shared" if kind == EVERY else "parts"
    return {
        **stored,
        **{code: replace(stored.get(code, InForce()), versions=(), **{name: parts}) for code, parts in words.items()},
    }


def present(kind: str, language: str) -> Wording | None:
    """The version in force."""
    found: Wording | None = Wording.objects.filter(kind=kind, language=language).order_by("-version").first()
    return found


def versions(kind: str, language: str) -> Sequence[Wording]:
    """All of them, the newest first."""
    return list(Wording.objects.filter(kind=kind, language=language).select_related("by").order_by("-version"))


def write(kind: str, language: str, parts: Mapping[str, str], *, after: int, by: User, now: datetime) -> Wording:
    """A new version, written by whoever has seen version `after` (0: ours). Raises `SomebodyWasFaster`."""
    row = Wording(kind=kind, language=language, version=after + 1, parts=dict(parts), at=now, by=by)
    newest = present(kind, language)
    if (newest.version if newest else 0) != after:
        raise SomebodyWasFaster
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise SomebodyWasFaster from error
    return row
