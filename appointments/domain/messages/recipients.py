"""To whom a message goes, and by which ways: as the customer wants it, as far as we have an address."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings

from appointments.domain.colleagues import name_of
from appointments.models import Appointment, Promise
from appointments.models.people import WAYS
from notifications import channels
from notifications.enums import Channel
from notifications.text.values import Recipient


def customer_of(appointment: Appointment, *, ways: Sequence[str] | None = None) -> Recipient:
    """By `ways`, or else by all that reach this customer, the preferred one first."""
    customer = appointment.customer
    to = Recipient(
        name=customer.name,
        language=customer.reads,
        zone=appointment.location.zone,
        email=customer.email,
        phone=str(customer.phone or ""),
        ref=f"customer:{customer.pk}",
    )
    return replace(to, channels=channels.order([customer.preferred_channel, *WAYS] if ways is None else ways, to=to))


def by_another_way(to: Recipient) -> Recipient:
    """The same person, by the first way last: where that stays without an answer. No colleague is asked to speak."""
    others = [way for way in to.channels[1:] if not channels.get(way).spoken]
    return replace(to, channels=(*others, *to.channels[:1]))


def owner_of(promise: Promise) -> Recipient:
    """The colleague who made it."""
    return Recipient(
        name=name_of(promise.owner),
        language=settings.LANGUAGE_CODE,
        zone=promise.appointment.location.zone,
        email=promise.owner.email,
        channels=(Channel.EMAIL,),
        ref=f"user:{promise.owner.pk}",
    )
