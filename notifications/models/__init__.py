"""The tables of the post office: the outbox with its books, and how a business words its messages."""

from notifications.models.outbox import (
    RIPE_SINCE,
    DeliveryAttempt,
    Epoch,
    Heartbeat,
    Message,
    MessageQuerySet,
    mail_host,
    new_message_id,
)
from notifications.models.wording import Wording

__all__ = [
    "RIPE_SINCE",
    "DeliveryAttempt",
    "Epoch",
    "Heartbeat",
    "Message",
    "MessageQuerySet",
    "Wording",
    "mail_host",
    "new_message_id",
]
