"""What we know of a customer, at the desk: how to greet them and how to reach them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appointments.domain.actors import Actor
from appointments.domain.history import in_source, record
from appointments.domain.transactions import one_transaction
from appointments.enums import AppointmentState, EventKind
from appointments.errors import DomainError
from appointments.models import Customer

CONTACT = (
    "name", "honorific", "phone", "email", "language", "preferred_channel", "address", "wants_follow_up", "note",
)  # fmt: skip
"""What the desk may correct."""


def state_of(customer: Customer) -> str:
    """Changes whenever somebody corrects something."""
    said = "\0".join(str(getattr(customer, name)) for name in CONTACT)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@one_transaction
def correct(customer: Customer, values: Mapping[str, Any], *, seen: str, by: Actor, now: datetime) -> list[str]:
    """Keeps what is new in `values` (keys of `CONTACT`). Returns the names of what changed, which the history of every
    appointment to come says, without what it was.

    `seen`: `state_of` when the colleague began. Raises `DomainError` when somebody else was faster.
    """
    locked = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if locked.merges.in_force().exists():
        raise DomainError(_("This record was put together with another one meanwhile. Please open the customer anew."))
    if locked.forgotten_at:
        raise DomainError(_("This customer was forgotten: there is nothing to correct any more."))
    if seen != state_of(locked):
        raise DomainError(_("Somebody has corrected this customer since you opened the page. Please look at it again."))
    changed = [name for name in CONTACT if name in values and values[name] != getattr(locked, name)]
    for name in changed:
        setattr(locked, name, values[name])
    if not changed:
        return []
    locked.save(update_fields=changed)
    fields = [Customer._meta.get_field(name) for name in changed]
    note = in_source(lambda: ", ".join(str(getattr(field, "verbose_name", field.name)) for field in fields))
    coming = locked.appointments.filter(state=AppointmentState.BOOKED, ends_at__gt=now)
    for appointment in coming.order_by("pk"):
        record(appointment, EventKind.CORRECTED, by=by, now=now, note=note)
    return changed
