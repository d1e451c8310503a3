"""Notes on repeated misuse are forgotten on their day. Nothing else is done with them here or anywhere."""

from datetime import date, timedelta

from appointments.models import MisuseNote

USUAL, LONGEST = timedelta(days=180), timedelta(days=366)
"""How long a note stands, unless its manager says otherwise, and at most."""


def forget(*, today: date) -> int:
    """Deletes what has expired. Returns how many. Safe to run twice at once."""
    return int(MisuseNote.objects.expired(today).delete()[0])
