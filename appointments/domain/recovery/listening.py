"""What is taken up by itself: complaints, bad scores, times that twice did not suit, promises broken, silence.

A sweep over the facts themselves: whatever door they came in by, each is taken up once, within a minute.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from appointments.domain.actors import SYSTEM
from appointments.domain.messages import announce
from appointments.domain.moving.feedback import BAD, QUESTIONS, owed
from appointments.domain.recovery import cases
from appointments.domain.transactions import one_transaction
from appointments.enums import AnswerKind, CaseOrigin, EventKind, PromiseKind, PromiseState
from appointments.models import Answer, Appointment, AppointmentEvent, CaseEntry, Feedback, Promise

LOOK_BACK = timedelta(days=2)
"""What lies longer ago was answered without a case, before there were any."""
FAILED_ROUNDS = 2
"""So many lists of times that did not suit, and a person talks to the customer."""


@dataclass(frozen=True)
class Heard:
    """One fact that a case begins with."""

    origin: CaseOrigin
    key: str
    appointment: Appointment
    at: datetime
    words: str = ""
    mood: str = ""
    is_rated: bool = False
    """It came with the scores, which nobody has acknowledged in writing yet."""


def listen(*, now: datetime) -> int:
    """Takes up whatever came in since. Safe to run twice at once. Returns how many facts were taken up."""
    heard = [one for source in SOURCES for one in source(now - LOOK_BACK)]
    known = set(CaseEntry.objects.filter(key__in=[one.key for one in heard]).values_list("key", flat=True))
    fresh = [one for one in sorted(heard, key=lambda one: one.at) if one.key not in known]
    return sum(_take_up(one, now=now) for one in fresh)


@one_transaction
def _take_up(one: Heard, *, now: datetime) -> bool:
    case = cases.take_up(
        one.appointment, one.origin, key=one.key, words=one.words, mood=one.mood, at=one.at, by=SYSTEM, now=now
    )
    if case is not None and one.is_rated and (promise := owed(one.appointment)):
        words = Feedback.objects.values_list("words", flat=True).get(appointment=one.appointment)
        announce.acknowledge_feedback(promise, words=words, is_bad=one.origin == CaseOrigin.SCORE, now=now)
    return case is not None


def _told(since: datetime) -> Iterable[Heard]:
    told = Answer.objects.filter(at__gte=since, kind=AnswerKind.TELL).exclude(words="")
    for one in told.exclude(_answered("request__appointment")).select_related("request__appointment"):
        yield Heard(CaseOrigin.TOLD, f"answer:{one.pk}", one.request.appointment, one.at, one.words, one.mood)


def _scores(since: datetime) -> Iterable[Heard]:
    """A bad score; and words, beside whatever score: whoever writes wants to be read, again when they write anew."""
    bad = Q(**{f"{QUESTIONS[0]}__lte": BAD}) | Q(**{f"{QUESTIONS[1]}__lte": BAD})
    rated = AppointmentEvent.objects.filter(kind=EventKind.RATED, at__gte=since).values("appointment")
    found = Feedback.objects.filter(bad | ~Q(words=""), appointment__in=rated).exclude(_answered("appointment"))
    for one in found.annotate(is_bad=Q(bad)).select_related("appointment"):
        if one.is_bad:
            yield Heard(CaseOrigin.SCORE, f"score:{one.pk}", one.appointment, one.at, is_rated=True)
        if one.words:
            key = f"words:{one.pk}:{hashlib.sha256(one.words.encode()).hexdigest()[:16]}"
            origin = CaseOrigin.SCORE if one.is_bad else CaseOrigin.TOLD
            yield Heard(origin, key, one.appointment, one.at, one.words, is_rated=True)


def _rounds(since: datetime) -> Iterable[Heard]:
    asked = Answer.objects.filter(kind=AnswerKind.OTHER_TIMES)
    often = asked.values("request__appointment").annotate(times=Count("pk")).filter(times__gte=FAILED_ROUNDS)
    of_these = asked.filter(at__gte=since, request__appointment__in=often.values("request__appointment"))
    newest: dict[int, Answer] = {}
    for one in of_these.select_related("request__appointment").order_by("at", "pk"):
        newest[one.request.appointment_id] = one
    for pk, one in newest.items():
        yield Heard(CaseOrigin.ROUNDS, f"rounds:{pk}", one.request.appointment, one.at, one.words)


def _unreached(since: datetime) -> Iterable[Heard]:
    events = AppointmentEvent.objects.filter(kind=EventKind.UNREACHABLE, at__gte=since)
    for one in events.select_related("appointment"):
        yield Heard(CaseOrigin.UNREACHED, f"unreached:{one.pk}", one.appointment, one.at)


def _broken(since: datetime) -> Iterable[Heard]:
    broken = Promise.objects.filter(broken_at__gte=since).exclude(kind=PromiseKind.HOLD)
    for one in broken.select_related("appointment"):
        yield Heard(CaseOrigin.BROKEN, f"promise:{one.pk}", one.appointment, one.broken_at or one.due_at)


def _answered(appointment: str) -> Exists:
    """Whether a colleague has answered the customer since, in writing or by phone: then it is settled."""
    ours = Promise.objects.filter(kind=PromiseKind.REPLY, state__in=(PromiseState.KEPT, PromiseState.BROKEN))
    return Exists(ours.filter(appointment=OuterRef(appointment), settled_at__gte=OuterRef("at")))


SOURCES = (_told, _scores, _rounds, _unreached, _broken)
