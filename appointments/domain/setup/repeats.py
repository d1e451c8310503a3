"""How often something comes again, in words, and the recurrence rule (RFC 5545) that says the same."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK = 7
LAST = 5
"""A fifth Tuesday is the last one: most months have only four."""


class Repeats(TextChoices):
    ONCE = "", gettext_lazy("once")
    DAILY = "daily", gettext_lazy("every day")
    WEEKLY = "weekly", gettext_lazy("every week on this weekday")
    FORTNIGHTLY = "fortnightly", gettext_lazy("every two weeks on this weekday")
    MONTHLY = "monthly", gettext_lazy("every month on this weekday (the first, the second … or the last)")
    YEARLY = "yearly", gettext_lazy("every year on this day")


def rule(repeats: str, first: date) -> str:
    """The rule of what begins on `first`; "" for what comes once."""
    weekday, number = DAYS[first.weekday()], (first.day - 1) // WEEK + 1
    rules = {
        Repeats.DAILY: "FREQ=DAILY",
        Repeats.WEEKLY: f"FREQ=WEEKLY;BYDAY={weekday}",
        Repeats.FORTNIGHTLY: f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
        Repeats.MONTHLY: f"FREQ=MONTHLY;BYDAY={-1 if number == LAST else number}{weekday}",
        Repeats.YEARLY: "FREQ=YEARLY",
    }
    return rules.get(Repeats(repeats), "")


def in_words(rrule: str) -> str:
    """What a rule says, without its end; one that nobody can choose here is called another rhythm."""
    parts = dict(part.partition("=")[::2] for part in rrule.upper().removeprefix("RRULE:").split(";") if part)
    frequency, interval = parts.get("FREQ", ""), parts.get("INTERVAL", "1")
    known = {
        ("", "1"): Repeats.ONCE,
        ("DAILY", "1"): Repeats.DAILY,
        ("WEEKLY", "1"): Repeats.WEEKLY,
        ("WEEKLY", "2"): Repeats.FORTNIGHTLY,
        ("MONTHLY", "1"): Repeats.MONTHLY,
        ("YEARLY", "1"): Repeats.YEARLY,
    }
    found = known.get((frequency, interval))
    return str(found.label) if found is not None else _("in another rhythm")
