"""All that the post office knows of one person, whom it knows by one record of theirs or several."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from appointments.models import Customer
from notifications import privacy
from notifications.models import Message

MODEL = Message
LABELS = {"written_at": _("written"), "name": _("name"), "text": _("text")}
"""What a row of `export` has that the table of messages calls otherwise."""


def ref(customer: Customer) -> str:
    """How messages refer to a customer."""
    return f"customer:{customer.pk}"


def count(refs: Sequence[str]) -> int:
    return Message.objects.filter(to_ref__in=refs).count()


def export(refs: Sequence[str]) -> list[dict[str, Any]]:
    """Every message to them, the oldest first, as plain values."""
    return sorted((row for one in refs for row in privacy.export(ref=one)), key=lambda row: str(row["written_at"]))


def forget(refs: Sequence[str], *, now: datetime) -> int:
    """Wipes the person from all of them. Returns how many it concerned."""
    return sum(privacy.forget(ref=one, now=now) for one in refs)
