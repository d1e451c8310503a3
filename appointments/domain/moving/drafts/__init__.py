"""What a colleague decides when an appointment has to move: proposed, checked, and written by nobody yet."""

from appointments.domain.moving.drafts.deciding import (
    FEWEST,
    LONGEST_TO_LOOK,
    MOST,
    ChosenOffer,
    Draft,
    Said,
    can_be_moved,
    check_draft,
    faults,
    is_first_word,
    propose,
    state_of,
)
from appointments.domain.moving.drafts.hard import why_hard
from appointments.domain.moving.drafts.hours import (
    TIME_TO_ANSWER,
    TOO_SHORT,
    answerable_by,
    kept_until,
    proposed_respond_by,
    takeable_until,
)

__all__ = [
    "FEWEST",
    "LONGEST_TO_LOOK",
    "MOST",
    "TIME_TO_ANSWER",
    "TOO_SHORT",
    "ChosenOffer",
    "Draft",
    "Said",
    "answerable_by",
    "can_be_moved",
    "check_draft",
    "faults",
    "is_first_word",
    "kept_until",
    "propose",
    "proposed_respond_by",
    "state_of",
    "takeable_until",
    "why_hard",
]
