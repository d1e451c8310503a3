"""The letter that answers a complaint, put together from what was worked out: a draft that a colleague goes over."""

import re
from collections.abc import Iterable
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from appointments.domain.compensation.words import said
from appointments.enums import ApologyLevel
from appointments.models import CasePoint, Compensation, RecoveryCase

ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
SHORTEST = 3
"""Letters; less than that is no point that somebody makes."""


def sentences(words: str) -> list[str]:
    """What a customer wrote, as the points it may be made of: sentences and lines, each once."""
    found = (one.strip() for one in ENDS.split(words))
    return list(dict.fromkeys(one for one in found if sum(map(str.isalpha, one)) >= SHORTEST))


def letter(case: RecoveryCase, points: Iterable[CasePoint], given: Iterable[Compensation] = ()) -> str:
    """What it cost, whose doing it was, the answer to every point, what is `given`, in that order; in the customer's
    language what is ours, else as the colleague wrote it.
    """
    with translation.override(case.appointment.customer.reads):
        apology = str(ApologyLevel(case.apology).label) if case.apology else ""
    parts = [case.cost, apology, *(one.reply for one in points), *(_given(gift, case) for gift in given)]
    return "\n\n".join(part for part in parts if part)


def _given(gift: Compensation, case: RecoveryCase) -> str:
    """What the customer gets, with its code and until when: in the words that the honesty check knows as granted."""
    language, location = case.appointment.customer.reads, case.appointment.location
    with translation.override(language):
        values = {"gift": said(gift, language), "code": gift.code, "until": location.said_day(_last_day(gift))}
        return _("You receive %(gift)s. Your code: %(code)s. It can be used once, until %(until)s.") % values


def _last_day(gift: Compensation) -> date:
    return gift.valid_until.astimezone(gift.appointment.location.tzinfo).date()
