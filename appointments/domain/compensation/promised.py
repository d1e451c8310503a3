"""What comes with each time that is offered: decided once, when it is offered, and kept in the row of the offer.

So the message, the page and the pick say and do the same, whatever table is in force when the customer taps.
"""

from collections.abc import Sequence
from datetime import timedelta

from appointments.domain.compensation import budget
from appointments.domain.compensation.cases import facts_of, moves_until, origin_of
from appointments.domain.compensation.table import decide, is_something
from appointments.models import CompensationRule, Offer, RescheduleRequest


def put_with(offers: Sequence[Offer], round_: RescheduleRequest, rules: Sequence[CompensationRule]) -> None:
    """Sets what comes with each of the `offers` of `round_`, not saved yet, by `rules`.

    Nothing where the customer wished to move. When the budget is used up the customer is promised nothing: a second
    colleague grants it after the pick. No query without a rule of that fault, four at most.
    """
    if not offers or not any(is_something(rule) for rule in rules):
        return
    origin = origin_of(round_)
    if origin.wished or not any(rule.fault == origin.reason.fault for rule in rules):
        return
    origin.appointment = round_.appointment
    moves = moves_until(origin)
    found = {
        offer.position: decide(rules, facts_of(origin, wait=_wait(offer, origin), moves=moves)) for offer in offers
    }
    if not any(is_something(rule) for rule in found.values()):
        return
    is_used_up = budget.is_used_up(round_.appointment.location, now=round_.opened_at)
    for offer in offers:
        rule = found[offer.position]
        if is_something(rule):
            offer.gives, offer.gives_untold = rule, is_used_up


def _wait(offer: Offer, origin: RescheduleRequest) -> timedelta:
    return offer.starts_at - origin.was_starts_at


def told_with(offer: Offer) -> CompensationRule | None:
    """What the customer reads that comes with this time."""
    return None if offer.gives_untold else offer.gives


def same_with_all(gifts: Sequence[str]) -> str:
    """What comes with every one of these times alike, so that it is said once; "" where they differ."""
    return gifts[0] if gifts and len(set(gifts)) == 1 else ""
