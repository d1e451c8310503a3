"""What became of the messages about an appointment: rows of the post office, to be read only."""

from collections.abc import Iterable

from appointments.models import Appointment, RescheduleRequest
from notifications.models import Message

SHOWN = ("kind", "to_name", "channel", "state", "why", "perhaps_sent", "subject", "text", "created_at", "sent_at")


def about(appointment: Appointment) -> list[Message]:
    """Every message about it, the oldest first, without what only the sender needs. One query."""
    return list(Message.objects.for_about(appointment.about).only(*SHOWN))


def openings(rounds: Iterable[RescheduleRequest]) -> dict[int, Message]:
    """By the id of its round: the message that opened it. One query."""
    keys = {f"offer:request:{one.pk}": one.pk for one in rounds}
    return {keys[message.key]: message for message in Message.objects.filter(key__in=keys)}
