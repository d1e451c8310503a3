"""What a false alarm would mean for each whom it hit, before a colleague says that it is one. `declare` does it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from appointments.domain.disruptions import cases
from appointments.domain.disruptions.cases import Became, Case
from appointments.domain.messages import sent
from appointments.models import AffectedAppointment, Disruption, RescheduleRequest


@dataclass(frozen=True)
class Outlook:
    """How many appointments go which way.

    untold    take place as booked, and nobody hears anything: what has not left stays here
    told      have heard of a move and not chosen yet: the old time is offered to them again
    placed    have a new time, which stays
    besides   something else is in their way, or their time has come: nothing changes
    """

    untold: int
    told: int
    placed: int
    besides: int


def outlook(disruption: Disruption, *, now: datetime) -> Outlook:
    """Reads only, in a constant number of queries."""
    found = cases.of(disruption)
    standing = [one for one in found if one.became in (Became.TO_MOVE, Became.CHOOSING, Became.WITH_US)]
    told, besides = _told(standing), _besides(disruption, standing, now=now)
    return Outlook(
        untold=sum(pk not in told and pk not in besides for pk in _appointments(standing)),
        told=sum(pk in told and pk not in besides for pk in _appointments(standing)),
        placed=sum(one.move is not None for one in found),
        besides=len(besides),
    )


def _appointments(found: Collection[Case]) -> list[int]:
    return [one.row.appointment_id for one in found]


def _told(standing: Collection[Case]) -> set[int]:
    """Whose customers are being asked, and have read in any message that it has to move."""
    asked = [one for one in standing if one.became != Became.TO_MOVE]
    rounds = list(RescheduleRequest.objects.filter(appointment__in=_appointments(asked)))
    heard = sent.have_left(rounds)
    return {one.appointment_id for one in rounds if one.pk in heard}


def _besides(disruption: Disruption, standing: Collection[Case], *, now: datetime) -> set[int]:
    others = AffectedAppointment.objects.unsettled().filter(appointment__in=_appointments(standing))
    hit_twice = set(others.exclude(disruption=disruption).values_list("appointment", flat=True))
    moved_for_another = {
        one.row.appointment_id
        for one in standing
        if any(round_.is_live and round_.disruption_id != disruption.pk for round_ in one.rounds)
    }
    come = {one.row.appointment_id for one in standing if one.row.appointment.starts_at <= now}
    return hit_twice | moved_for_another | come
