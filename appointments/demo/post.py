"""What became of messages of the past. They were written by the product itself and are never sent again."""

from datetime import datetime, timedelta

from appointments.domain.moving import undelivered
from appointments.models import Appointment
from notifications import outbox
from notifications.enums import MessageState, Outcome
from notifications.models import DeliveryAttempt, Message

BOUNCED = "550 5.1.1 The email account that you tried to reach does not exist."
UNDER_WAY = timedelta(seconds=2)


def deliver(appointment: Appointment, *, until: datetime) -> datetime | None:
    """Marks as sent what was due by `until`, each at its own time. Returns when the last one left."""
    left = None
    due = Message.objects.filter(about=appointment.about, state=MessageState.QUEUED, due_at__lte=until)
    for message in due.only("pk", "channel", "due_at").order_by("due_at"):
        left = message.due_at + UNDER_WAY
        _attempt(message, Outcome.SENT, at=left)
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.SENT, sent_at=left, attempts=1, mime=None, secrets={}
        )
    return left


def bounce(appointment: Appointment, kind: str, *, now: datetime) -> bool:
    """The message of `kind` came back, so somebody owes the customer a word in another way. False if there is none."""
    message = Message.objects.filter(about=appointment.about, kind=kind, state=MessageState.QUEUED).first()
    if message is None:
        return False
    _attempt(message, Outcome.REFUSED, at=now, detail=BOUNCED)
    message.state, message.why, message.attempts = MessageState.FAILED, BOUNCED, 1
    message.secrets, message.mime = {}, None
    message.save(update_fields=["state", "why", "attempts", "secrets", "mime"])
    undelivered.phone_instead(message.true_if, kind=message.kind, why=BOUNCED, now=now)
    return True


def put_into_words(appointment: Appointment) -> None:
    """What was left to whoever delivers it, for there were many at once."""
    for message in Message.objects.filter(about=appointment.about, state=MessageState.QUEUED, text=""):
        outbox.prepare(message)
        message.save(update_fields=["subject", "text", "html", "mime"])


def make_due(appointment: Appointment, *, now: datetime) -> int:
    """What is still to be sent is due now at the latest, so that no monitor takes a young demo for an old jam."""
    return Message.objects.filter(about=appointment.about, state=MessageState.QUEUED, due_at__lt=now).update(due_at=now)


def _attempt(message: Message, outcome: Outcome, *, at: datetime, detail: str = "") -> None:
    DeliveryAttempt.objects.create(
        message=message,
        at=at,
        channel=message.channel,
        outcome=outcome,
        detail=detail,
        duration_ms=180 + message.pk % 400,
    )
