"""The customer moves, cancels or asks by themselves.

Each carries the nonce of its form: the same form again is the same answer, whatever has happened since.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking
from appointments.domain.moving import answers
from appointments.domain.moving.own_choice.allowed import must_be_allowed
from appointments.domain.moving.own_choice.opening import open_own
from appointments.domain.moving.own_choice.times import WhenAndWhom, slot_for
from appointments.domain.moving.rounds import end
from appointments.domain.schedule.slots import Slot, Wishes
from appointments.domain.transactions import one_transaction
from appointments.enums import AnswerKind, AppointmentState, RequestState
from appointments.errors import NotOffered, RoundOver
from appointments.models import Answer, Appointment, RescheduleRequest


def move(appointment: Appointment, to: WhenAndWhom, *, seen: int, nonce: str, now: datetime) -> Answer:
    """Moves it to a free time that the customer has chosen, and confirms it. Exactly once.

    `seen`: the sequence of the appointment on the page they chose on. Raises `RoundOver` when it has changed since,
    `MoveRefused` outside the limits, `SlotTaken` when somebody else has that time, and `NotOffered` for one that no
    page offers.
    """
    if (given := _given(appointment, nonce)) is not None:
        return given
    # Looked for before anything is locked: nobody waits for a search. The locks and the timeline decide.
    return _move(appointment, slot_for(appointment, to, now=now), seen=seen, nonce=nonce, now=now)


@one_transaction
def _move(appointment: Appointment, slot: Slot, *, seen: int, nonce: str, now: datetime) -> Answer:
    appointment = booking.lock(appointment)
    if (given := _given(appointment, nonce)) is not None:
        return given
    _must_be_seen(appointment, seen)
    must_be_allowed(appointment, to_move=True, now=now)
    round_ = open_own(appointment, (slot,), now=now)
    return answers.accept(round_.offers.get(), nonce=nonce, now=now)


@one_transaction
def cancel(appointment: Appointment, *, seen: int | None, nonce: str, now: datetime, words: str = "") -> Answer:
    """The customer gives it up: in the round that is running, else by themselves within the limits, as they have `seen`
    it. Raises as `move` does.
    """
    appointment = booking.lock(appointment)
    if (given := _given(appointment, nonce)) is not None:
        return given
    newest = appointment.requests.order_by("-round").first()
    if newest is not None and newest.is_live:
        return answers.cancel(newest, words=words, nonce=nonce, now=now)
    if appointment.state == AppointmentState.CANCELLED:
        return _that_ended_it(newest)
    _must_be_seen(appointment, seen)
    must_be_allowed(appointment, to_move=False, now=now)
    return answers.cancel(open_own(appointment, (), now=now), words=words, nonce=nonce, now=now)


@one_transaction
def ask_other_times(
    appointment: Appointment, wishes: Wishes, *, seen: int | None, nonce: str, now: datetime, words: str = ""
) -> Answer:
    """The customer wants other times than those: of what fits, or from a person by a stated hour. Until they choose,
    theirs stays theirs. Where they may not move it by themselves, `MoveRefused`.
    """
    appointment = booking.lock(appointment)
    if (given := _given(appointment, nonce)) is not None:
        return given
    newest = appointment.requests.order_by("-round").first()
    if newest is None or not newest.is_live:
        _must_be_seen(appointment, seen)
        must_be_allowed(appointment, to_move=True, now=now)
        newest = open_own(appointment, (), now=now)
    return answers.ask_other_times(newest, wishes=wishes, words=words, nonce=nonce, now=now)


@one_transaction
def thread(appointment: Appointment, *, now: datetime) -> RescheduleRequest:
    """The round that words of a customer are about: the newest, or, where nobody has moved them, one that has ended."""
    appointment = booking.lock(appointment)
    newest: RescheduleRequest | None = appointment.requests.told().order_by("-round").first()
    if newest is not None:
        return newest
    if not appointment.is_coming(now):
        raise RoundOver
    round_ = open_own(appointment, (), now=now)
    end(round_, RequestState.KEPT, how=noop("the original time stands"), now=now)
    return round_


def _given(appointment: Appointment, nonce: str) -> Answer | None:
    """What this form has answered already. Raises `NotOffered` for a form of somebody else's page."""
    answer = Answer.objects.filter(nonce=nonce).select_related("request").first()
    if answer is not None and answer.request.appointment_id != appointment.pk:
        raise NotOffered(_("This form does not belong to this page. Please try again from here."))
    return answer


def _must_be_seen(appointment: Appointment, seen: int | None) -> None:
    """A page from before the last change decides nothing. Raises `RoundOver`."""
    if appointment.sequence != seen:
        raise RoundOver(_("Your appointment has changed since you opened that page. Below is how things stand now."))


def _that_ended_it(newest: RescheduleRequest | None) -> Answer:
    """The same wish once more, from another page."""
    ended = newest.answers.filter(kind=AnswerKind.CANCEL).first() if newest else None
    if ended is None:
        raise RoundOver
    return ended
