"""Nobody whom we moved is nowhere: the count that has to read 0."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from appointments.enums import AppointmentState, OfferState, PromiseKind, PromiseState, RequestState
from appointments.models import Appointment, Offer, Promise, RescheduleRequest
from appointments.models.appointment import AppointmentQuerySet


def in_limbo(now: datetime) -> AppointmentQuerySet:
    """Those we moved who have neither a confirmed time, nor live offers, nor a promise, nor ended it themselves.

    A live round counts as covered while its time stands by itself, while an offer in it can still be taken, or while a
    colleague who works here owes the customer something; that times are kept free is no such thing.
    """
    answerable = Offer.objects.filter(
        request=OuterRef("pk"),
        state=OfferState.LIVE,
        starts_at__gt=now,
        request__state=RequestState.OPEN,
        request__respond_by__gt=now,
    )
    owed = Promise.objects.filter(
        appointment=OuterRef("appointment"), state=PromiseState.OPEN, owner__is_active=True
    ).exclude(kind=PromiseKind.HOLD)
    undecided = RescheduleRequest.objects.undecided()
    uncovered = undecided.filter(~Exists(answerable), ~Exists(owed), appointment=OuterRef("pk"))
    found: AppointmentQuerySet = Appointment.objects.filter(Exists(uncovered), state=AppointmentState.BOOKED)
    return found
