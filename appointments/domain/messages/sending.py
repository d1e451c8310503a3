"""How a message to a customer gets into the outbox: with a link of its own, as urgent as its kind, true or not sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appointments.domain import links
from appointments.domain.messages import kinds, recipients
from appointments.domain.messages.addresses import LINK, link_of, link_to
from appointments.enums import LinkPurpose
from appointments.models import Appointment, RescheduleRequest
from notifications import outbox
from notifications.models import Message
from notifications.text.values import Recipient


def links_in(context: Mapping[str, Any], appointment: Appointment, *, now: datetime) -> dict[str, str]:
    """A new link for the appointment that a message is about, and for each that it tells of besides."""
    keys = {LINK: links.issue(appointment, purpose=LinkPurpose.ANSWER, now=now)}
    rounds = [one["request"] for one in context.get("besides", ())]
    for round_ in RescheduleRequest.objects.filter(pk__in=rounds).select_related("appointment") if rounds else ():
        keys[link_of(round_)] = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=now)
    also = [one["appointment"] for one in context.get("also", ())]
    for other in Appointment.objects.filter(pk__in=also) if also else ():
        keys[link_to(other.pk)] = links.issue(other, purpose=LinkPurpose.ANSWER, now=now)
    return keys


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
    row = kinds.of(kind)
    return outbox.enqueue(
        key=key,
        kind=kind,
        to=to or recipients.customer_of(appointment),
        context=context,
        about=appointment.about,
        true_if={"appointment": appointment.pk, **true_if},
        secrets={**links_in(context, appointment, now=now), **(secrets or {})},
        urgency=row.urgency_for(moment, now=now) if moment else row.urgency,
        reply_to=context["business"]["email"],
        now=now,
        **options,
    )
