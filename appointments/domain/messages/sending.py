"""How a message to a customer gets into the outbox: with a link of its own, as urgent as its kind, true or not sent."""

from datetime import datetime
from typing import Any

from appointments.domain import links
from appointments.domain.messages import kinds, recipients
from appointments.enums import LinkPurpose
from appointments.models import Appointment
from notifications import outbox
from notifications.models import Message
from notifications.text.values import Recipient


def send(
    key: str,
    kind: str,
    appointment: Appointment,
    context: dict[str, Any],
    *,
    true_if: dict[str, Any],
    now: datetime,
    to: Recipient | None = None,
    secrets: dict[str, str] | None = None,
    moment: datetime | None = None,
    **options: Any,
) -> Message:
    """`moment`: the time that the message is about, where it being near makes the message urgent."""
    row, token = kinds.of(kind), links.issue(appointment, purpose=LinkPurpose.ANSWER, now=now)
    return outbox.enqueue(
        key=key,
        kind=kind,
        to=to or recipients.customer_of(appointment),
        context=context,
        about=appointment.about,
        true_if={"appointment": appointment.pk, **true_if},
        secrets={"link": token, **(secrets or {})},
        urgency=row.urgency_for(moment, now=now) if moment else row.urgency,
        reply_to=context["business"]["email"],
        now=now,
        **options,
    )
