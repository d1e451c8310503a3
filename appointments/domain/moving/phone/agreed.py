"""A time that was agreed with the customer, on the phone or face to face: moved at once, and confirmed in writing."""

import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors, booking
from appointments.domain.history import in_source, record
from appointments.domain.moving import answers, causes
from appointments.domain.moving.drafts import ChosenOffer, Draft, can_be_moved
from appointments.domain.moving.rounds import open_round
from appointments.domain.schedule.outages import Outage
from appointments.domain.schedule.requirements import places_for
from appointments.domain.schedule.slots import Slot, slot_at
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, Manner, Why
from appointments.errors import DomainError, MoveRefused
from appointments.models import Answer, Appointment, Location, Reason

TO_WRITE_IT_DOWN = timedelta(minutes=15)
"""The round lives for the moment in which it is written; a row needs an hour by which an answer would be due."""


@dataclass(frozen=True)
class Agreed:
    """What was agreed: why it moves, when, with whom (None: whoever is free), where and in which way."""

    reason: Reason
    starts_at: datetime
    provider_id: int | None
    location: Location
    manner: Manner = Manner.USUAL
    could_change: str = ""


@one_transaction
def move(appointment: Appointment, agreed: Agreed, *, seen: str, nonce: str, by: User, now: datetime) -> Answer:
    """Moves it to what was agreed, as the customer's own choice that `by` has written down; the confirmation says it.

    What was on offer before is over with it. The same nonce again is the same move. Raises `DomainError` for a time
    that cannot be had, with what is in the way, for a place or a way that the service does not know, and when somebody
    else has changed the appointment since (`seen`).
    """
    appointment = booking.lock(appointment)
    if (given := Answer.objects.filter(nonce=nonce, request__appointment=appointment).first()) is not None:
        return given
    if not can_be_moved(appointment, now=now):
        raise MoveRefused(_("This appointment is over, so it cannot be moved any more."))
    _must_be_possible(appointment, agreed)
    slot = _slot(appointment, agreed, now=now)
    known = [] if agreed.reason.is_wish else causes.known(appointment)
    draft = Draft(
        reason=agreed.reason,
        offers=(ChosenOffer(slot, Why.STAFF_CHOICE, guaranteed=False),),
        respond_by=now + TO_WRITE_IT_DOWN,
        contact=by,
        could_change=agreed.could_change,
        seen=seen,
        disruption=known[0] if known else None,
        missing=None if known or agreed.reason.is_wish else causes.of_itself(appointment),
        agreed=True,
    )
    round_ = open_round(appointment, draft, by=actors.staff(by), now=now)
    _go_to(appointment, agreed, by=by, now=now)
    return answers.accept(round_.offers.get(), nonce=nonce, recorded_by=by, now=now)


def _must_be_possible(appointment: Appointment, agreed: Agreed) -> None:
    place, manner = agreed.location, agreed.manner
    if manner != appointment.manner and manner not in appointment.service.manners:
        raise DomainError(_("This service is not done that way."))
    if manner == Manner.HOME and not appointment.customer.address:
        raise DomainError(_("We do not know where the customer lives: write the address on their page first."))
    if place.pk != appointment.location_id and place not in places_for(appointment.service):
        raise DomainError(_("This service is not done at that place."))


def _slot(appointment: Appointment, agreed: Agreed, *, now: datetime) -> Slot:
    """Who and what does it then. What is known to be missing here is nothing to another place."""
    there = copy.copy(appointment)
    there.location = agreed.location
    outages = out_of_reach(appointment, agreed.location, agreed.manner)
    return slot_at(there, starts_at=agreed.starts_at, provider_id=agreed.provider_id, now=now, outages=outages)


def stands_against(
    appointment: Appointment, *, starts_at: datetime, provider_id: int | None, place: Location, now: datetime
) -> str:
    """What a colleague has to know of this time before it is agreed: who is in the way, or that it lies outside the
    hours; "" when it is simply free. Whoever sends it later is told anew.
    """
    there = copy.copy(appointment)
    there.location = place
    outages = out_of_reach(appointment, place, appointment.manner)
    try:
        slot = slot_at(there, starts_at=starts_at, provider_id=provider_id, now=now, outages=outages)
    except DomainError as error:
        return error.for_colleagues
    return _("This time is outside the opening hours.") if slot.outside_hours else ""


def out_of_reach(appointment: Appointment, place: Location, manner: str) -> list[Outage]:
    """What a time at `place` has to keep out of, beside what is stored of the place itself. In another way than until
    now the very hour may do that could not be kept.
    """
    if place.pk != appointment.location_id:
        return []
    return causes.out_of_reach_of(appointment) if manner == appointment.manner else causes.given_to_others(appointment)


def _go_to(appointment: Appointment, agreed: Agreed, *, by: User, now: datetime) -> None:
    """Another place or another way, where they are what is new; said in the history."""
    place, manner = agreed.location, agreed.manner
    said = []
    if place.pk != appointment.location_id:
        said.append(f"{appointment.location} → {place}")
    if manner != appointment.manner:
        said.append(in_source(lambda: manner.label))
    if said:
        appointment.location, appointment.manner = place, manner
        appointment.save(update_fields=["location", "manner"])
        record(appointment, EventKind.CORRECTED, by=actors.staff(by), now=now, note=" · ".join(said))
