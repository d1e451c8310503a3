"""What we tell people: what each message says, from when to when it may leave, and what must be so then.

Every function writes its message in the caller's transaction, so it exists exactly when what it says is true. The
key names the business event; saying the same thing twice writes one message.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from appointments.domain import links, reaching
from appointments.domain.colleagues import name_of
from appointments.domain.messages import invites, kinds, recipients, sent
from appointments.domain.messages.context import (
    about_appointment,
    about_cancellation,
    about_danger,
    about_promise,
    about_reply,
    about_round,
    questions_afterwards,
    time_of,
    was_of,
)
from appointments.domain.messages.sending import send
from appointments.enums import AnswerKind, CallOutcome, Fault, LinkPurpose, OfferState, PromiseKind
from appointments.models import Answer, Appointment, Business, CallAttempt, Promise, Reason, RescheduleRequest
from notifications import outbox
from notifications.models import Message
from notifications.text.values import Attachment

OF_A_ROUND = ("offer", "no_time", "nudge", "expiry")
"""What is not said any more when a round has ended."""


def apologise_and_offer(round_: RescheduleRequest, *, now: datetime, again: bool = False) -> Message:
    """The message that opens a round. It leaves when the undo window has passed.

    `again`: for a round that stands once more although its first message was taken back.
    """
    return send(
        f"offer:request:{round_.pk}" + (":again" if again else ""),
        "offer",
        round_.appointment,
        about_round(round_, now=now),
        true_if={"request": round_.pk},
        moment=round_.was_starts_at,
        not_before=round_.undo_until,
        not_after=round_.respond_by,
        now=now,
    )


def no_time_yet(promise: Promise, round_: RescheduleRequest, *, now: datetime, again: bool = False) -> Message:
    """The first word of a move for which there is no time yet, and who looks for one, as `promise` says; the same of
    `apologise_and_offer` holds here.
    """
    return send(
        f"no_time:request:{round_.pk}" + (":again" if again else ""),
        "no_time",
        round_.appointment,
        {**about_round(round_, now=now), "contact": {"name": name_of(promise.owner)}, "call_by": promise.due_at},
        true_if={"request": round_.pk, "promise": promise.pk, "due_at": promise.due_at.isoformat()},
        moment=round_.was_starts_at,
        not_before=round_.undo_until,
        not_after=promise.due_at,
        now=now,
    )


def nudge(round_: RescheduleRequest, *, turn: int, now: datetime) -> Message:
    """A reminder to answer: the first by the customer's way, the second by another one when we have one."""
    to = recipients.customer_of(round_.appointment)
    return send(
        f"nudge:request:{round_.pk}:{turn}",
        "nudge",
        round_.appointment,
        about_round(round_, now=now),
        true_if={"request": round_.pk},
        not_after=round_.respond_by,
        to=recipients.by_another_way(to) if turn > 1 else to,
        now=now,
    )


