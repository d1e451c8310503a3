"""A doctor who is away on Tuesday, and whoever is booked with her: what stories of disruptions begin with."""

from datetime import datetime
from typing import Any

from appointments.domain import actors
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import declare, sending
from appointments.domain.disruptions.declare import Entry
from appointments.domain.disruptions.planning import plans
from appointments.enums import DisruptionScope
from appointments.models import Appointment, Disruption, DisruptionPlan, PlanLine
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory

TUESDAY = "2026-11-24"
AFTERWARDS = NOW + minutes(1)


def booked_on_tuesday(melati: Clinic, *hours: int, **fields: Any) -> list[Appointment]:
    """One customer each, with the provider, at these full hours."""
    return [melati.booked(f"{TUESDAY} {hour:02}:00", **{"customer": CustomerFactory(), **fields}) for hour in hours]


def away(melati: Clinic, since: str = f"{TUESDAY} 00:00", until: str | None = f"{TUESDAY} 23:45") -> WhatIsMissing:
    return WhatIsMissing(
        DisruptionScope.RESOURCES,
        melati.location,
        at(since),
        at(until) if until else None,
        (melati.provider.pk,),
    )


def entered(melati: Clinic, missing: WhatIsMissing | None = None, *, now: datetime = NOW, **said: Any) -> Disruption:
    """What `staff` enters: by default the provider is away all Tuesday."""
    entry = Entry(missing or away(melati), reason=melati.reason, **said)
    return declare.declare(entry, by=actors.staff(melati.staff), now=now)[0]


def planned(melati: Clinic, disruption: Disruption | None = None, *, now: datetime = NOW) -> DisruptionPlan:
    """The first plan for all whom it hits."""
    plan = plans.begin(disruption or entered(melati, now=now), by=melati.staff, now=now)
    return plans.make(plan, now=now)


def line_of(plan: DisruptionPlan, appointment: Appointment) -> PlanLine:
    line: PlanLine = plan.lines.for_display().get(appointment=appointment)
    return line


def sent(melati: Clinic, plan: DisruptionPlan, *, now: datetime = AFTERWARDS) -> DisruptionPlan:
    sending.ask(plan, by=melati.staff, now=NOW)
    sending.send_due(now=now)
    plan.refresh_from_db()
    return plan


def states(plan: DisruptionPlan) -> list[str]:
    return list(plan.lines.order_by("appointment__starts_at", "pk").values_list("state", flat=True))
