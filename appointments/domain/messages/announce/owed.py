"""What we have promised, to its customer and to the colleague who owes it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from appointments.domain import links, reaching
from appointments.domain.colleagues import name_of
from appointments.domain.messages import kinds, recipients
from appointments.domain.messages.context import about_appointment
from appointments.domain.messages.context_of_promises import (
    about_danger,
    about_final_check,
    about_promise,
    about_reply,
)
from appointments.domain.messages.sending import send
from appointments.enums import AnswerKind, CallOutcome, LinkPurpose, PromiseKind
from appointments.models import Answer, CallAttempt, Promise, RecoveryCase
from notifications import outbox
from notifications.models import Message

FINAL_CHECK_WITHIN = timedelta(days=4)
"""Whoever could not be asked by then is not asked about something long past."""


def acknowledge(answer: Answer, promise: Promise, *, now: datetime) -> Message:
    """We have heard it; who comes back, and by when. Once for each promise, however often the customer asks."""
    kind = AnswerKind.TELL if promise.kind == PromiseKind.REPLY else answer.kind
    about = {**about_promise(promise, now=now), **reaching.about(promise, now=now)}
    context = {**about, "answer": kind, "words": answer.words}
    key = f"acknowledgement:promise:{promise.pk}"
    return _about_promise(key, "acknowledgement", promise, context, now=now)


def acknowledge_feedback(promise: Promise, *, words: str, is_bad: bool, now: datetime) -> Message:
    """We have read the scores, and the `words` beside them: that we are sorry for a bad one, who answers, by when."""
    about = {**about_promise(promise, now=now), **reaching.about(promise, now=now)}
    context = {**about, "answer": "score" if is_bad else AnswerKind.TELL, "words": words}
    return _about_promise(f"acknowledgement:promise:{promise.pk}", "acknowledgement", promise, context, now=now)


def not_reached(promise: Promise, attempt: CallAttempt, *, now: datetime) -> Message:
    """We phoned and reached nobody; until when `promise` says that we try again."""
    context = {
        **about_promise(promise, now=now),
        "tried_at": attempt.at,
        "wrong_number": attempt.outcome == CallOutcome.WRONG_NUMBER,
        "is_late": attempt.promise_id != promise.pk,
    }
    return _about_promise(f"not_reached:call:{attempt.pk}", "not_reached", promise, context, written=True, now=now)


def needs_longer(promise: Promise, *, was: datetime, now: datetime) -> Message:
    """We will not manage by the hour we said, `was`, which has not passed yet; the new one, and that we are sorry."""
    context = {**about_promise(promise, now=now), **reaching.about(promise, now=now), "due_was": was}
    context["promise"] = promise.kind
    return _about_promise(f"needs_longer:promise:{promise.pk}", "needs_longer", promise, context, written=True, now=now)


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


def reply(promise: Promise, *, by: User, not_before: datetime, now: datetime) -> Message:
    """What a colleague answers to what the customer told us. Their words are quoted above ours. It waits until
    `not_before`, so that it can be taken back.
    """
    return send(
        outbox.free(f"reply:promise:{promise.pk}"),
        "reply",
        promise.appointment,
        about_reply(promise, promise.reply, by=by),
        true_if={"promise": promise.pk},
        not_before=not_before,
        now=now,
    )


def take_back_reply(promise: Promise, *, now: datetime) -> bool:
    """Stops our answer, if it has not left. False when it is too late for that."""
    return bool(outbox.cancel(now=now, keys=[f"reply:promise:{promise.pk}"]))


def handed_over(case: RecoveryCase, promise: Promise, *, now: datetime) -> Message:
    """Another colleague looks after a complaint: who, that nothing has to be said twice, and that `promise` holds."""
    context = {
        **about_appointment(case.appointment, contact=name_of(case.owner)),
        "case": case.number,
        "promise_due": promise.due_at,
    }
    return send(
        f"handed_over:case:{case.pk}:{case.owner_id}:{now:%Y%m%d%H%M%S}",
        "handed_over",
        case.appointment,
        context,
        true_if={"case": case.pk, "owner": case.owner_id},
        not_after=promise.due_at,
        now=now,
    )


def check_finally(case: RecoveryCase, *, now: datetime) -> Message:
    """After the end of a complaint: did our answer help? One tap. Once for each time it is closed."""
    token = links.issue(case.appointment, purpose=LinkPurpose.FEEDBACK, now=now)
    return send(
        f"final_check:case:{case.pk}:{case.reopened}",
        "final_check",
        case.appointment,
        about_final_check(case),
        true_if={"case": case.pk},
        not_after=now + FINAL_CHECK_WITHIN,
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
