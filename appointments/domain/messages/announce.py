"""What we tell people: builds what a text needs and hands it to the post office. Nobody else does.

Every function writes its message in the caller's transaction, so it exists exactly when what it says is true. The
key names the business event; saying the same thing twice writes one message.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation

from appointments.domain import links
from appointments.domain.colleagues import name_of
from appointments.domain.messages import invites, kinds, recipients
from appointments.domain.messages.context import (
    about_appointment,
    about_reply,
    about_round,
    address,
    time_of,
    was_of,
)
from appointments.enums import AnswerKind, Fault, LinkPurpose, OfferState, PromiseKind
from appointments.models import Answer, Appointment, Business, Promise, RescheduleRequest
from notifications import outbox
from notifications.enums import MessageState
from notifications.models import Message
from notifications.text.values import Attachment, Recipient


def apologise_and_offer(round_: RescheduleRequest, *, now: datetime, again: bool = False) -> Message:
    """The message that opens a round. It leaves when the undo window has passed.

    `again`: for a round that stands once more although its first message was taken back.
    """
    appointment = round_.appointment
    return _send(
        f"offer:request:{round_.pk}" + (":again" if again else ""),
        "offer",
        appointment,
        about_round(round_),
        true_if={"request": round_.pk},
        moment=round_.was_starts_at,
        not_before=round_.undo_until,
        not_after=round_.respond_by,
        now=now,
    )


def nudge(round_: RescheduleRequest, *, turn: int, now: datetime) -> Message:
    """A reminder to answer: the first by the customer's way, the second by another one when we have one."""
    to = recipients.customer_of(round_.appointment)
    return _send(
        f"nudge:request:{round_.pk}:{turn}",
        "nudge",
        round_.appointment,
        about_round(round_),
        true_if={"request": round_.pk},
        not_after=round_.respond_by,
        to=recipients.by_another_way(to) if turn > 1 else to,
        now=now,
    )


def expired(round_: RescheduleRequest, *, promise: Promise, now: datetime) -> Message:
    """The time to answer has passed; a colleague phones, as `promise` says."""
    context = {
        **about_round(round_),
        "contact": {"name": name_of(promise.owner)},
        "call_by": promise.due_at,
        "still_offered": round_.offers.filter(state=OfferState.LIVE, starts_at__gt=now).exists(),
    }
    return _send(
        f"expiry:request:{round_.pk}",
        "expiry",
        round_.appointment,
        context,
        true_if={"request": round_.pk},
        now=now,
    )


def confirm_move(round_: RescheduleRequest, *, by_phone: bool, now: datetime) -> Message:
    """The new time, with the calendar entry that moves the old one."""
    appointment, business = round_.appointment, Business.current()
    context = {
        **about_appointment(appointment, contact=name_of(round_.contact), business=business),
        "was": was_of(round_),
        "by_phone": by_phone,
        "by_us": round_.reason.fault == Fault.OURS,
        "time": time_of(appointment),
        "follow": appointment.customer.wants_follow_up,
    }
    return _send(
        f"confirmation:appointment:{appointment.pk}:{appointment.sequence}",
        "confirmation",
        appointment,
        context,
        true_if={"sequence": appointment.sequence},
        not_after=appointment.starts_at,
        attachments=[_invite(appointment, business, now=now)],
        now=now,
    )


def original_stands(round_: RescheduleRequest, *, withdrawn: bool, now: datetime) -> Message:
    """The customer keeps the first time, or we took our offers back."""
    context = {**about_round(round_), "time": time_of(round_.appointment), "withdrawn": withdrawn}
    return _send(
        f"kept:request:{round_.pk}",
        "kept",
        round_.appointment,
        context,
        true_if={"sequence": round_.appointment.sequence},
        not_after=round_.appointment.starts_at,
        now=now,
    )


def cancelled(
    appointment: Appointment, *, was: dict[str, Any], by_customer: bool, contact: str, now: datetime
) -> Message:
    """It will not take place; the calendar entry goes."""
    language = appointment.customer.reads
    ics = invites.cancellation(appointment, language=language, now=now)
    context = {**about_appointment(appointment, contact=contact), "was": was, "by_customer": by_customer}
    return _send(
        f"cancellation:appointment:{appointment.pk}:{appointment.sequence}",
        "cancellation",
        appointment,
        context,
        true_if={"sequence": appointment.sequence, "state": appointment.state},
        attachments=[Attachment("invite.ics", ics, "text/calendar", "CANCEL")],
        now=now,
    )


