"""Ending an appointment at the desk, without a new time: the time is freed, the customer is told, a round ends."""

from datetime import datetime

from django.utils.translation import gettext as _

from appointments.domain import booking, promises
from appointments.domain.actors import Actor
from appointments.domain.colleagues import name_of
from appointments.domain.messages import announce
from appointments.domain.messages.context import time_of
from appointments.domain.moving.rounds import end
from appointments.domain.transactions import one_transaction
from appointments.enums import PromiseKind, RequestState
from appointments.models import Appointment


@one_transaction
def call_off(appointment: Appointment, *, by_customer: bool, why: str, by: Actor, now: datetime) -> Appointment:
    """A colleague cancels for the customer (`by_customer`) or for us. `why` is for the history only.

    Raises `MoveRefused` when the appointment is over already.
    """
    appointment = booking.lock(appointment)
    was = time_of(appointment)
    state = RequestState.CANCELLED if by_customer else RequestState.WITHDRAWN
    for round_ in appointment.requests.live().select_for_update(no_key=True, of=("self",)):
        round_.appointment = appointment
        end(round_, state, how=why, now=now, answered=by_customer)
    appointment = booking.cancel(appointment, by=by, now=now, note=why)
    contact = name_of(by.user) if by.user else ""
    announce.cancelled(appointment, was=was, by_customer=by_customer, contact=contact, now=now)
    if not by_customer and by.user:
        # The letter says that this colleague finds another time with the customer; so it is owed.
        details = _("We cancelled. Find another time together.")
        promises.owe(PromiseKind.CALL, appointment, owner=by.user, details=details, by=by, now=now)
    return appointment
