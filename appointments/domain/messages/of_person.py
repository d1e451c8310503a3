"""All that the post office knows of one person, whom it knows by one record of theirs or several."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment, Customer
from notifications import privacy
from notifications.enums import MessageState
from notifications.models import Message, MessageQuerySet
from notifications.privacy import wipe, with_words

__all__ = [
    "LABELS",
    "MODEL",
    "count",
    "export",
    "finished",
    "forget",
    "nothing_on_its_way",
    "ref",
    "wipe",
    "with_words",
]

MODEL = Message
LABELS = {"written_at": _("written"), "name": _("name"), "text": _("text")}
"""What a row of `export` has that the table of messages calls otherwise."""


def ref(customer: Customer) -> str:
    """How messages refer to a customer."""
    return f"customer:{customer.pk}"


def nothing_on_its_way(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those to whom no message is still to leave."""
    written = Concat(Value("customer:"), Cast(OuterRef("pk"), CharField()))
    leaving = Message.objects.filter(to_ref=written, state__in=(MessageState.QUEUED, MessageState.SENDING))
    return customers.filter(~Exists(leaving))


def count(refs: Sequence[str]) -> int:
    return Message.objects.filter(to_ref__in=refs).count()


def export(refs: Sequence[str]) -> list[dict[str, Any]]:
    """Every message to them, the oldest first, as plain values."""
    return sorted((row for one in refs for row in privacy.export(ref=one)), key=lambda row: str(row["written_at"]))


def forget(refs: Sequence[str], *, now: datetime) -> int:
    """Wipes the person from all of them. Returns how many it concerned."""
    return sum(privacy.forget(ref=one, now=now) for one in refs)


def finished(rows: MessageQuerySet, *, before: datetime, but: QuerySet[Appointment]) -> MessageQuerySet:
    """Those of `rows` that were written so long ago and leave no more, without what is about the appointments `but`."""
    about = but.annotate(ref=Concat(Value("appointment:"), Cast("pk", CharField()))).values("ref")
    return privacy.finished(rows, before=before).exclude(about__in=about)
