"""What we said could still change, so that it is no surprise when it does."""

from appointments.enums import RequestState
from appointments.models import Appointment, RescheduleRequest

ENDS = (".", "!", "?", "…")


def as_sentence(words: str) -> str:
    """With a full stop, so that another sentence can follow; nothing stays nothing."""
    said = words.strip()
    return said if not said or said.endswith(ENDS) else f"{said}."


def notice_for(appointment: Appointment) -> RescheduleRequest | None:
    """The round by which the present time stands, when it said what could still change; None otherwise."""
    newest = appointment.requests.told().order_by("-round").first()
    if newest is None or newest.state != RequestState.ACCEPTED or not newest.could_change:
        return None
    return newest