def acknowledge(answer: Answer, promise: Promise, *, now: datetime) -> Message:
    """We have heard it; who comes back, and by when. Once for each promise, however often the customer asks."""
    context = {
        **about_appointment(promise.appointment, contact=name_of(promise.owner)),
        "answer": AnswerKind.TELL if promise.kind == PromiseKind.REPLY else answer.kind,
        "words": answer.words,
        "choose": answer.request.offers.filter(state=OfferState.LIVE, starts_at__gt=now).exists(),
        "promise_due": promise.due_at,
        "case": answer.request.case_number,
    }
    return _send(
        f"acknowledgement:promise:{promise.pk}",
        "acknowledgement",
        promise.appointment,
        context,
        true_if={"promise": promise.pk},
        not_after=promise.due_at,
        now=now,
    )


def reply(promise: Promise, *, by: User, now: datetime) -> Message:
    """What a colleague answers to what the customer told us. Their words are quoted above ours."""
    return _send(
        f"reply:promise:{promise.pk}",
        "reply",
        promise.appointment,
        about_reply(promise, promise.reply, by=by),
        true_if={"promise": promise.pk},
        now=now,
    )


def remind(appointment: Appointment, *, was: dict[str, Any] | None, now: datetime) -> Message:
    """The new time is near. Never sent after it has begun."""
    context = {
        **about_appointment(appointment),
        "time": time_of(appointment),
        "moved": was is not None,
        "was": was,
    }
    return _send(
        f"reminder:appointment:{appointment.pk}:{appointment.sequence}",
        "reminder",
        appointment,
        context,
        true_if={"sequence": appointment.sequence},
        not_after=appointment.starts_at - timedelta(minutes=30),
        now=now,
    )


def follow_up(appointment: Appointment, *, now: datetime) -> Message:
    """Two questions after the new time: how we handled it, how it ended."""
    token = links.issue(appointment, purpose=LinkPurpose.FEEDBACK, now=now)
    page = address("feedback", "[[feedback]]")
    context = {
        **about_appointment(appointment),
        "time": time_of(appointment),
        "questions": [{"key": key, "url": f"{page}?ask={key}"} for key in ("handling", "outcome")],
        "unsubscribe_url": address("no-more-questions", "[[feedback]]"),
    }
    return _send(
        f"follow_up:appointment:{appointment.pk}",
        "follow_up",
        appointment,
        context,
        true_if={"follow_up": True},
        not_after=now + timedelta(days=4),
        secrets={"feedback": token},
        now=now,
    )


def escalate(promise: Promise, *, now: datetime) -> Message | None:
    """Tells the owner that a promise is about to break. None when the owner has no address; the desk shows it too."""
    owner = promise.owner
    if not owner.email:
        return None
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        context = {
            **about_appointment(promise.appointment, contact=name_of(owner), language=language),
            "promise": {"kind": promise.get_kind_display(), "due_at": promise.due_at, "details": promise.details},
            "desk_url": address("promise", promise.pk),
            "page_url": "",  # the customer's page is opened by a secret that no colleague needs
        }
    return outbox.enqueue(
        key=f"escalation:promise:{promise.pk}",
        kind="escalation",
        to=recipients.owner_of(promise),
        context=context,
        about=promise.appointment.about,
        true_if={"promise": promise.pk},
        urgency=kinds.of("escalation").urgency,
        now=now,
    )


def take_back(round_: RescheduleRequest, *, now: datetime, kinds: Sequence[str] = ("offer", "nudge", "expiry")) -> int:
    """Stops messages of this round that have not left. Returns how many were caught."""
    keys = [f"offer:request:{round_.pk}", f"offer:request:{round_.pk}:again", f"expiry:request:{round_.pk}"]
    keys += [f"nudge:request:{round_.pk}:{turn}" for turn in (1, 2)]
    return outbox.cancel(now=now, keys=keys, kinds=kinds)


def has_left(round_: RescheduleRequest) -> bool:
    """Whether the message that opened this round is out of our hands."""
    keys = [f"offer:request:{round_.pk}", f"offer:request:{round_.pk}:again"]
    return (
        Message.objects.filter(key__in=keys).exclude(state__in=(MessageState.CANCELLED, MessageState.DROPPED)).exists()
    )


def _send(
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


def _invite(appointment: Appointment, business: Business, *, now: datetime) -> Attachment:
    ics = invites.request(appointment, language=appointment.customer.reads, now=now, business=business)
    return Attachment("invite.ics", ics, "text/calendar", "REQUEST")
