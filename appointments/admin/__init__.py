"""What managers see and change, one file for each noun. Facts are read here; moving people happens at the desk."""

from appointments.admin import (
    business,
    catalogue,
    diary,
    disruptions,
    guesses,
    messages,
    people,
    playbook,
    promises,
    reasons,
    recovery,
    rescheduling,
    resources,
)

__all__ = [
    "business",
    "catalogue",
    "diary",
    "disruptions",
    "guesses",
    "messages",
    "people",
    "playbook",
    "promises",
    "reasons",
    "recovery",
    "rescheduling",
    "resources",
]
