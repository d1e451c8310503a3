"""What the page of a message shows beside its boxes: what may stand in braces, and the versions there were."""

from collections.abc import Sequence
from dataclasses import dataclass

from appointments.domain.colleagues import name_of
from appointments.domain.messages.wording import labels
from notifications import wordings
from notifications.models import Wording
from notifications.text import languages


@dataclass(frozen=True)
class Change:
    """What one part said before a version, and since; "" where it was, or is, ours."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    row: Wording
    by: str
    changes: Sequence[Change]
    is_in_force: bool


@dataclass(frozen=True)
class Versions:
    """The versions of one language, the newest first."""

    code: str
    seen: int
    is_ours: bool
    rows: Sequence[Version]


def versions(kind: str) -> list[Versions]:
    """One query for each language."""
    return [_of_language(kind, code) for code in languages.codes()]


def _of_language(kind: str, code: str) -> Versions:
    rows = list(wordings.versions(kind, code))
    before = [*(row.parts for row in rows[1:]), {}]
    shown = [
        Version(row, name_of(row.by), _changes(was, row.parts), is_in_force=at == 0)
        for at, (row, was) in enumerate(zip(rows, before, strict=False))
    ]
    newest = rows[0] if rows else None
    return Versions(code, newest.version if newest else 0, not (newest and newest.parts), shown)


def _changes(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return [Change(str(labels.PARTS.get(key, key)), before.get(key, ""), after.get(key, "")) for key in keys]
