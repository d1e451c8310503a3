"""Who changed what, the newest first: narrowed by person, thing, words and days, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments import roles
from appointments.domain.second_step import changes
from appointments.enums import AuditAction
from appointments.models import AuditEntry
from appointments.models.staff.audit import label_of

ON_A_PAGE = 50
TOGETHER = 500
"""So many rows of a file are held at once."""


OF_THE_SECOND_STEP = {
    changes.APP: _lazy("authenticator app"),
    changes.PASSKEY: _lazy("passkey"),
    changes.CODES: _lazy("recovery codes"),
    changes.EVERYTHING: _lazy("everything"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`since` and `until` are moments, `until` the first that does not count; `before` is the last row of a page."""

    person: int | None = None
    noun: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Line:
    entry: AuditEntry
    changes: list[tuple[str, str, str]]
    """Of each field what it is called, what it was and what it is, in words."""


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    older: str
    """What the address of the next page ends with; empty on the last one."""


def page(asked: Asked) -> Page:
    found = list(_found(asked)[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    older = cursor_of(shown[-1]) if len(found) > ON_A_PAGE else ""
    return Page([Line(one, changes_of(one)) for one in shown], older)


def rows(asked: Asked) -> Iterator[AuditEntry]:
    """All of it, some rows at a time: no query stays open while somebody's slow line takes them."""
    asked = replace(asked, before=None)
    while some := list(_found(asked)[:TOGETHER]):
        yield from some
        asked = replace(asked, before=(some[-1].at, some[-1].pk))


def nouns() -> list[tuple[str, str]]:
    """What there is something of, as it is stored and as it is called."""
    stored = AuditEntry.objects.order_by("noun").values_list("noun", flat=True).distinct()
    return sorted(((one, label_of(one)) for one in stored), key=lambda one: one[1])


def cursor_of(entry: AuditEntry) -> str:
    return f"{entry.at.timestamp():.6f}~{entry.pk}"


def changes_of(entry: AuditEntry) -> list[tuple[str, str, str]]:
    names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    said = [(_label(entry.noun, name), _said(entry.before.get(name)), _said(entry.after.get(name))) for name in names]
    if entry.action == AuditAction.NEW_FACTOR:
        said = [(label, was, str(OF_THE_SECOND_STEP.get(is_now, is_now))) for label, was, is_now in said]
    return [one for one in said if one[1] or one[2]]


def _found(asked: Asked) -> QuerySet[AuditEntry]:
    found: QuerySet[AuditEntry] = AuditEntry.objects.select_related("actor")
    if asked.person:
        found = found.filter(actor=asked.person)
    if asked.noun:
        found = found.filter(noun=asked.noun)
    if asked.words:
        found = found.filter(name__icontains=asked.words)
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    if asked.before:
        at, pk = asked.before
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return found


def _label(noun: str, name: str) -> str:
    words = {
        "role": _("role"),
        "places": _("places"),
        "username": _("user name"),
        "handed_over_to": _("handed over to"),
        "how_many": _("how many"),
        "waiting": _("how many wait"),
        "to_phone": _("how many are phoned"),
        "through": _("where"),
        "reason": _("reason"),
        "added": _("added"),
        "removed": _("removed"),
        "renamed": _("renamed"),
        "used": _("used"),
        "name": _("name"),
        "ways": _("how many"),
        "left": _("how many are left"),
        "why": _("why"),
    }
    if name in words:
        return words[name]
    try:
        field = apps.get_model("appointments", noun)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return name.replace("_", " ")
    return str(getattr(field, "verbose_name", name))


def _said(value: Any) -> str:
    """As a person reads it; roles are stored by the name of their group."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    return str(roles.LABELS.get(value, value)) if value not in (None, "") else ""
