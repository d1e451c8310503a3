"""What a message tells of that its own transaction has just written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appointments.models import Business, Offer, Promise, RescheduleRequest


@dataclass(frozen=True)
class AsWritten:
    """Rounds of one customer as this transaction has just written them, so that nobody reads them again.

    `offers` by round, in their order and with their providers; `besides`: those that are told with the first one;
    `owed`: who looks for a time by when, where the first one is without.
    """

    business: Business
    offers: Mapping[int, Sequence[Offer]]
    besides: Sequence[RescheduleRequest] = ()
    owed: Promise | None = None
