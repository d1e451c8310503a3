"""A second apology is never a copy of the first: it brings a choice, a line of somebody's own, or something we give.

A bare apology, repeated, is worse than none: it tells people that nothing follows from it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from appointments.domain.compensation import budget, rules
from appointments.domain.compensation.cases import moves_before
from appointments.domain.compensation.table import Facts, decide, is_something
from appointments.domain.schedule.slots import Slot
from appointments.enums import Fault
from appointments.models import Appointment, CompensationRule, Reason, RescheduleRequest

ENOUGH = 3
"""So many times are a choice that the first message need not have given."""


def is_bare(appointment: Appointment, slots: Sequence[Slot], *, reason: Reason | None, now: datetime) -> bool:
    """Whether a message with these times and no line of anybody's own says sorry once more and nothing else, to a
    customer whom we moved within the year; another list for what is being moved is no other move. Five queries at
    the most, and those only where it may come to that.
    """
    if reason is None or reason.fault != Fault.OURS or not 0 < len(slots) < ENOUGH:
        return False
    under_way = RescheduleRequest.objects.live().filter(appointment=appointment).values("appointment")
    moves = moves_before(appointment.customer_id, now).exclude(appointment__in=under_way).count()
    if not moves:
        return False
    if budget.is_used_up(appointment.location, now=now):
        return True
    rows = rules.in_force()
    return not all(_brings(appointment, slot, rows, moves=moves + 1, now=now) for slot in slots)


def _brings(
    appointment: Appointment, slot: Slot, rows: Sequence[CompensationRule], *, moves: int, now: datetime
) -> bool:
    """Whether something comes with this time."""
    facts = Facts(
        fault=Fault.OURS,
        notice=appointment.starts_at - now,
        wait=slot.starts_at - appointment.starts_at,
        moves=moves,
        service=appointment.service_id,
    )
    return is_something(decide(rows, facts))


def sentence() -> str:
    """What the colleague reads."""
    return _(
        "We have moved this customer before within the year, so sorry is not enough. "
        "Offer a third time, or add a line of your own."
    )
