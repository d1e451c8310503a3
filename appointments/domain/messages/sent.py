"""What became of the messages about an appointment: rows of the post office, to be read only."""

from collections.abc import Iterable

from django.db.models.functions import Coalesce

from appointments.models import Appointment, RescheduleRequest
from notifications import channels
from notifications.enums import MessageState
from notifications.models import Message

SHOWN = ("kind", "to_name", "channel", "state", "why", "perhaps_sent", "subject", "text", "created_at", "sent_at")

STOPPED = (MessageState.CANCELLED, MessageState.DROPPED)
OPENINGS = ("offer", "no_time")
"""What opens a round: the times, or that there is none yet."""
WITH_TIMES = ("offer", "nudge", "times_gone")


def about(appointment: Appointment, *, newest: int) -> list[Message]:
    """So many messages about it, the newest first, without what only the sender needs. One query."""
    messages = Message.objects.for_about(appointment.about).only(*SHOWN)
    return list(messages.order_by(Coalesce("sent_at", "created_at").desc(), "-pk")[:newest])


def openings(rounds: Iterable[RescheduleRequest]) -> dict[int, Message]:
    """By the id of its round: the message that opened it. One query."""
    keys = {key: one.pk for one in rounds for key in openings_of(one)}
    return {keys[message.key]: message for message in Message.objects.filter(key__in=keys).order_by("pk")}


def has_left(round_: RescheduleRequest) -> bool:
    """Whether the message that opened this round stands: it waits to leave, or is out of our hands."""
    return Message.objects.filter(key__in=openings_of(round_)).exclude(state__in=STOPPED).exists()


def has_told_of_a_move(appointment: Appointment) -> bool:
    """Whether anything that opened a round of it is out of our hands, or on its way."""
    openings = Message.objects.for_about(appointment.about).filter(kind__in=OPENINGS)
    return openings.exclude(state__in=(*STOPPED, MessageState.QUEUED)).exists()


def confirmation(appointment: Appointment) -> tuple[str, bool]:
    """How it stands with the newest message that confirms a time: "coming", "sent" or "", for one that a colleague says
    or that went wrong; and whether it brings a file. One query.
    """
    messages = Message.objects.for_about(appointment.about).filter(kind="confirmation")
    newest = messages.order_by("-pk").values_list("channel", "state").first()
    if newest is None or (way := channels.get(newest[0])).spoken:
        return "", False
    told = {MessageState.QUEUED: "coming", MessageState.SENDING: "coming"}
    told |= {MessageState.SENT: "sent", MessageState.DELIVERED: "sent"}
    return told.get(MessageState(newest[1]), ""), way.letter


def can_be_written_anew(round_: RescheduleRequest) -> bool:
    """Whether it waits, and has not been written anew before."""
    states = list(Message.objects.filter(key__in=openings_of(round_)).values_list("state", flat=True))
    return states == [MessageState.QUEUED]


def openings_of(round_: RescheduleRequest) -> list[str]:
    """The keys under which the message that opens this round may stand."""
    return [f"{kind}:request:{round_.pk}{again}" for kind in OPENINGS for again in ("", ":again")]


def positions_told(round_: RescheduleRequest) -> set[int]:
    """Which of the offers of this round stand in a message to the customer."""
    about = Message.objects.filter(about=round_.appointment.about, kind__in=WITH_TIMES, true_if__request=round_.pk)
    contexts = about.exclude(state__in=STOPPED).values_list("context", flat=True)
    return {offer["position"] for context in contexts for offer in context["offers"]}
