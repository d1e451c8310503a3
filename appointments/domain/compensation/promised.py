"""What comes with each time that is offered: decided once, when it is offered, and kept in the row of the offer.

So the message, the page and the pick say and do the same, whatever table is in force when the customer taps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

from appointments.domain.compensation import budget, rules
from appointments.domain.compensation.cases import facts_of, moves_until, origin_of
from appointments.domain.compensation.table import decide, is_something
from appointments.models import CompensationRule, Location, Offer, RescheduleRequest


class InForce:
    """The table in force, and whether budgets are used up: read when it is asked for, and kept. Whoever offers to many
    in a row hands the same one on; nothing is given before a pick, so offers alone use no budget up.
    """

    def __init__(self) -> None:
        self._used_up: dict[Location, bool] = {}

    @cached_property
    def rules(self) -> list[CompensationRule]:
        return rules.in_force()

    def is_used_up(self, location: Location, *, now: datetime) -> bool:
        if location not in self._used_up:
            self._used_up[location] = budget.is_used_up(location, now=now)
        return self._used_up[location]


def put_with(offers: Sequence[Offer], round_: RescheduleRequest, table: InForce) -> None:
    """Sets what comes with each of the `offers` of `round_`, not saved yet, by `table`.

    Nothing where the customer wished to move. When the budget is used up the customer is promised nothing: a second
    colleague grants it after the pick. One query without a rule of that fault, five at most.
    """
    if not offers or not any(is_something(rule) for rule in table.rules):
        return
    origin = origin_of(round_)
    if origin.wished or not any(rule.fault == origin.reason.fault for rule in table.rules):
        return
    origin.appointment = round_.appointment
    moves = moves_until(origin)
    found = {
        offer.position: decide(table.rules, facts_of(origin, wait=_wait(offer, origin), moves=moves))
        for offer in offers
    }
    if not any(is_something(rule) for rule in found.values()):
        return
    is_used_up = table.is_used_up(round_.appointment.location, now=round_.opened_at)
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
