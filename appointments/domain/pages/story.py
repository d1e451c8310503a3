"""The whole story of an appointment, the newest first: events, answers, messages and calls in one line of time.

A page of it at a time: whoever holds a customer's link can make it long.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from appointments.domain import own_words
from appointments.domain.colleagues import name_of
from appointments.domain.messages import sent
from appointments.enums import ActorKind, AnswerKind, EventKind
from appointments.models import Answer, Appointment, AppointmentEvent, CallAttempt, Offer
from notifications.enums import TROUBLE, MessageState

LINES = 30
"""On one page of a story."""

TROUBLED = (EventKind.PROMISE_BROKEN, EventKind.UNREACHABLE, EventKind.MISSED)
PROMISES = (EventKind.PROMISED, EventKind.PROMISE_KEPT)
TOLD_BETTER = (EventKind.ANSWERED, EventKind.CALLED)
"""Events that only say that there is an answer or a call, which is told by itself."""

BY_THEMSELVES = {
    EventKind.MOVED: _("moved by the customer on the page"),
    EventKind.CANCELLED: _("cancelled by the customer on the page"),
    EventKind.REINSTATED: _("cancellation taken back by the customer on the page"),
}

MESSAGE_TONES = {
    MessageState.QUEUED: "held",
    MessageState.SENDING: "held",
    MessageState.SENT: "good",
    MessageState.DELIVERED: "good",
    MessageState.BOUNCED: "bad",
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


@dataclass(frozen=True)
class Story:
    """One page of it; `older` and `newer` are the numbers of the pages before and after it in time, 0 for none."""

    lines: list[Line]
    older: int = 0
    newer: int = 0


def story_of(appointment: Appointment, *, page: int = 1) -> Story:
    """Four queries, however long the story."""
    until = page * LINES
    lines = [
        *_events(appointment, newest=until + 1),
        *_answers(appointment, newest=until + 1),
        *_calls(appointment, newest=until + 1),
        *_messages(appointment, newest=until + 1),
    ]
    # Of one moment, the fact stands above the message that tells of it.
    lines.sort(key=lambda line: (line.at, line.message is None), reverse=True)
    return Story(lines[until - LINES : until], older=page + 1 if len(lines) > until else 0, newer=page - 1)


def _events(appointment: Appointment, *, newest: int) -> Iterator[Line]:
    answers = Answer.objects.filter(request__appointment=appointment, at=OuterRef("at"))
    calls = CallAttempt.objects.filter(promise__appointment=appointment, at=OuterRef("at"))
    told_better = Q(kind__in=TOLD_BETTER) & (Exists(answers) | Exists(calls))
    events = appointment.events.exclude(told_better).select_related("actor", "request__reason").order_by("-at", "pk")
    found: list[AppointmentEvent] = list(events[:newest])
    for event in found:
        yield Line(
            at=event.at,
            title=_title(event),
            who=name_of(event.actor) or _who(event.actor_kind, appointment),
            look="trouble" if event.kind in TROUBLED else "promise" if event.kind in PROMISES else "",
            note=own_words.note_of(event),
            before=event.before or {},
            after=event.after or {},
        )


def _title(event: AppointmentEvent) -> str:
    """What a customer has done without being asked is told from what they chose of our times."""
    is_theirs = event.actor_kind == ActorKind.CUSTOMER and event.request and event.request.is_by_themselves
    if is_theirs and event.kind in BY_THEMSELVES:
        return str(BY_THEMSELVES[EventKind(event.kind)])
    return str(EventKind(event.kind).label)


def _who(kind: str, appointment: Appointment) -> str:
    return str(appointment.customer) if kind == ActorKind.CUSTOMER else str(ActorKind(kind).label)


def _answers(appointment: Appointment, *, newest: int) -> Iterator[Line]:
    answers = Answer.objects.filter(request__appointment=appointment).order_by("-at", "-pk")
    for answer in answers.select_related("offer__provider", "recorded_by")[:newest]:
        yield _answer(answer, appointment)


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


def _calls(appointment: Appointment, *, newest: int) -> Iterator[Line]:
    calls = CallAttempt.objects.filter(promise__appointment=appointment).order_by("-at", "-pk")
    for call in calls.select_related("by")[:newest]:
        yield Line(at=call.at, title=call.get_outcome_display(), who=name_of(call.by), look="call", note=call.note)


def _messages(appointment: Appointment, *, newest: int) -> Iterator[Line]:
    for message in sent.about(appointment, newest=newest):
        yield _message(message)


def _message(message: sent.Message) -> Line:
    return Line(
        at=message.sent_at or message.created_at,
        title=message.subject or message.kind,
        who=message.to_name,
        look="trouble" if message.state in TROUBLE else "message",
        message=message,
        tone=MESSAGE_TONES.get(MessageState(message.state), ""),
    )
