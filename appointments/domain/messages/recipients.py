"""To whom a message goes, and by which ways: as the customer wants it, as far as we have an address."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import User

from appointments.domain.colleagues import name_of
from appointments.domain.messages.of_person import ref
from appointments.models import Appointment, Invitation
from appointments.models.people import WAYS
from notifications import channels
from notifications.enums import Channel
from notifications.text.values import Recipient

COLLEAGUE = "user:"
"""How messages refer to people who work here."""


def customer_of(appointment: Appointment, *, ways: Sequence[str] | None = None) -> Recipient:
    """By `ways`, or else by all that reach this customer, the preferred one first."""
    customer = appointment.customer
    to = Recipient(
        name=customer.name,
        language=customer.reads,
        zone=appointment.location.zone,
        email=customer.email,
        phone=str(customer.phone or ""),
        ref=ref(customer),
    )
    return replace(to, channels=channels.order([customer.preferred_channel, *WAYS] if ways is None else ways, to=to))


def can_be_written_to(appointment: Appointment) -> bool:
    """Whether there is a way to this customer that needs no colleague to speak."""
    return bool(written(customer_of(appointment)).channels)


def is_told_in_writing(appointment: Appointment) -> bool:
    """Whether the next message goes by itself; False where a colleague has to phone, as wished or for want of a way."""
    first = first_way(appointment)
    return bool(first) and not channels.get(first).spoken


def first_way(appointment: Appointment) -> str:
    """By which way the next message goes; "" where we have neither an address nor a number."""
    return next((way for way in customer_of(appointment).channels if channels.get(way).is_set_up()), "")


def written(to: Recipient) -> Recipient:
    """The same person, only by ways that are read and that we have."""
    ways = {way: channels.get(way) for way in to.channels}
    return replace(to, channels=tuple(name for name, way in ways.items() if way.is_set_up() and not way.spoken))


def by_another_way(to: Recipient) -> Recipient:
    """The same person, by the first way last: where that stays without an answer. No colleague is asked to speak."""
    others = [way for way in to.channels[1:] if not channels.get(way).spoken]
    return replace(to, channels=(*others, *to.channels[:1]))


def colleague(user: User, *, zone: str) -> Recipient:
    """Somebody who works here, about something at a place with this `zone`."""
    return Recipient(
        name=name_of(user),
        language=settings.LANGUAGE_CODE,
        zone=zone,
        email=user.email,
        channels=(Channel.EMAIL,),
        ref=f"{COLLEAGUE}{user.pk}",
    )


def invited(invitation: Invitation, *, zone: str) -> Recipient:
    """Somebody who does not work here yet."""
    return Recipient(
        name=invitation.name,
        language=settings.LANGUAGE_CODE,
        zone=zone,
        email=invitation.email,
        channels=(Channel.EMAIL,),
        ref=f"invitation:{invitation.pk}",
    )
