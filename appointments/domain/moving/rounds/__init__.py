"""One round of moving one appointment: open it, let the customer answer, end it. Nothing here is ever half done.

A customer can always do something: offers, once made, stay open to be taken until the round ends, held until the
respond-by time and first come, first served after it. Every end leaves a confirmed time, a promise or a good-bye.
"""

from appointments.domain.moving.rounds.ending import (
    WITH_A_ROUND,
    end,
    lock_round,
    turn_back,
    undo,
    why_not_undone,
    withdraw,
)
from appointments.domain.moving.rounds.known import HOURS_TO_CALL, Known
from appointments.domain.moving.rounds.opening import compose, open_round, open_together, opened_by
from appointments.domain.moving.rounds.standing import Later, compose_later, open_standing
from appointments.domain.moving.rounds.writing import add_offers, offers_of

__all__ = [
    "HOURS_TO_CALL",
    "WITH_A_ROUND",
    "Known",
    "Later",
    "add_offers",
    "compose",
    "compose_later",
    "end",
    "lock_round",
    "offers_of",
    "open_round",
    "open_standing",
    "open_together",
    "opened_by",
    "turn_back",
    "undo",
    "why_not_undone",
    "withdraw",
]