def expired(round_: RescheduleRequest, *, promise: Promise, now: datetime) -> Message:
    """The time to answer has passed; a colleague phones, as `promise` says."""
    context = {
        **about_round(round_, now=now),
        "contact": {"name": name_of(promise.owner)},
        "call_by": promise.due_at,
        "still_offered": round_.offers.filter(state=OfferState.LIVE, starts_at__gt=now).exists(),
    }
    return send(
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
    return send(
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
    context = {
        **about_round(round_, now=now),
        "time": time_of(round_.appointment),
        "withdrawn": withdrawn,
        "had_times": not round_.is_without_times,
    }
    return send(
        f"kept:request:{round_.pk}",
        "kept",
        round_.appointment,
        context,
        true_if={"sequence": round_.appointment.sequence},
        not_after=round_.appointment.starts_at,
        now=now,
    )


def cancelled(
    appointment: Appointment,
    *,
    was: dict[str, Any],
    now: datetime,
    because: Reason | None = None,
    promise: Promise | None = None,
    by: User | None = None,
) -> Message:
    """It will not take place; the calendar entry goes."""
    language = appointment.customer.reads
    ics = invites.cancellation(appointment, language=language, now=now)
    due_at = promise.due_at if promise else None
    context = about_cancellation(appointment, was=was, because=because, due_at=due_at, by=by)
    return send(
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
    kind = AnswerKind.TELL if promise.kind == PromiseKind.REPLY else answer.kind
    about = {**about_promise(promise, now=now), **reaching.about(promise, now=now)}
    context = {**about, "answer": kind, "words": answer.words}
    key = f"acknowledgement:promise:{promise.pk}"
    return _about_promise(key, "acknowledgement", promise, context, now=now)


def times_gone(promise: Promise, round_: RescheduleRequest, *, now: datetime) -> Message:
    """All that we wrote of is gone: what can be chosen instead, or who looks for it. One that waits stays here."""
    outbox.cancel(now=now, about=round_.appointment.about, kinds=("times_gone",))
    context = {**about_round(round_, now=now), **about_promise(promise, now=now)}
    newest = max((one["position"] for one in context["offers"]), default=0)
    return send(
        f"times_gone:promise:{promise.pk}:{newest}",
        "times_gone",
        promise.appointment,
        context,
        true_if={"promise": promise.pk, "due_at": promise.due_at.isoformat(), "request": round_.pk},
        not_after=round_.respond_by if newest else promise.due_at,
        now=now,
    )


def not_reached(promise: Promise, attempt: CallAttempt, *, now: datetime) -> Message:
    """We phoned and reached nobody; until when `promise` says that we try again."""
    context = {
        **about_promise(promise, now=now),
        "tried_at": attempt.at,
        "wrong_number": attempt.outcome == CallOutcome.WRONG_NUMBER,
        "is_late": attempt.promise_id != promise.pk,
    }
    return _about_promise(f"not_reached:call:{attempt.pk}", "not_reached", promise, context, written=True, now=now)


def call_agreed(promise: Promise, attempt: CallAttempt, *, now: datetime) -> Message:
    """The hour that was agreed on the phone for the next call."""
    context = {**about_promise(promise, now=now), "answer": "call_later", "words": ""}
    return _about_promise(f"agreed:call:{attempt.pk}", "acknowledgement", promise, context, written=True, now=now)


def _about_promise(
    key: str, kind: str, promise: Promise, context: dict[str, Any], *, now: datetime, written: bool = False
) -> Message:
    """True while the promise stands with this hour. `written`: only by ways that nobody has to speak."""
    to = recipients.customer_of(promise.appointment)
    return send(
        key,
        kind,
        promise.appointment,
        context,
        true_if={"promise": promise.pk, "due_at": promise.due_at.isoformat()},
        not_after=promise.due_at,
        to=recipients.written(to) if written else to,
        now=now,
    )


def reply(promise: Promise, *, by: User, now: datetime) -> Message:
    """What a colleague answers to what the customer told us. Their words are quoted above ours."""
    return send(
        f"reply:promise:{promise.pk}",
        "reply",
        promise.appointment,
        about_reply(promise, promise.reply, by=by),
        true_if={"promise": promise.pk},
        now=now,
    )


def remind(appointment: Appointment, *, was: dict[str, Any] | None, now: datetime) -> Message:
    """The new time is near. Never sent after it has begun."""
    context = {**about_appointment(appointment), "time": time_of(appointment), "moved": was is not None, "was": was}
    return send(
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
    context = {**about_appointment(appointment), "time": time_of(appointment), **questions_afterwards(appointment)}
    return send(
        f"follow_up:appointment:{appointment.pk}",
        "follow_up",
        appointment,
        context,
        true_if={"follow_up": True},
        not_after=now + timedelta(days=4),
        secrets={"feedback": token},
        now=now,
    )


def escalate(first: Promise, *others: Promise, to: User, now: datetime) -> Message:
    """Tells a colleague of promises, perhaps somebody else's, that are about to break or broke; first due first."""
    return outbox.enqueue(
        key=f"escalation:promise:{first.pk}:{first.due_at:%Y%m%d%H%M}:{first.alarm}:{to.pk}",
        kind="escalation",
        to=recipients.colleague(to, zone=first.appointment.location.zone),
        context=about_danger((first, *others), to=to, now=now),
        about=first.appointment.about,
        true_if={"promises": [[one.pk, one.due_at.isoformat()] for one in (first, *others)]},
        urgency=kinds.of("escalation").urgency,
        now=now,
    )


def take_back(round_: RescheduleRequest, *, now: datetime, kinds: Sequence[str] = OF_A_ROUND) -> int:
    """Stops messages of this round that have not left. Returns how many were caught."""
    keys = [*sent.openings_of(round_), f"expiry:request:{round_.pk}"]
    keys += [f"nudge:request:{round_.pk}:{turn}" for turn in (1, 2)]
    return outbox.cancel(now=now, keys=keys, kinds=kinds)


def _invite(appointment: Appointment, business: Business, *, now: datetime) -> Attachment:
    ics = invites.request(appointment, language=appointment.customer.reads, now=now, business=business)
    return Attachment("invite.ics", ics, "text/calendar", "REQUEST")
