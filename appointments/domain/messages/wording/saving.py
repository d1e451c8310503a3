"""A new version of a wording: written, taken from an earlier one, or given up for ours. Nothing is ever overwritten."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.colleagues import name_of
from appointments.domain.messages.wording import editing, labels
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.errors import DomainError
from appointments.models import Business
from notifications import wordings
from notifications.errors import SomebodyWasFaster
from notifications.models import Wording
from notifications.text import languages
from notifications.text.parts import Part

Check = Callable[[str, Part, str], Sequence[str]]


class WordedMeanwhile(DomainError):
    """A colleague has saved another version since this one was begun."""

    def __init__(self, version: Wording | None, *, language: str) -> None:
        who = name_of(version.by) if version else ""
        super().__init__(
            _(
                "%(who)s has saved version %(n)d in %(language)s meanwhile. Yours is still in the boxes: compare "
                "the two, then save again if yours is to hold."
            )
            % {"who": who, "n": version.version if version else 0, "language": languages.name(language)}
        )


@one_transaction
def save(
    kind: str, words: Mapping[str, dict[str, str]], *, seen: Mapping[str, int], by: Actor, now: datetime
) -> list[Wording]:
    """New versions of the languages in which `words` differ from what is in force; none where nothing does. `seen`: the
    version that the writer had before them. All or none. Raises `WordedMeanwhile`.
    """
    tone = Business.current().tone
    written = []
    for one in editing.of(kind):
        if one.code not in words:
            continue
        parts = editing.told_apart(kind, one.code, words[one.code], tone=tone)
        before = one.version.parts if one.version else {}
        # What our texts do not have any more stays in its version, and is not carried into the next one.
        if parts != before:
            written.append(_write(kind, one, parts, seen=seen.get(one.code, 0), by=by, now=now))
    return written


@one_transaction
def use(kind: str, language: str, version: int, *, seen: int, check: Check, by: Actor, now: datetime) -> Wording | None:
    """An earlier version is in force again, as a new one; 0 stands for ours. None where that is so already. `check`:
    why a part cannot be said so. Raises `WordedMeanwhile`, and `DomainError` where it cannot be said any more.
    """
    one = next(found for found in editing.of(kind) if found.code == language)
    parts = _parts_of(kind, one, version, check)
    if parts == (one.version.parts if one.version else {}):
        return None
    return _write(kind, one, parts, seen=seen, by=by, now=now)


def _parts_of(kind: str, one: editing.Language, version: int, check: Check) -> dict[str, str]:
    if not version:
        return {}
    row = Wording.objects.filter(kind=kind, language=one.code, version=version).first()
    if row is None:
        raise DomainError(_("There is no such version."))
    there = {part.key: part for part in one.parts}
    parts = {key: text for key, text in row.parts.items() if key in there}
    for key, text in parts.items():
        for complaint in check(kind, there[key], text):
            raise DomainError(f"{labels.PARTS.get(key, key)}: {complaint}")
    return parts


def _write(kind: str, one: editing.Language, parts: dict[str, str], *, seen: int, by: Actor, now: datetime) -> Wording:
    if by.user is None:
        raise ValueError("only a colleague words a message")
    try:
        row = wordings.write(kind, one.code, parts, after=seen, by=by.user, now=now)
    except SomebodyWasFaster:
        raise WordedMeanwhile(wordings.present(kind, one.code), language=one.code) from None
    before: dict[str, str] = one.version.parts if one.version else {}
    changed = [key for key in {**before, **parts} if before.get(key) != parts.get(key)]
    name = f"{labels.KINDS[kind]}, {languages.name(one.code)}, {row.version}"
    audit.record(
        AuditAction.CHANGED,
        row,
        by=by,
        now=now,
        before={key: before.get(key, "") for key in changed},
        after={key: parts.get(key, "") for key in changed},
        name=name,
    )
    return row
