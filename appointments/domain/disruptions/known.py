"""Since when a customer knows that an appointment cannot take place, and by which way they heard of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from appointments.domain.messages import sent
from appointments.domain.moving.phone.calls import ATTEMPTS
from appointments.models import Answer, CallAttempt, RescheduleRequest
from notifications.enums import Channel


@dataclass(frozen=True, order=True)
class Known:
    """Since when, and by which way: a channel of the post office, of which a colleague's call is one; empty when all we
    know is that they have answered.
    """

    at: datetime
    way: str


def of_rounds(rounds: Collection[RescheduleRequest]) -> dict[int, Known]:
    """By the id of its round: what came first of a message that left and has not come back, a call in which a colleague
    has said it, and an answer of the customer's own. Who knows nothing yet is missing.

    Three queries, and one more for each time that a message was written anew.
    """
    found = [(pk, Known(one.at, one.channel)) for pk, one in sent.arrivals(rounds).items()]
    found += _called(rounds)
    found += _answered(rounds)
    known: dict[int, Known] = {}
    for pk, one in found:
        known[pk] = min(known.get(pk, one), one)
    return known


def _called(rounds: Collection[RescheduleRequest]) -> list[tuple[int, Known]]:
    """A call about the round that tells of others as well is about all of them."""
    about: dict[int, set[int]] = {}
    for one in rounds:
        for pk in (one.pk, one.told_with_id or one.pk):
            about.setdefault(pk, set()).add(one.pk)
    calls = CallAttempt.objects.filter(promise__request__in=about).exclude(outcome__in=ATTEMPTS)
    rows = calls.values_list("promise__request", "at")
    return [(pk, Known(at, Channel.CALL)) for lead, at in rows for pk in about[lead]]


def _answered(rounds: Collection[RescheduleRequest]) -> list[tuple[int, Known]]:
    """Whoever answers has read it, even where the post office never heard that it arrived."""
    rows = Answer.objects.filter(request__in=[one.pk for one in rounds]).values_list("request", "at", "recorded_by")
    return [(pk, Known(at, Channel.CALL if by else "")) for pk, at, by in rows]
