"""What became of the messages about an appointment: rows of the post office, to be read only."""

from collections.abc import Iterable

from django.db.models.functions import Coalesce

from appointments.models import Appointment, RescheduleRequest
from notifications.models import Message

SHOWN = ("kind", "to_name", "channel", "state", "why", "perhaps_sent", "subject", "text", "created_at", "sent_at")


def about(appointment: Appointment, *, newest: int) -> list[Message]:
    """So many messages about it, the newest first, without what only the sender needs. One query."""
    messages = Message.objects.for_about(appointment.about).only(*SHOWN)
    return list(messages.order_by(Coalesce("sent_at", "created_at").desc(), "-pk")[:newest])


def openings(rounds: Iterable[RescheduleRequest]) -> dict[int, Message]:
    """By the id of its round: the message that opened it. One query."""
    keys = {f"offer:request:{one.pk}": one.pk for one in rounds}
    return {keys[message.key]: message for message in Message.objects.filter(key__in=keys)}
