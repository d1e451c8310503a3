"""How things stand with one appointment, as its customer is told: one question, one answer, from the present truth."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from appointments.domain.messages.context import customer_of, name_of, reason_of, was_of
from appointments.domain.moving.offers import takeable
from appointments.enums import AppointmentState, PromiseKind, PromiseState, RequestState
from appointments.models import Appointment, Offer, Promise, RescheduleRequest
from appointments.models.promise import CALL_KINDS


class Stand(StrEnum):
    CHOOSE = "choose"  # offers can be taken
    WITH_US = "with_us"  # we owe something; there may be offers as well
    BOOKED = "booked"  # a new time was chosen
    STANDS = "stands"  # the time it has is the time it keeps
    CANCELLED = "cancelled"
    OVER = "over"  # it took place, or its time has passed


@dataclass(frozen=True)
class Standing:
    """`request` is the latest round that the customer was told of; `promises` are open, the most urgent first; `reply`
    is the one that we answered in writing last.
    """

    stand: Stand
    appointment: Appointment
    request: RescheduleRequest | None
    offers: tuple[Offer, ...] = ()
    promises: tuple[Promise, ...] = field(default=())
    reply: Promise | None = None

    @property
    def owed(self) -> Promise | None:
        """The promise to show first: what a colleague will do, and by when."""
        return self.promises[0] if self.promises else None


def how_it_stands(appointment: Appointment, *, now: datetime) -> Standing:
    """Four queries at the most, whatever has happened."""
    rounds = appointment.requests.told().select_related("reason", "contact", "was_provider")
    request = rounds.order_by("-round").first()
    if request is None:
        return Standing(_without_round(appointment, now), appointment, None)
    request.appointment = appointment
    offers = tuple(takeable(request, now=now))
    made = list(appointment.promises.open_or_replied().select_related("owner").order_by("due_at", "pk"))
    promises = tuple(one for one in made if one.state == PromiseState.OPEN and _is_told(one, request))
    replies = [(one.settled_at, one) for one in made if one.reply and one.settled_at]
    reply = max(replies, key=lambda pair: pair[0])[1] if replies else None
    return Standing(_with_round(appointment, request, offers, now), appointment, request, offers, promises, reply)


def _is_told(promise: Promise, request: RescheduleRequest) -> bool:
    """Whether the page speaks of an open promise: of silence only when it has come to that."""
    silence = promise.kind == PromiseKind.ANSWER_OR_CALL and promise.request_id == request.pk and request.expired_at
    return promise.kind in CALL_KINDS or bool(silence)


def in_words(standing: Standing, *, language: str, now: datetime) -> dict[str, Any]:
    """What the customer's page says: the minimum, in the reader's language."""
    appointment, request = standing.appointment, standing.request
    return {
        "standing": standing,
        "appointment": appointment,
        "round": request,
        "zone": appointment.location.zone,
        "language": language,
        "reason": reason_of(request, language=language) if request else None,
        "was": was_of(request) if request else None,
        "customer": customer_of(appointment),
        "can_phone": bool(appointment.customer.phone),
        "contact": _who(standing),
        "stays": appointment.service.stays_in(language),
        "held": bool(request and not request.holds_lapsed and now < request.respond_by),
        "can_keep": bool(request and request.can_keep and appointment.starts_at > now),
    }


def _who(standing: Standing) -> str:
    """Whom the customer hears from: who owes them something, else the contact of the round."""
    if standing.owed:
        return name_of(standing.owed.owner)
    return name_of(standing.request.contact) if standing.request else ""


def _without_round(appointment: Appointment, now: datetime) -> Stand:
    if appointment.state == AppointmentState.CANCELLED:
        return Stand.CANCELLED
    return Stand.STANDS if appointment.is_coming(now) else Stand.OVER


def _with_round(
    appointment: Appointment, request: RescheduleRequest, offers: tuple[Offer, ...], now: datetime
) -> Stand:
    if request.is_live:
        waits_for_customer = request.state == RequestState.OPEN and now < request.respond_by and offers
        return Stand.CHOOSE if waits_for_customer else Stand.WITH_US
    plain = _without_round(appointment, now)
    if plain == Stand.STANDS and request.state == RequestState.ACCEPTED:
        return Stand.BOOKED
    return plain
