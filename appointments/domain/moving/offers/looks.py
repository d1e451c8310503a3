"""Which offers of a live round can be taken now."""

from datetime import datetime
from functools import cache

from django.db.models import QuerySet

from appointments.domain.moving.drafts import takeable_until
from appointments.domain.moving.offers import capacity
from appointments.enums import OfferState
from appointments.models import Offer, RescheduleRequest


def is_in_time(offer: Offer, round_: RescheduleRequest, *, now: datetime) -> bool:
    """Whether `offer` can still be taken: not past, and not inside the notice time it was outside of when offered."""
    return now < takeable_until(offer.starts_at, round_.appointment.service, offered_at=round_.opened_at)


def takeable(round_: RescheduleRequest, *, now: datetime) -> list[Offer]:
    """The offers of a live round that a customer can take at `now`."""
    return looked_at(round_, now=now)[0]


def looked_at(round_: RescheduleRequest, *, now: datetime) -> tuple[list[Offer], list[Offer]]:
    """What a customer can take at `now`, and what was offered, lies ahead and cannot be taken any more."""
    if not round_.is_live:
        return [], []
    ahead = list(_shown().filter(request=round_, starts_at__gt=now))
    live = [offer for offer in ahead if offer.state == OfferState.LIVE and is_in_time(offer, round_, now=now)]
    for offer in live:
        offer.request = round_
    still = capacity.possible(live)
    return [offer for offer in live if offer.pk in still], [offer for offer in ahead if offer.pk not in still]


@cache
def _shown() -> QuerySet[Offer]:
    """Put together once, for every look at a page asks it."""
    states = (OfferState.LIVE, OfferState.GONE, OfferState.LAPSED)
    return Offer.objects.filter(state__in=states).select_related("provider", "gives").order_by("starts_at", "position")


def in_time(round_: RescheduleRequest, *, now: datetime) -> list[Offer]:
    """Those that nobody has marked and for which it is not too late."""
    live = round_.offers.filter(state=OfferState.LIVE).select_related("provider").order_by("starts_at", "position")
    found = [offer for offer in live if is_in_time(offer, round_, now=now)]
    for offer in found:
        offer.request = round_
    return found
