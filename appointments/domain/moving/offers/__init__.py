"""Which offers of a live round can be taken now, and fresh ones for those that went to somebody else."""

from appointments.domain.moving.offers.fresh import (
    ENOUGH_TO_CHOOSE_FROM,
    is_waiting,
    refresh,
    soonest_for,
    strike_out,
)
from appointments.domain.moving.offers.looks import is_in_time, looked_at, takeable
from appointments.domain.moving.offers.status import OfferStatus, is_first_in_line, lock, status_of

__all__ = [
    "ENOUGH_TO_CHOOSE_FROM",
    "OfferStatus",
    "is_first_in_line",
    "is_in_time",
    "is_waiting",
    "lock",
    "looked_at",
    "refresh",
    "soonest_for",
    "status_of",
    "strike_out",
    "takeable",
]
