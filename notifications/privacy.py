"""What the outbox knows about one person: to hand it over, and to forget it. Times, kinds and outcomes stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.enums import FINISHED, LEFT, MessageState
from notifications.models import DeliveryAttempt, Message, MessageQuerySet


def export(*, ref: str) -> list[dict[str, Any]]:
    """Every message to the person, oldest first, as plain values. ref is the Recipient's, e.g. "customer:7"."""
    rows = Message.objects.filter(to_ref=ref).order_by("created_at", "pk")
    return [
        {
            "kind": message.kind,
            "about": message.about,
            "written_at": message.created_at.isoformat(),
            "sent_at": message.sent_at.isoformat() if message.sent_at else None,
            "state": message.state,
            "channel": message.channel,
            "name": message.to_name,
            "email": message.email,
            "phone": message.phone,
            "subject": message.subject,
            "text": message.text,
        }
        for message in rows
    ]


def forget(*, ref: str, now: datetime) -> int:
    """Wipe the person from every message; what has not left is taken back. Returns how many messages it concerned.

    A message that is on its way at this moment is wiped too: its worker holds the bytes already.
    """
    with transaction.atomic():
        theirs = Message.objects.filter(to_ref=ref)
        theirs.exclude(state__in=[*LEFT, MessageState.SENDING]).update(
            state=MessageState.CANCELLED,
            secrets={},
            mime=None,
            leased_until=None,
            leased_by="",
            why=_("The person asked to be forgotten."),
        )
        # Why something did not arrive is told by servers, who repeat the address.
        theirs.filter(state__in=LEFT).update(why="")
        DeliveryAttempt.objects.filter(message__to_ref=ref).update(detail="")
        return theirs.update(
            to_name="",
            email="",
            phone="",
            reply_to="",
            subject="",
            text="",
            html="",
            context={},
            true_if={},
            secrets={},
            attachments=[],
            mime=None,
            to_ref="",
        )


WIPED = {
    "to_name": "",
    "email": "",
    "phone": "",
    "reply_to": "",
    "subject": "",
    "text": "",
    "html": "",
    "why": "",
    "context": {},
    "attachments": [],
}
"""What a message is without its words. To whom it went stays as a number, what it was about and when, too."""


def with_words() -> MessageQuerySet:
    """The messages of which something can still be read."""
    return Message.objects.exclude(to_name="", email="", phone="", subject="", text="", html="")


def finished(rows: MessageQuerySet, *, before: datetime) -> MessageQuerySet:
    """Those that were written so long ago, and leave no more."""
    return rows.filter(state__in=FINISHED, created_at__lt=before)


def wipe(rows: MessageQuerySet) -> None:
    """Takes the words out of finished messages, in the caller's transaction; what became of them stays."""
    keys = list(rows.values_list("pk", flat=True))
    DeliveryAttempt.objects.filter(message__in=keys).update(detail="")
    Message.objects.filter(pk__in=keys, state__in=FINISHED).update(**WIPED)
