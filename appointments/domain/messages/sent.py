"""What became of the messages about an appointment: rows of the post office, to be read only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from appointments.domain.messages.recipients import COLLEAGUE
from appointments.models import Appointment, Promise, RescheduleRequest
from appointments.models.disruption import AffectedQuerySet
from notifications import channels
from notifications.enums import ARRIVED, TROUBLE, Channel, MessageState
from notifications.models import DeliveryAttempt, Message

SHOWN = ("kind", "to_name", "channel", "state", "why", "perhaps_sent", "subject", "text", "created_at", "sent_at")

STOPPED = (MessageState.CANCELLED, MessageState.DROPPED)
UNDER_WAY = (MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED)
OPENINGS = ("offer", "no_time", "running_late")
"""What opens a round: the times, that there is none yet, or a later hour."""
WITH_TIMES = ("offer", "nudge", "times_gone", "false_alarm")
_OPENS = re.compile(rf"(?:{'|'.join(OPENINGS)}):request:(\d+)")
"""How the keys of all messages that open a round begin, also of those that tell it again."""


@dataclass(frozen=True)
class Opening:
    """What became of a message that opened a round, without its words. One that `is_spoken` by a colleague tells
    nobody anything by having left.
    """

    way: str
    state: MessageState
    sent_at: datetime | None
    why: str
    is_spoken: bool

    @property
    def is_under_way(self) -> bool:
        """Whether it waits to leave, or has left and has not come back."""
        return self.state in UNDER_WAY and not self.is_spoken

    @property
    def has_arrived(self) -> bool:
        """Whether somebody else has said so: then it was not only handed on."""
        return self.state == MessageState.DELIVERED

    @property
    def is_in_trouble(self) -> bool:
        return self.state in TROUBLE


def written_between(first: datetime, last: datetime) -> Iterable[tuple[int, datetime]]:
    """The appointment that each message to its customer was about, written then and not taken back, and when; not what
    colleagues read or say. One query.
    """
    rows = Message.objects.filter(created_at__gte=first, created_at__lte=last, about__startswith="appointment:")
    rows = rows.exclude(kind="escalation").exclude(channel=Channel.CALL)
    for about_, at in rows.exclude(state__in=STOPPED).values_list("about", "created_at").iterator():
        yield int(about_.partition(":")[2]), at


def written_about(appointments: Iterable[Appointment]) -> set[int]:
    """The ids of those about which anything was ever written, whether it has left or not."""
    ids = {appointment.about: appointment.pk for appointment in appointments}
    names = list(ids)
    found: set[str] = set()
    for first in range(0, len(names), 500):
        found |= set(Message.objects.filter(about__in=names[first : first + 500]).values_list("about", flat=True))
    return {ids[name] for name in found}


def about(appointment: Appointment, *, newest: int) -> list[Message]:
    """So many messages about it, the newest first, without what only the sender needs. Two queries."""
    messages = Message.objects.filter(_about(appointment)).only(*SHOWN)
    return list(messages.order_by(Coalesce("sent_at", "created_at").desc(), "-pk")[:newest])


class Arrival(NamedTuple):
    """When a message left, and by which way."""

    at: datetime
    channel: str


def openings(rounds: Iterable[RescheduleRequest]) -> dict[int, Message]:
    """By the id of its round: the message that opened it. One query."""
    told = _by_key(rounds)
    messages = Message.objects.filter(key__in=told).order_by("pk")
    return {pk: message for message in messages for pk in told[message.key]}


def arrivals(rounds: Iterable[RescheduleRequest]) -> dict[int, Arrival]:
    """By the id of its round: the first message that opened it, or was written in its place, and has not come back.

    What a colleague is to say is none. One query, and one more for each time that any of them was written anew.
    """
    told = _by_key(rounds)
    facts = ("pk", "state", "channel", "sent_at")
    found: dict[int, Arrival] = {}
    rows = Message.objects.filter(key__in=told).values_list("key", *facts)
    written = [(told[key], *row) for key, *row in rows]
    while written:
        for rounds_told, _pk, state, channel, sent_at in written:
            if state in ARRIVED and not channels.get(channel).spoken:
                for pk in rounds_told:
                    found[pk] = min(found.get(pk, Arrival(sent_at, channel)), Arrival(sent_at, channel))
        before = {pk: rounds_told for rounds_told, pk, *_fact in written}
        rows = Message.objects.filter(replaces__in=before).values_list("replaces", *facts)
        written = [(before[replaced], *row) for replaced, *row in rows]
    return found


def is_under_way() -> Exists:
    """Of a row of rounds: whether a message that opens it, be it told with another one, waits to leave, or has left and
    has not come back. What a colleague is to say is none.
    """
    lead = Cast(Coalesce(OuterRef("told_with"), OuterRef("pk")), CharField())
    about = Cast(Coalesce(OuterRef("told_with__appointment"), OuterRef("appointment")), CharField())
    start = Concat("kind", Value(":request:"), lead)
    messages = Message.objects.filter(
        about=Concat(Value("appointment:"), about), kind__in=OPENINGS, state__in=UNDER_WAY
    )
    written = messages.exclude(channel__in=channels.spoken()).annotate(start=start)
    return Exists(written.filter(Q(key=F("start")) | Q(key__startswith=Concat("start", Value(":")))))


def have_left(rounds: Iterable[RescheduleRequest]) -> set[int]:
    """The ids of those whose opening message is out of our hands, or on its way. One query."""
    told = _by_key(rounds)
    messages = Message.objects.filter(key__in=told).exclude(state__in=(*STOPPED, MessageState.QUEUED))
    return {pk for key in messages.values_list("key", flat=True) for pk in told[key]}


def lost(rounds: Iterable[RescheduleRequest]) -> int:
    """How many messages that open these rounds did not arrive, whatever was done about it. One query."""
    return Message.objects.filter(key__in=_by_key(rounds), state__in=TROUBLE).count()


def _by_key(rounds: Iterable[RescheduleRequest]) -> dict[str, list[int]]:
    told: dict[str, list[int]] = {}
    for one in rounds:
        for key in openings_of(one):
            told.setdefault(key, []).append(one.pk)
    return told


def newest_openings(rounds: Iterable[RescheduleRequest]) -> dict[int, Opening]:
    """By the id of its round the newest message that opened it, be it told with another one or again by another way.
    One query.
    """
    leads = {one.pk: one.told_with or one for one in rounds}
    abouts = {lead.appointment.about for lead in leads.values()}
    found: dict[int, Opening] = {}
    messages = Message.objects.filter(about__in=abouts, kind__in=OPENINGS).order_by("pk")
    for message in messages.only("key", "channel", "state", "sent_at", "why"):
        if opens := _OPENS.match(message.key):
            found[int(opens[1])] = _opening(message)
    return {pk: found[lead.pk] for pk, lead in leads.items() if lead.pk in found}


def _opening(message: Message) -> Opening:
    return Opening(
        way=message.get_channel_display(),
        state=MessageState(message.state),
        sent_at=message.sent_at,
        why=message.why,
        is_spoken=channels.get(message.channel).spoken,
    )


def states_of_openings(hit: AffectedQuerySet) -> QuerySet[Message, tuple[str, int, int]]:
    """(state, newest id, count) of what opened rounds of these appointments: changes whenever one of them does."""
    abouts = hit.annotate(ref=Concat(Value("appointment:"), Cast("appointment_id", CharField()))).values("ref")
    messages = Message.objects.filter(about__in=abouts, kind__in=OPENINGS).order_by()
    return messages.values_list("state").annotate(newest=Max("pk"), count=Count("pk"))


def has_left(round_: RescheduleRequest) -> bool:
    """Whether the message that opened this round stands: it waits to leave, or is out of our hands."""
    return Message.objects.filter(key__in=openings_of(round_)).exclude(state__in=STOPPED).exists()


def has_told_hour(promise: Promise) -> bool:
    """Whether a message has left, and has not come back, that says by when we do what we promised: else the customer
    knows of no hour.
    """
    rows = Message.objects.filter(_about(promise.appointment), state__in=ARRIVED, true_if__promise=promise.pk)
    said = (true_if.get("due_at") for true_if in rows.values_list("true_if", flat=True))
    return any(one and datetime.fromisoformat(one) == promise.due_at for one in said)


def has_told_of_a_move(appointment: Appointment) -> bool:
    """Whether anything that opened a round of it is out of our hands, or on its way."""
    openings = Message.objects.filter(_about(appointment), kind__in=OPENINGS)
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
    """The keys under which the message that opens this round may stand, be it told with another one."""
    return _openings(int(round_.told_with_id or round_.pk))


def _openings(pk: int) -> list[str]:
    return [f"{kind}:request:{pk}{again}" for kind in OPENINGS for again in ("", ":again")]


def _about(appointment: Appointment) -> Q:
    """What is written about it, also in a message that speaks of another one first."""
    leads = appointment.requests.filter(told_with__isnull=False).values_list("told_with", flat=True)
    return Q(about=appointment.about) | Q(key__in=[key for pk in leads if pk for key in _openings(pk)])


def about_any(*, appointments: QuerySet[Any], colleagues: QuerySet[Any], invitations: QuerySet[Any]) -> Q:
    """The messages about one of these; of none of them is a message that only tries out whether mail arrives."""
    found = {"appointment:": appointments, COLLEAGUE: colleagues, "invitation:": invitations}
    refs = (
        rows.order_by().annotate(ref=Concat(Value(prefix), Cast("pk", CharField()))).values("ref")
        for prefix, rows in found.items()
    )
    return reduce(or_, (Q(about__in=one) for one in refs))


def positions_told(round_: RescheduleRequest) -> set[int]:
    """Which of the offers of this round stand in a message to the customer."""
    own = Q(about=round_.appointment.about, kind__in=WITH_TIMES, true_if__request=round_.pk)
    shared = Q(key__in=openings_of(round_) if round_.told_with_id else ())
    contexts = Message.objects.filter(own | shared).exclude(state__in=STOPPED).values_list("context", flat=True)
    return {offer["position"] for context in contexts for offer in _part_of(context, round_)["offers"]}


def _part_of(context: dict[str, Any], round_: RescheduleRequest) -> dict[str, Any]:
    """What a message says about this round: all of it, unless it is told with another one."""
    parts = [one for one in context.get("besides", ()) if one["request"] == round_.pk]
    return parts[0] if parts else context


def sources_of_news() -> dict[str, QuerySet[Any]]:
    """Where a new row stands whenever a message is written, leaves, or comes back."""
    return {"messages": Message.objects.all(), "attempts": DeliveryAttempt.objects.all()}
