"""The same news once more: for a message that did not arrive, with a new link, to where the person is reached now."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User

from appointments.domain import links
from appointments.domain.messages import recipients
from appointments.domain.messages.sending import links_in
from appointments.enums import LinkPurpose
from appointments.models import Appointment
from notifications import channels, outbox
from notifications.models import Message
from notifications.text.values import Recipient

FEEDBACK = "feedback"
"""The secret that opens the questions after an appointment; the others open the pages of appointments."""


def tell_again(message: Message, *, now: datetime) -> Message | None:
    """By the ways that the person wants at present. None for a message that is about nothing of ours."""
    to = present_recipient(message)
    if to is None or ("appointment" not in message.true_if and outbox.secrets_of(message)):
        return None  # the link of a colleague: they ask for a new one
    return _issue(message, to, now=now)


def tell_by_another_way(message: Message, *, now: datetime) -> Message | None:
    """By the ways that come after the one that failed. None when there is none left."""
    to = present_recipient(message)
    ways = _ways_after(message.channel, channels.order(to.channels, to=to)) if to else ()
    return _issue(message, recipients.customer_of(_appointment(message), ways=ways), now=now) if ways else None


def present_recipient(message: Message) -> Recipient | None:
    """Where the person of a message is reached now; None for people whom we do not know."""
    if "appointment" in message.true_if:
        return recipients.customer_of(_appointment(message))
    if message.to_ref.startswith(recipients.COLLEAGUE):
        user = User.objects.get(pk=int(message.to_ref.removeprefix(recipients.COLLEAGUE)))
        return recipients.colleague(user, zone=message.zone)
    return None


def _issue(message: Message, to: Recipient, *, now: datetime) -> Message:
    wanted = outbox.secrets_of(message)
    appointment = _appointment(message) if wanted else None
    secrets = links_in(message.context, appointment, now=now) if appointment and wanted - {FEEDBACK} else {}
    if appointment and FEEDBACK in wanted:
        secrets[FEEDBACK] = links.issue(appointment, purpose=LinkPurpose.FEEDBACK, now=now)
    return outbox.enqueue_again(message, to=to, secrets=secrets, now=now)


def _appointment(message: Message) -> Appointment:
    return Appointment.objects.select_related("customer", "location").get(pk=message.true_if["appointment"])


def _ways_after(failed: str, ways: Sequence[str]) -> Sequence[str]:
    return ways[ways.index(failed) + 1 :] if failed in ways else ways
