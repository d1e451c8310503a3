"""Two records that are one person's become one: what belongs to the one goes over to the other, and nothing is lost.

The record that goes stays as it was and points to the one that is kept, so that it can all be undone for a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from appointments.domain import actors
from appointments.domain.customers.corrections import CONTACT, state_of
from appointments.domain.history import in_source, record
from appointments.domain.messages import of_person
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, EventKind, PromiseKind
from appointments.errors import DomainError
from appointments.models import (
    Appointment,
    Compensation,
    Customer,
    CustomerMerge,
    Promise,
    RecoveryCase,
)

Side = Literal["kept", "gone", "both"]
"""Whose value stays; both of two notes."""

OWNED = ("appointments", "misuse_notes")
"""What belongs to a customer; everything else hangs on an appointment and goes with it."""


@dataclass(frozen=True)
class Moves:
    """How much goes over."""

    appointments: int
    messages: int
    promises: int
    codes: int
    complaints: int
    notes: int


def what_moves(gone: Customer) -> Moves:
    """Six queries."""
    theirs: dict[str, Any] = {"appointment__customer": gone}
    return Moves(
        appointments=gone.appointments.count(),
        messages=of_person.count(refs_of(gone)),
        promises=Promise.objects.filter(**theirs).exclude(kind=PromiseKind.HOLD).count(),
        codes=Compensation.objects.filter(**theirs).count(),
        complaints=RecoveryCase.objects.filter(**theirs).count(),
        notes=gone.appointments.exclude(note="").count() + bool(gone.note),
    )


def both_states(kept: Customer, gone: Customer) -> str:
    """Changes whenever somebody corrects one of them."""
    return f"{state_of(kept)}{state_of(gone)}"


def plain(customer: Customer, name: str) -> Any:
    """One value of `CONTACT`, as it is remembered."""
    value = getattr(customer, name)
    return value if isinstance(value, bool) else str(value or "")


@one_transaction
def merge(
    kept: Customer, gone: Customer, chosen: Mapping[str, Side], *, seen: str, by: User, now: datetime
) -> CustomerMerge:
    """`gone` is the same person as `kept`. `chosen`: whose value stays, by names of `CONTACT`; without a word kept's.

    `seen`: `both_states` when the colleague began. Raises `DomainError` for one and the same record, when somebody
    was faster, and when both have one entry of another calendar.
    """
    if kept.pk == gone.pk:
        raise DomainError(_("This is one and the same record."))
    kept, gone = locked(kept, gone)
    if CustomerMerge.objects.in_force().filter(gone__in=[kept.pk, gone.pk]).exists():
        raise DomainError(_("One of them was put together with somebody meanwhile. Please look again."))
    if kept.forgotten_at or gone.forgotten_at:
        raise DomainError(_("Who was forgotten cannot be put together with anybody."))
    if seen != both_states(kept, gone):
        raise DomainError(_("Somebody has corrected one of them since you opened the page. Please look again."))
    if _have_one_entry(kept, gone):
        raise DomainError(_("Both have the same entry of another calendar, so it would be there twice."))
    before, after = _choose(kept, gone, chosen)
    done = CustomerMerge.objects.create(
        kept=kept, gone=gone, at=now, by=by, moved=_hand_over(gone, kept), before=before, after=after
    )
    tell(kept, note=lambda: _("Two records of this customer were put together."), by=by, now=now)
    return done


def locked(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """Both as they are, and nobody books for either or corrects them meanwhile: appointments first, then by key."""
    rows = _locked([one.pk, other.pk])
    return rows[one.pk], rows[other.pk]


def _locked(pks: Sequence[int]) -> dict[int, Customer]:
    theirs = Appointment.objects.select_for_update().filter(customer__in=pks)
    list(theirs.order_by("pk").values_list("pk", flat=True))
    return {row.pk: row for row in Customer.objects.select_for_update().filter(pk__in=pks).order_by("pk")}


def tell(*customers: Customer, note: Any, by: User, now: datetime) -> None:
    """The history of every appointment to come says it."""
    coming = Appointment.objects.filter(customer__in=customers, state=AppointmentState.BOOKED, ends_at__gt=now)
    said = in_source(note)
    for appointment in coming.order_by("pk"):
        record(appointment, EventKind.CORRECTED, by=actors.staff(by), now=now, note=said)


def who_stays(customer: Customer) -> Customer:
    """The record that is kept of this person, through any number of merges."""
    while merge := customer.merges.in_force().select_related("kept").first():
        customer = merge.kept
    return customer


def kept_for_each() -> dict[int, Customer]:
    """The same for each record that is gone, by its key. One query."""
    next_one = {one.gone_id: one.kept for one in CustomerMerge.objects.in_force().select_related("kept")}

    def last(customer: Customer) -> Customer:
        return last(next_one[customer.pk]) if customer.pk in next_one else customer

    return {gone: last(kept) for gone, kept in next_one.items()}


def records_of(customer: Customer) -> list[Customer]:
    """This record and all that went into it, the kept one first. One query for each generation."""
    found, newest = [customer], [customer.pk]
    while newest:
        rows = Customer.objects.filter(merges__in=CustomerMerge.objects.in_force().filter(kept__in=newest))
        more = [row for row in rows.order_by("pk") if row not in found]
        found += more
        newest = [row.pk for row in more]
    return found


def locked_records(customer: Customer) -> list[Customer]:
    """The same, and nobody books for them, corrects them or puts them together with somebody meanwhile. Raises
    `DomainError` where somebody has done so before they were ours.
    """
    pks = [one.pk for one in records_of(customer)]
    rows = _locked(pks)
    if [one.pk for one in records_of(customer)] != pks:
        raise DomainError(_("One of them was put together with somebody meanwhile. Please look again."))
    return [rows[pk] for pk in pks]


def refs_of(customer: Customer) -> list[str]:
    """How messages refer to this person."""
    return [of_person.ref(one) for one in records_of(customer)]


def _choose(kept: Customer, gone: Customer, chosen: Mapping[str, Side]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was known of `kept` and what is known now, for what changes."""
    values = {name: _value(kept, gone, name, chosen.get(name, "kept")) for name in CONTACT}
    changed = [name for name, value in values.items() if value != getattr(kept, name)]
    before = {name: plain(kept, name) for name in changed}
    for name in changed:
        setattr(kept, name, values[name])
    if changed:
        kept.save(update_fields=changed)
    return before, {name: plain(kept, name) for name in changed}


def _value(kept: Customer, gone: Customer, name: str, side: Side) -> Any:
    if side == "both" and name == "note":
        notes: Sequence[str] = dict.fromkeys(filter(None, (kept.note, gone.note)))  # type: ignore[assignment]
        return "\n".join(notes)
    return getattr(gone if side == "gone" else kept, name)


def _hand_over(gone: Customer, kept: Customer) -> dict[str, list[int]]:
    moved = {}
    for name in OWNED:
        rows = getattr(gone, name).order_by("pk")
        moved[name] = list(rows.values_list("pk", flat=True))
        rows.update(customer=kept)
    return moved


def _have_one_entry(kept: Customer, gone: Customer) -> bool:
    of_entry = {name: OuterRef(name) for name in ("source", "external_id", "location")}
    same = Appointment.objects.filter(customer=kept, **of_entry)
    return bool(Appointment.objects.filter(Exists(same), customer=gone).exclude(external_id="").exists())
