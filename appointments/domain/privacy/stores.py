"""Where what is kept for a while stands, when its time is over, and what is taken of it then.

Each store takes rows of one table. Figures stay: a row that reports count loses its words, and only what nobody counts
goes as a whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import CharField, Exists, Model, OuterRef, Q
from django.db.models.functions import Cast

from appointments.domain.messages import of_person
from appointments.domain.privacy import needed, words
from appointments.enums import DataKind, ImportState
from appointments.models import (
    Absence,
    Appointment,
    AppointmentEvent,
    AuditEntry,
    Customer,
    CustomerMerge,
    Disruption,
    DisruptionPlan,
    ImportRun,
    Invitation,
    Link,
    PracticeRun,
    PurgeDay,
    Statement,
    WordsGone,
)
from appointments.models.imports import OVER

Rows = Any
"""A queryset of whichever table."""


@dataclass(frozen=True)
class Store:
    """`kept()` are the rows that still hold something, `over(cutoff, now)` which of them are older and needed by
    nobody; `take(rows, now)` takes away what goes. `locks_itself`: it locks more than the rows, in its own order, and
    takes one at a time.
    """

    kind: DataKind
    model: type[Model]
    kept: Callable[[], Rows]
    over: Callable[[Rows, datetime, datetime], Rows]
    take: Callable[[Rows, datetime], Any]
    locks_itself: bool = False

    def due(self, cutoff: datetime, *, now: datetime) -> Rows:
        return self.over(self.kept(), cutoff, now)


def older(name: str) -> Callable[[Rows, datetime, datetime], Rows]:
    return lambda rows, cutoff, now: rows.filter(**{f"{name}__lt": cutoff})


def whole(rows: Rows, now: datetime) -> None:
    """The rows go. Those of the audit refuse it to our own code; the database lets the old ones go."""
    super(type(rows), rows).delete() if rows.model is AuditEntry else rows.delete()


def table(kind: DataKind, model: type[Model], moment: str) -> Store:
    """Rows that go as a whole, by one moment of theirs."""
    return Store(kind, model, model._default_manager.all, older(moment), whole)


def _with_words(kind: DataKind) -> Callable[[], Rows]:
    """Appointments whose words of this kind were not let go, or about which something was written since."""
    written = AppointmentEvent.objects.filter(appointment=OuterRef("appointment"), at__gt=OuterRef("at"))
    gone = WordsGone.objects.filter(~Exists(written), appointment=OuterRef("pk"), kind=kind)
    return lambda: Appointment.objects.filter(~Exists(gone))


def _of_appointments(kind: DataKind) -> Store:
    return Store(
        kind,
        Appointment,
        _with_words(kind),
        lambda rows, cutoff, now: rows.filter(pk__in=needed.at_rest_since(cutoff, now=now).values("pk")),
        lambda rows, now: words.let_go(rows, kind, now=now),
    )


def _not_coming(rows: Rows, cutoff: datetime, now: datetime) -> Rows:
    """An answer that we gave lately may still be on its way, and be answered in turn."""
    theirs = {"customer": OuterRef("pk")}
    lately = Appointment.objects.filter(ends_at__gte=cutoff, **theirs)
    happened = AppointmentEvent.objects.filter(at__gte=cutoff, appointment__customer=OuterRef("pk"))
    waiting = needed.appointments(now=now).filter(**theirs)
    quiet = rows.filter(~Exists(lately), ~Exists(happened), ~Exists(waiting), created_at__lt=cutoff)
    return of_person.nothing_on_its_way(quiet)


def _links(rows: Rows, cutoff: datetime, now: datetime) -> Rows:
    dead = Q(expires_at__lt=cutoff) | Q(revoked_at__lt=cutoff)
    return rows.filter(dead).exclude(appointment__in=needed.appointments(now=now).values("pk"))


def _invitations(rows: Rows, cutoff: datetime, now: datetime) -> Rows:
    return rows.filter(Q(used_at__lt=cutoff) | Q(revoked_at__lt=cutoff) | Q(used_at=None, expires_at__lt=cutoff))


def _past(rows: Rows, cutoff: datetime, now: datetime) -> Rows:
    """What comes again and again has no end to count from: its title goes when nobody has written it anew for so long.
    It blocks the same hours as before.
    """
    key = Cast(OuterRef("pk"), CharField())
    written = AuditEntry.objects.filter(noun=Absence._meta.model_name, key=key, at__gte=cutoff)
    return rows.filter(Q(rrule="") | ~Exists(written), ends_at__lt=cutoff)


def _notes(model: type[Model], field: str, over: Callable[[Rows, datetime, datetime], Rows]) -> Store:
    """Of these only the words for colleagues go, which stand in one `field`."""
    return Store(
        DataKind.NOTES,
        model,
        lambda: model._default_manager.exclude(**{f"{field}__in": ("", words.NOTHING)}),
        over,
        lambda rows, now: rows.update(**{field: words.NOTHING}),
    )


STORES = (
    Store(
        DataKind.MESSAGES,
        of_person.MODEL,
        of_person.with_words,
        lambda rows, cutoff, now: of_person.finished(rows, before=cutoff, but=needed.appointments(now=now)),
        lambda rows, now: of_person.wipe(rows),
    ),
    _of_appointments(DataKind.WORDS),
    Store(  # a later file says once more what was let go with the appointment
        DataKind.WORDS,
        Statement,
        words.of_people,
        lambda rows, cutoff, now: rows.filter(appointment__in=needed.at_rest_since(cutoff, now=now).values("pk")),
        lambda rows, now: words.forget_people(rows),
    ),
    _of_appointments(DataKind.NOTES),
    _notes(Absence, "title", _past),
    _notes(Disruption, "note", older("closed_at")),
    _notes(DisruptionPlan, "personal_note", older("ended_at")),
    Store(
        DataKind.CUSTOMERS,
        Customer,
        lambda: Customer.objects.standing(),
        _not_coming,
        lambda rows, now: words.forget(rows, now=now),
        locks_itself=True,
    ),
    Store(
        DataKind.MERGES,
        CustomerMerge,
        lambda: CustomerMerge.objects.exclude(before={}, after={}),
        older("at"),
        lambda rows, now: rows.update(before={}, after={}),
    ),
    Store(DataKind.LINKS, Link, Link._default_manager.all, _links, whole),
    Store(
        DataKind.DRAFTS,
        ImportRun,
        lambda: ImportRun.objects.filter(state=ImportState.DRAFT),
        older("uploaded_at"),
        whole,
    ),
    Store(
        DataKind.IMPORTS,
        ImportRun,
        lambda: ImportRun.objects.filter(state__in=OVER, report__has_key="problems"),
        older("ended_at"),
        lambda rows, now: rows.forget_words(),
    ),
    *(table(DataKind.ACCESS, model, "attempt_time") for model in (AccessAttempt, AccessFailureLog, AccessLog)),
    table(DataKind.SESSIONS, Session, "expire_date"),
    Store(DataKind.INVITATIONS, Invitation, Invitation.objects.all, _invitations, whole),
    table(DataKind.PRACTICE, PracticeRun, "at"),
    table(DataKind.AUDIT, AuditEntry, "at"),
    table(DataKind.AUDIT, LogEntry, "action_time"),
    table(DataKind.AUDIT, PurgeDay, "ran_at"),
)


def of(kind: DataKind) -> list[Store]:
    return [one for one in STORES if one.kind == kind]
