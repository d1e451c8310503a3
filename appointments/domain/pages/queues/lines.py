"""One line of a queue: who, by when, what it is about, who has it, and the one thing to do next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Prefetch, TextChoices

from appointments.domain import affected
from appointments.domain.messages import failed, sent
from appointments.domain.pages.queues.kinds import Queue
from appointments.domain.pages.queues.sources import APPOINTMENTS, CASES, NEVER, PROMISES, ROUNDS, Source
from appointments.enums import AppointmentState, PromiseKind
from appointments.models import AffectedAppointment, Appointment, Promise, RecoveryCase, RescheduleRequest
from appointments.models.appointment import AppointmentQuerySet
from appointments.models.promise import CALL_KINDS, PromiseQuerySet
from appointments.models.recovery import CaseQuerySet
from appointments.models.rescheduling import RequestQuerySet


class Step(TextChoices):
    """What a colleague does with it now."""

    PHONE = "phone"
    ANSWER = "answer"
    FIND_TIMES = "find_times"
    SEND_AGAIN = "send_again"
    PUT_RIGHT = "put_right"
    LOOK = "look"


@dataclass(frozen=True)
class Line:
    """`row` is the promise, the proposal, the complaint or the appointment; `promise` the one that is open about it, if
    one is.

    `due_at`: by when; of an appointment that has to move, when it begins; None of a complaint for which nothing is
    owed. `failed`: what did not arrive, the newest first. `hits`: what stands in its way.
    """

    row: Any
    appointment: Appointment
    due_at: datetime | None
    step: Step
    owner: User | None = None
    promise: Promise | None = None
    round: RescheduleRequest | None = None
    opening: Any = None
    case: RecoveryCase | None = None
    failed: Sequence[Any] = ()
    hits: Sequence[AffectedAppointment] = ()
    is_untold: bool = False

    @property
    def pk(self) -> int:
        return int(self.row.pk)

    @property
    def can_be_taken(self) -> bool:
        """Whether it can be handed to a colleague: what we promised can."""
        return isinstance(self.row, Promise)


def lines(queue: Queue, pks: Sequence[int], *, now: datetime) -> list[Line]:
    """The lines of these rows, in this order; who has gone meanwhile is left out. A constant number of queries."""
    found = {one.pk: one for one in _READERS[queue.source](queue, pks, now=now)}
    return [found[pk] for pk in pks if pk in found]


def _of_promises(queue: Queue, pks: Sequence[int], *, now: datetime) -> Iterable[Line]:
    promises: PromiseQuerySet = queue.source.rows().filter(pk__in=pks)  # type: ignore[assignment]
    for promise in promises.for_display().with_attempts():
        yield Line(
            row=promise,
            appointment=promise.appointment,
            due_at=promise.due_at,
            step=_step_of(promise, now=now),
            owner=promise.owner,
            promise=promise,
            round=promise.request,
        )


def _step_of(promise: Promise, *, now: datetime) -> Step:
    if promise.kind == PromiseKind.REPLY:
        return Step.ANSWER
    if promise.kind == PromiseKind.FIND_TIMES and _can_be_moved(promise.appointment, now=now):
        return Step.FIND_TIMES
    waits_for_them = promise.kind == PromiseKind.ANSWER_OR_CALL and promise.request and not promise.request.expired_at
    return Step.LOOK if waits_for_them else Step.PHONE


def _can_be_moved(appointment: Appointment, *, now: datetime) -> bool:
    return appointment.state == AppointmentState.BOOKED and appointment.starts_at > now


def _of_rounds(queue: Queue, pks: Sequence[int], *, now: datetime) -> Iterable[Line]:
    found: RequestQuerySet = queue.source.rows().filter(pk__in=pks)  # type: ignore[assignment]
    rounds = list(found.for_display())
    opening, owed = sent.newest_openings(rounds), _owed(one.appointment_id for one in rounds)
    for one in rounds:
        told, promise = opening.get(one.pk), owed.get(one.appointment_id)
        has_to_be_phoned = promise is not None and (one.expired_at or (told is not None and told.is_in_trouble))
        yield Line(
            row=one,
            appointment=one.appointment,
            due_at=one.respond_by,
            step=Step.PHONE if has_to_be_phoned else Step.LOOK,
            owner=one.contact,
            promise=promise,
            round=one,
            opening=told,
        )


def _of_appointments(queue: Queue, pks: Sequence[int], *, now: datetime) -> Iterable[Line]:
    untold = affected.untold().filter(pk=OuterRef("pk"))
    to_move = affected.to_move().filter(pk=OuterRef("pk"))
    standing = AffectedAppointment.objects.unsettled().for_display().prefetch_related("disruption__resources")
    hits = standing.annotate(is_untold=Exists(untold), is_to_move=Exists(to_move)).order_by("pk")
    found: AppointmentQuerySet = queue.source.rows().filter(pk__in=pks)  # type: ignore[assignment]
    rows = found.for_display()
    owed, lost = _owed(pks), failed.by_appointment(pks) if queue.code == "failed" else {}
    for one in rows.prefetch_related(Prefetch("affected_by", queryset=hits, to_attr="standing")):
        promise = owed.get(one.pk)
        yield Line(
            row=one,
            appointment=one,
            due_at=one.starts_at,
            step=_step_for(queue, one, promise=promise, now=now),
            owner=promise.owner if promise else None,
            promise=promise,
            failed=lost.get(one.pk, ()),
            hits=one.standing,
            is_untold=any(hit.is_untold for hit in one.standing),
        )


def _of_cases(queue: Queue, pks: Sequence[int], *, now: datetime) -> Iterable[Line]:
    found: CaseQuerySet = queue.source.rows().filter(pk__in=pks)  # type: ignore[assignment]
    case: Any
    for case in found.with_open_points().for_display():
        yield Line(
            row=case,
            appointment=case.appointment,
            due_at=case.due_by if case.due_by < NEVER else None,
            step=Step.PUT_RIGHT,
            owner=case.owner,
            case=case,
        )


def _step_for(queue: Queue, appointment: Any, *, promise: Promise | None, now: datetime) -> Step:
    if queue.code == "failed":
        return Step.PHONE if promise else Step.SEND_AGAIN
    if any(hit.is_to_move for hit in appointment.standing) or promise is None:
        return Step.FIND_TIMES if _can_be_moved(appointment, now=now) else Step.LOOK
    return Step.PHONE


def _owed(pks: Iterable[int]) -> Mapping[int, Promise]:
    """By the id of its appointment the promise of a call that falls due first. One query."""
    wanted = (*CALL_KINDS, PromiseKind.ANSWER_OR_CALL)
    calls = Promise.objects.open().filter(appointment__in=list(pks), kind__in=wanted).select_related("owner", "request")
    found: dict[int, Promise] = {}
    for one in calls.order_by("due_at", "pk"):
        found.setdefault(one.appointment_id, one)
    return found


_READERS: Mapping[Source, Callable[..., Iterable[Line]]] = {
    PROMISES: _of_promises,
    ROUNDS: _of_rounds,
    CASES: _of_cases,
    APPOINTMENTS: _of_appointments,
}
