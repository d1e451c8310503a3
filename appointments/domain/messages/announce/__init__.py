"""What we tell people: what each message says, from when to when it may leave, and what must be so then.

Every function writes its message in the caller's transaction, so it exists exactly when what it says is true. The
key names the business event; saying the same thing twice writes one message.
"""

from appointments.domain.messages.announce.booked import booked, booked_as_sent, take_back_booked
from appointments.domain.messages.announce.colleagues import (
    invite,
    new_password,
    new_password_letters,
    second_step,
    take_back_invitation,
    try_words,
)
from appointments.domain.messages.announce.of_rounds import (
    apologise_and_offer,
    expired,
    false_alarm,
    no_time_yet,
    nudge,
    running_late,
    take_back,
    the_move,
    times_gone,
)
from appointments.domain.messages.announce.outcomes import (
    cancelled,
    confirm_move,
    follow_up,
    given,
    original_stands,
    remind,
)
from appointments.domain.messages.announce.owed import (
    acknowledge,
    acknowledge_feedback,
    call_agreed,
    check_finally,
    escalate,
    handed_over,
    needs_longer,
    not_reached,
    reply,
    take_back_reply,
)

__all__ = [
    "acknowledge",
    "acknowledge_feedback",
    "apologise_and_offer",
    "booked",
    "booked_as_sent",
    "call_agreed",
    "cancelled",
    "check_finally",
    "confirm_move",
    "escalate",
    "expired",
    "false_alarm",
    "follow_up",
    "given",
    "handed_over",
    "invite",
    "needs_longer",
    "new_password",
    "new_password_letters",
    "no_time_yet",
    "not_reached",
    "nudge",
    "original_stands",
    "remind",
    "reply",
    "running_late",
    "second_step",
    "take_back",
    "take_back_booked",
    "take_back_invitation",
    "take_back_reply",
    "the_move",
    "times_gone",
    "try_words",
]
