"""Times of one's own choice on offer, and somebody else who is faster."""

from typing import Any

from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Slot
from appointments.enums import Why
from appointments.models import RescheduleRequest
from tests.clock import at, minutes
from tests.factories import Clinic, CustomerFactory


def offered_at(melati: Clinic, *starts: str, guaranteed: bool = False, **draft: Any) -> RescheduleRequest:
    resources = (melati.provider.pk, melati.room.pk)
    chosen = tuple(
        ChosenOffer(Slot(at(one), at(one) + minutes(30), melati.provider.pk, resources), Why.SOONEST, guaranteed)
        for one in starts
    )
    return melati.offered(offers=chosen, **draft)


def book(melati: Clinic, start: str) -> None:
    """Somebody else takes the time that was on offer to all."""
    melati.booked(start, customer=CustomerFactory())
