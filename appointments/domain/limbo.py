"""Nobody whom we moved is nowhere: the count that has to read 0."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from appointments.enums import AppointmentState, OfferState, PromiseKind, PromiseState, RequestState
from appointments.models import Appointment, Offer, Promise, RescheduleRequest
from appointments.models.appointment import AppointmentQuerySet


def in_limbo(now: datetime) -> AppointmentQuerySet:
    """Those we moved who have neither a confirmed time, nor live offers, nor a promise, nor ended it themselves.

    A live round counts as covered while its time stands by itself, while an offer in it can still be taken, or while a
    colleague who works here owes the customer something; that times are kept free is no such thing.
    """
    can_be_taken = Exists(Offer.objects.filter(request=OuterRef("pk"), state=OfferState.LIVE, starts_at__gt=now))
    owed = Promise.objects.filter(
        appointment=OuterRef("appointment"), state=PromiseState.OPEN, owner__is_active=True
    ).exclude(kind=PromiseKind.HOLD)
    answerable = Q(can_be_taken, state=RequestState.OPEN, respond_by__gt=now)
    uncovered = RescheduleRequest.objects.undecided().filter(~answerable, ~Exists(owed))
    found: AppointmentQuerySet = Appointment.objects.filter(
        pk__in=uncovered.values("appointment"), state=AppointmentState.BOOKED
    )
    return found
