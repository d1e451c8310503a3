"""What a move was to a customer, as the table asks: whose fault, how late told, the how-manieth within a year.

What we caused first counts: when a customer asks for other times, or a second list follows the first, it is still the
same move, with the cause and the notice of its first round (as in `reports.moves`).
"""

from datetime import datetime, timedelta

from appointments.domain.compensation import rules
from appointments.domain.compensation.table import Facts, decide
from appointments.enums import Fault, RequestState
from appointments.models import CompensationRule, RescheduleRequest
from appointments.models.rescheduling import RequestQuerySet, begins_a_move

COUNTED = timedelta(days=365)
"""How far back earlier moves count."""


def origin_of(round_: RescheduleRequest) -> RescheduleRequest:
    """The round with which the move began. No query for the first round of an appointment, else one."""
    origin = round_
    if round_.round > 1:
        before = RescheduleRequest.objects.filter(appointment=round_.appointment_id, round__lt=round_.round)
        for earlier in before.select_related("reason").order_by("-round"):
            if earlier.state != RequestState.REPLACED:
                break
            origin = earlier
    return origin


def moves_until(origin: RescheduleRequest) -> int:
    """The how-manieth move by us within a year this is for its customer, from 1. What was told at the same moment is
    one disturbance. One query.
    """
    return 1 + int(moves_before(origin.appointment.customer_id, origin.opened_at).count())


def moves_before(customer_id: int, moment: datetime) -> RequestQuerySet:
    """The first rounds of what we moved this customer within the year before `moment`."""
    told = caused().filter(appointment__customer=customer_id)
    found: RequestQuerySet = told.filter(opened_at__gt=moment - COUNTED, opened_at__lt=moment)
    return found


def caused() -> RequestQuerySet:
    """The first rounds of all moves that we caused and told."""
    told = RescheduleRequest.objects.told().filter(begins_a_move(), wished=False)
    found: RequestQuerySet = told.exclude(reason__fault=Fault.CUSTOMER)
    return found


def facts_of(origin: RescheduleRequest, *, wait: timedelta, moves: int) -> Facts:
    return Facts(
        fault=origin.reason.fault,
        notice=origin.was_starts_at - origin.opened_at,
        wait=wait,
        moves=moves,
        service=origin.appointment.service_id,
    )


def row_for(round_: RescheduleRequest) -> CompensationRule | None:
    """The row of the table in force that the move of `round_` falls under, as its appointment stands now. Four
    queries at most.
    """
    origin = origin_of(round_)
    if origin.wished:
        return None
    origin.appointment = round_.appointment
    wait = round_.appointment.starts_at - origin.was_starts_at
    return decide(rules.in_force(), facts_of(origin, wait=wait, moves=moves_until(origin)))
