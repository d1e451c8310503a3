"""The letter that answers a complaint, put together from what was worked out: a draft that a colleague goes over."""

import re
from collections.abc import Iterable

from django.utils import translation

from appointments.enums import ApologyLevel
from appointments.models import CasePoint, RecoveryCase

ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
SHORTEST = 3
"""Letters; less than that is no point that somebody makes."""


def sentences(words: str) -> list[str]:
    """What a customer wrote, as the points it may be made of: sentences and lines, each once."""
    found = (one.strip() for one in ENDS.split(words))
    return list(dict.fromkeys(one for one in found if sum(map(str.isalpha, one)) >= SHORTEST))


def letter(case: RecoveryCase, points: Iterable[CasePoint]) -> str:
    """What it cost, whose doing it was, and the answer to every point, in that order; in the customer's language what
    is ours, else as the colleague wrote it.
    """
    with translation.override(case.appointment.customer.reads):
        apology = str(ApologyLevel(case.apology).label) if case.apology else ""
    parts = [case.cost, apology, *(one.reply for one in points)]
    return "\n\n".join(part for part in parts if part)
