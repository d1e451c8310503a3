"""The way back: after a customer has moved or cancelled by themselves, the time they had is held for them for a while.

The hold is the promise: as long as it stands they can go back with one tap, and where it could not be made, nobody
speaks of it. It lapses by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.domain import booking
from appointments.domain.actors import CUSTOMER
from appointments.domain.history import in_source, record
from appointments.domain.messages import announce
from appointments.domain.moving.own_choice.allowed import after_move
from appointments.domain.moving.rounds import lock_round, turn_back
from appointments.domain.schedule.opening import Timetable, in_minutes
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.waking import last_quarter
from appointments.domain.transactions import one_transaction
from appointments.enums import AnswerKind, AppointmentState, EventKind, RequestState
from appointments.errors import NotOffered, RoundOver, SlotTaken
from appointments.models import Answer, Appointment, RescheduleRequest

TIME_TO_TURN_BACK = timedelta(hours=2)
TOO_SHORT = timedelta(minutes=15)
"""Nobody reads and decides in less."""
MOST = 3
"""So often one appointment is taken back: whoever goes to and fro keeps others from that time."""


@dataclass(frozen=True)
class WayBack:
    """`to`: the time that is held until then, with what is held of it."""

    to: Slot
    until: datetime


def keep_open(round_: RescheduleRequest, slot: Slot, *, now: datetime) -> datetime | None:
    """Holds the time that the customer has just left, and returns until when; None where it cannot be held.

    The appointment is locked, and has left `slot` in this transaction.
    """
    if not (round_.can_keep and round_.reason.is_wish):
        return None
    until = _until(slot, round_.appointment, now=now)
    if until - now < TOO_SHORT or _taken_back(round_.appointment) >= MOST or not _is_possible(round_, slot):
        return None
    try:
        with transaction.atomic():
            booking.hold(round_, [(slot, until)], now=now, held_before=True)
    except SlotTaken:
        return None
    return until


def _until(slot: Slot, appointment: Appointment, *, now: datetime) -> datetime:
    """A quarter of an hour that can be said, and not later than the notice that a colleague needs as well."""
    notice = timedelta(minutes=appointment.service.notice_minutes)
    return last_quarter(min(now + TIME_TO_TURN_BACK, slot.starts_at - notice))


def _taken_back(appointment: Appointment) -> int:
    return Answer.objects.filter(request__appointment=appointment, kind=AnswerKind.BACK).count()


def _is_possible(round_: RescheduleRequest, slot: Slot) -> bool:
    """Whether all that the time needs is there: it may have been taken away since. Two queries."""
    span = in_minutes(Span(slot.starts_at, slot.ends_at))
    timetable = Timetable(round_.appointment.location, slot.resource_ids, span)
    return all(any(opened.holds(span) for opened in timetable.resource_open(pk)) for pk in slot.resource_ids)


def way_back(round_: RescheduleRequest | None, *, now: datetime) -> WayBack | None:
    """Where the customer can go back to, and until when; None where there is nothing. `round_`: the newest one.

    No query where nothing was moved or cancelled lately, else two at most.
    """
    ends = (RequestState.ACCEPTED, RequestState.CANCELLED)
    if round_ is None or round_.state not in ends or round_.closed_at is None:
        return None
    if now >= round_.closed_at + TIME_TO_TURN_BACK:
        return None
    rows = list(round_.holds.filter(expires_at__gt=now).values_list("resource", "expires_at", "resource__is_active"))
    held = {resource_id: until for resource_id, until, _is_active in rows if until is not None}
    if not held or not all(is_active for *_hold, is_active in rows):
        return None
    ids = tuple(sorted(held))
    slot = Slot(round_.was_starts_at, round_.was_ends_at, round_.was_provider_id, ids)
    return WayBack(slot, min(held.values())) if _is_possible(round_, slot) else None


def _as_it_was(round_: RescheduleRequest, back: WayBack) -> Slot:
    """With all that it occupied: what the new time occupies too is not held, for it is theirs already."""
    left = round_.events.filter(kind__in=(EventKind.MOVED, EventKind.CANCELLED)).order_by("-at", "-pk")
    resource_ids = (left.values_list("before", flat=True).first() or {}).get("resources", ())
    return back.to._replace(resource_ids=tuple(resource_ids))


@one_transaction
def take(appointment: Appointment, *, nonce: str, now: datetime) -> Answer:
    """The customer takes back what they have moved or cancelled: everything is as it was, and confirmed as such.

    The same form again is the same answer. Raises `RoundOver` when the time is not held any more.
    """
    appointment = booking.lock(appointment)
    newest = appointment.requests.order_by("-round").first()
    if newest is None:
        raise RoundOver
    given = Answer.objects.filter(nonce=nonce).select_related("request").first()
    if given is not None and given.request.appointment_id != appointment.pk:
        raise NotOffered(_("This form does not belong to this page. Please try again from here."))
    given = given or newest.answers.filter(kind=AnswerKind.BACK).first()
    if given is not None:
        return given
    round_ = lock_round(newest)
    back = way_back(round_, now=now)
    if back is None:
        raise RoundOver(_("The former time is not kept for you any more. Below is how things stand now."))
    to = _as_it_was(round_, back)
    if round_.appointment.state == AppointmentState.CANCELLED:
        booking.reinstate(round_.appointment, to=to, by=CUSTOMER, now=now, round_=round_, bare=False)
    else:
        booking.move(round_.appointment, to=to, by=CUSTOMER, now=now, round_=round_)
    return _write(lock_round(round_), nonce=nonce, now=now)


def _write(round_: RescheduleRequest, *, nonce: str, now: datetime) -> Answer:
    answer = Answer.objects.create(request=round_, kind=AnswerKind.BACK, at=now, nonce=nonce)
    note = in_source(answer.get_kind_display)
    record(round_.appointment, EventKind.ANSWERED, by=CUSTOMER, now=now, round_=round_, note=note)
    turn_back(round_, now=now)
    own = after_move(round_, now=now).in_message(now=now)
    announce.confirm_move(round_, by_phone=False, own=own, is_back=True, now=now)
    return answer
