"""Ending an appointment at the desk, without a new time: the time is freed, the customer is told, a round ends."""

from datetime import datetime

from appointments.domain import booking, own_words, promises
from appointments.domain.actors import Actor
from appointments.domain.messages import announce
from appointments.domain.messages.context import about_cancellation, time_of, told
from appointments.domain.messages.previews import Preview, as_sent
from appointments.domain.moving.rounds import end
from appointments.domain.transactions import one_transaction
from appointments.enums import PromiseKind, RequestState
from appointments.models import Appointment, Promise, Reason


@one_transaction
def call_off(appointment: Appointment, *, because: Reason | None, note: str, by: Actor, now: datetime) -> Appointment:
    """A colleague cancels: for us, `because` of what the customer is told, or (None) as the customer asked.

    Whom we cancel is owed another time by that colleague, and reads by when. `note` is for the history only;
    where it is the customer’s wish it may be empty. Raises `MoveRefused` when the appointment is over already.
    """
    note = note or ("" if because else own_words.ASKED_FOR)
    appointment = booking.lock(appointment)
    was = time_of(appointment)
    state = RequestState.WITHDRAWN if because else RequestState.CANCELLED
    for round_ in appointment.requests.live().select_for_update(no_key=True, of=("self",)):
        round_.appointment = appointment
        end(round_, state, how=note, now=now, answered=because is None)
    after = {"told": told(because, appointment)} if because else None
    appointment = booking.cancel(appointment, by=by, now=now, note=note, after=after)
    promise = _owe_another_time(appointment, by=by, now=now) if because else None
    announce.cancelled(appointment, was=was, because=because, promise=promise, by=by.user, now=now)
    return appointment


def as_told(appointment: Appointment, *, because: Reason | None, by: Actor, now: datetime) -> list[Preview]:
    """The message that `call_off` would send, by each channel in each language. Raises `CannotBeWritten`."""
    due_at = _due(appointment, now) if because else None
    return as_sent(
        "cancellation",
        appointment,
        lambda language: about_cancellation(
            appointment, was=time_of(appointment), because=because, due_at=due_at, by=by.user, language=language
        ),
    )


def _owe_another_time(appointment: Appointment, *, by: Actor, now: datetime) -> Promise | None:
    """The letter says that this colleague finds another time with the customer; so it is owed."""
    if by.user is None:
        return None
    until = _due(appointment, now)
    return promises.owe(
        PromiseKind.CALL, appointment, owner=by.user, until=until, details=own_words.CANCELLED, by=by, now=now
    )


def _due(appointment: Appointment, now: datetime) -> datetime:
    return promises.usually_due(appointment.location, now=now)
