"""The whole story of an appointment, the newest first: events, answers, messages and calls in one line of time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from appointments.domain.colleagues import name_of
from appointments.domain.messages import sent
from appointments.enums import ActorKind, AnswerKind, EventKind
from appointments.models import Answer, Appointment, AppointmentEvent, CallAttempt, Offer
from notifications.enums import TROUBLE, MessageState

TROUBLED = (EventKind.PROMISE_BROKEN, EventKind.UNREACHABLE, EventKind.MISSED)
PROMISES = (EventKind.PROMISED, EventKind.PROMISE_KEPT)
TOLD_BETTER = (EventKind.ANSWERED, EventKind.CALLED)
"""Events that only say that there is an answer or a call, which is told by itself."""

MESSAGE_TONES = {
    MessageState.QUEUED: "held",
    MessageState.SENDING: "held",
    MessageState.SENT: "good",
    MessageState.DELIVERED: "good",
    MessageState.FAILED: "bad",
    MessageState.PARKED: "bad",
}


@dataclass(frozen=True)
class Line:
    """One thing that happened. `words` are somebody's own, `note` a remark; `before` and `after` are spans in ISO."""

    at: datetime
    title: str
    who: str
    look: str = ""
    words: str = ""
    note: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    offer: Offer | None = None
    message: sent.Message | None = None
    tone: str = ""


def story_of(appointment: Appointment) -> list[Line]:
    """Four queries, however long the story."""
    answers = list(
        Answer.objects.filter(request__appointment=appointment).select_related("offer__provider", "recorded_by")
    )
    calls = list(CallAttempt.objects.filter(promise__appointment=appointment).select_related("by"))
    told = {answer.at for answer in answers} | {call.at for call in calls}
    lines = [
        *_events(appointment, told),
        *(_answer(answer, appointment) for answer in answers),
        *(_call(call) for call in calls),
        *(_message(message) for message in sent.about(appointment)),
    ]
    # Of one moment, the fact stands above the message that tells of it.
    return sorted(lines, key=lambda line: (line.at, line.message is None), reverse=True)


def _events(appointment: Appointment, told: set[datetime]) -> Iterator[Line]:
    events: list[AppointmentEvent] = list(appointment.events.select_related("actor"))
    for event in events:
        if event.kind in TOLD_BETTER and event.at in told:
            continue
        yield Line(
            at=event.at,
            title=str(EventKind(event.kind).label),
            who=name_of(event.actor) or _who(event.actor_kind, appointment),
            look="trouble" if event.kind in TROUBLED else "promise" if event.kind in PROMISES else "",
            note=event.note,
            before=event.before or {},
            after=event.after or {},
        )


def _who(kind: str, appointment: Appointment) -> str:
    return str(appointment.customer) if kind == ActorKind.CUSTOMER else str(ActorKind(kind).label)


def _answer(answer: Answer, appointment: Appointment) -> Line:
    return Line(
        at=answer.at,
        title=str(AnswerKind(answer.kind).label),
        who=str(appointment.customer),
        look="customer",
        words=answer.words,
        note=name_of(answer.recorded_by),
        offer=answer.offer,
    )


def _call(call: CallAttempt) -> Line:
    return Line(at=call.at, title=call.get_outcome_display(), who=name_of(call.by), look="call", note=call.note)


def _message(message: sent.Message) -> Line:
    return Line(
        at=message.sent_at or message.created_at,
        title=message.subject or message.kind,
        who=message.to_name,
        look="trouble" if message.state in TROUBLE else "message",
        message=message,
        tone=MESSAGE_TONES.get(MessageState(message.state), ""),
    )
