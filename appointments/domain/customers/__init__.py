"""What we know of somebody: corrected, and put together where two records are one person's."""

from appointments.domain.customers.corrections import CONTACT, correct, state_of
from appointments.domain.customers.duplicates import MOST_ALIKE, alike

__all__ = ["CONTACT", "MOST_ALIKE", "alike", "correct", "state_of"]
