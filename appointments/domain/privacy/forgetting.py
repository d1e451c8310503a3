"""Somebody is forgotten: nothing is left of who they are. Times, kinds and outcomes stay, so that no figure changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.colleagues import name_of, of_all_places, places_of
from appointments.domain.customers.merging import locked_records, records_of
from appointments.domain.messages import of_person
from appointments.domain.privacy.inventory import WORDS
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, AuditAction, PromiseKind
from appointments.errors import DomainError
from appointments.models import (
    Appointment,
    AppointmentEvent,
    Customer,
    CustomerMerge,
    ImportRun,
    Link,
    MisuseNote,
    Promise,
    RecoveryCase,
    RescheduleRequest,
    Statement,
    TwoPeople,
)
from appointments.roles import FORGET

NOTHING = "–"
"""Stands where words stood: that somebody said something is a figure of ours."""
EMPTY = ("email", "phone", "address", "note", "honorific")


@dataclass(frozen=True)
class Standing:
    """What has to be settled with somebody before they can be forgotten; each is how many."""

    booked: int
    rounds: int
    promises: int
    complaints: int

    @property
    def is_settled(self) -> bool:
        return not (self.booked or self.rounds or self.promises or self.complaints)


def standing(customer: Customer, *, now: datetime) -> Standing:
    """Four queries and those of `records_of`."""
    records = records_of(customer)
    theirs = {"appointment__customer__in": records}
    coming = Appointment.objects.filter(customer__in=records, ends_at__gt=now)
    return Standing(
        booked=coming.filter(state=AppointmentState.BOOKED).count(),
        rounds=RescheduleRequest.objects.undecided().filter(**theirs).count(),
        promises=Promise.objects.open().filter(**theirs).exclude(kind=PromiseKind.HOLD).count(),
        complaints=RecoveryCase.objects.open().filter(**theirs).count(),
    )


@one_transaction
def forget(customer: Customer, *, by: Actor, now: datetime, files: bool = True) -> int:
    """Wipes who they are from every record, message, word and merge of theirs. Returns how many messages it concerned.
    That it was done, and by whom, is written down, and nothing of whom. Without `files` what imports said of their rows
    stays for its own time.

    It cannot be undone. Raises `DomainError` for a colleague who does not look after all their places, and while
    something stands that we could not do any more: nobody is left waiting for a call by somebody who no longer knows
    the number.
    """
    records = locked_records(customer)
    if by.user is not None and (reason := why_not(by.user, records)):
        raise DomainError(reason)
    if not standing(records[0], now=now).is_settled:
        raise DomainError(_("Something is still open with this customer. Please settle it first."))
    people = [one.pk for one in records]
    owed = set(Promise.objects.filter(appointment__customer__in=people).values_list("pk", flat=True))
    known = {str(getattr(one, name)) for one in records for name in ("name", "email", "phone", "address") if one}
    of_person.forget_in_alarms(owed, names=known - {"", "None"})
    concerned = of_person.forget([of_person.ref(one) for one in records], now=now)
    # First: only of somebody who is forgotten the database lets words of the past be taken away.
    for one in records:
        _wipe(one, now=now)
    _wipe_words(people)
    MisuseNote.objects.filter(customer__in=people).delete()
    TwoPeople.objects.filter(Q(one__in=people) | Q(other__in=people)).delete()
    # Also of those that were undone: what was chosen from the one record stands with the other one.
    CustomerMerge.objects.filter(Q(kept__in=people) | Q(gone__in=people)).update(before={}, after={})
    if files:
        ImportRun.objects.all().forget_words()  # of files nothing is kept that may be about them
    Link.objects.filter(appointment__customer__in=people, revoked_at__isnull=True).update(revoked_at=now)
    _forget_in_the_log(people)
    audit.record(AuditAction.REMOVED, records[0], by=by, now=now)
    return concerned


def why_not(user: User, records: Sequence[Customer]) -> str:
    """Why `user` may not forget somebody with these records: they also come to a place that is not theirs. "" if they
    may. Who may is named.
    """
    places = places_of(user)
    theirs = Appointment.objects.filter(customer__in=records)
    if places is None or not theirs.exclude(location__in=places).exists():
        return ""
    who = {"name": records[0].name, "who": get_text_list([name_of(one) for one in of_all_places(FORGET)], _("or"))}
    if not who["who"]:
        return _("%(name)s comes to other places than yours, too. Only a manager of all places may forget them.") % who
    return _("%(name)s comes to other places than yours, too. Ask a manager of all places: %(who)s.") % who


def _wipe(customer: Customer, *, now: datetime) -> None:
    customer.name, customer.wants_follow_up, customer.forgotten_at = NOTHING, False, now
    for name in EMPTY:
        setattr(customer, name, "")
    customer.save(update_fields=("name", "wants_follow_up", "forgotten_at", *EMPTY))


def _wipe_words(people: list[int]) -> None:
    for words in WORDS:
        rows = words.of(people)
        if words.model is Statement:
            rows.update(said={})
            continue
        for field in words.fields:
            put_nothing(rows, field)


def put_nothing(rows: Any, field: str) -> None:
    """Where something stands. History refuses an update by our own code; the database allows this one."""
    rows = rows.exclude(**{f"{field}__in": ("", NOTHING)})
    if rows.model is AppointmentEvent:
        super(type(rows), rows).update(**{field: NOTHING})
    else:
        rows.update(**{field: NOTHING})


def _forget_in_the_log(people: Sequence[int]) -> None:
    """The admin writes down what a row was called."""
    keys = [str(pk) for pk in people]
    of_customers = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Customer), object_id__in=keys)
    of_customers.update(object_repr=NOTHING, change_message="")
    theirs = Appointment.objects.filter(customer__in=people).values_list("pk", flat=True)
    of_appointments = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Appointment), object_id__in=[str(pk) for pk in theirs]
    )
    of_appointments.update(object_repr=NOTHING)
