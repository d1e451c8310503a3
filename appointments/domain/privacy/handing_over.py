"""All that is kept of a person, as plain values that any program reads: what they may ask for."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet

from appointments.domain import audit
from appointments.domain.actors import Actor
from appointments.domain.customers.corrections import CONTACT
from appointments.domain.customers.merging import plain, records_of, refs_of
from appointments.domain.messages import of_person
from appointments.domain.privacy.inventory import WORDS
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.models import Customer, CustomerMerge, Offer

Plain = dict[str, Any]

FACTS = {
    "appointment": ("uid", "service", "location", "provider", "starts_at", "ends_at", "state"),
    "appointmentevent": ("appointment_id", "at", "kind", "actor_kind"),
    "disruption": ("appointment_id", "starts_at", "ends_at"),
    "reschedulerequest": ("appointment_id", "round", "reason", "wording", "state", "opened_at", "was_starts_at"),
    "answer": ("request_id", "at", "kind", "wishes"),
    "feedback": ("appointment_id", "at", "handling", "outcome"),
    "promise": ("appointment_id", "kind", "made_at", "due_at", "state"),
    "callattempt": ("promise_id", "at", "outcome"),
    "recoverycase": ("appointment_id", "opened_at", "stage", "concern", "closed_at"),
    "caseentry": ("case_id", "at", "origin"),
    "casepoint": ("case_id", "action", "done_at"),
    "compensation": ("appointment_id", "made_at", "benefit", "amount", "percent", "words", "state", "valid_until"),
    "statement": ("appointment_id",),
    "offer": ("request_id", "starts_at", "ends_at", "provider", "state"),
    "customermerge": ("at", "before", "after"),
    "misusenote": ("made_on", "expires_on"),
}
"""What is handed over beside the words of a row."""


NAMED = {"appointment": ("service", "location", "provider"), "reschedulerequest": ("reason",)}
"""Which of it are rows of their own, handed over by their names."""


def export(customer: Customer) -> dict[str, list[Plain]]:
    """Each record of the person, the one in use first; everything written down about them; every message to them."""
    records = records_of(customer)
    people = [one.pk for one in records]
    found: dict[str, list[Plain]] = {"records": [_record(one) for one in records]}
    for words in WORDS:
        names = FACTS.get(words.name, ())
        rows = words.of(people).select_related(*NAMED.get(words.name, ()))
        found.setdefault(words.name, []).extend(_rows(rows, (*names, *words.fields)))
    found["offer"] = _rows(_offers(people), FACTS["offer"])
    found["customermerge"] = _rows(_merges(people), FACTS["customermerge"])
    return found | {"messages": of_person.export(refs_of(customer))}


@one_transaction
def hand_over(customer: Customer, *, by: Actor, now: datetime) -> dict[str, list[Plain]]:
    """The same, to be taken out of the house; by whom is written down."""
    audit.record(AuditAction.EXPORTED, customer, by=by, now=now)
    return export(customer)


def _offers(people: list[int]) -> QuerySet[Offer]:
    """The times that they could choose from."""
    rows = Offer.objects.filter(request__appointment__customer__in=people)
    return rows.select_related("provider").order_by("request", "position")


def _merges(people: list[int]) -> QuerySet[CustomerMerge]:
    """When records of theirs were put together, with what stood in each; not of what proved to be somebody else's."""
    return CustomerMerge.objects.filter(kept__in=people, gone__in=people).order_by("pk")


def _record(customer: Customer) -> Plain:
    return {name: plain(customer, name) for name in CONTACT} | {"since": _said(customer.created_at)}


def _rows(rows: Iterable[Model], names: tuple[str, ...]) -> list[Plain]:
    return [{"pk": row.pk} | {name: _said(getattr(row, name)) for name in names} for row in rows]


def _said(value: Any) -> Any:
    if isinstance(value, date):  # a moment is one, too
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool | dict | list) else str(value)
