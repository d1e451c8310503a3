"""Everything about one customer on one page: appointments, what we promised, what they told us, what we gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from appointments.domain.pages.customers.ledger import Ledger, ledger_of
from appointments.enums import GIVEN, AppointmentState, PromiseKind, PromiseState
from appointments.models import Answer, Appointment, Compensation, Customer, Promise, RecoveryCase

SHOWN = 20
"""Of what has passed, the newest; each appointment has its whole story."""


@dataclass(frozen=True)
class Whole:
    """`coming` the soonest first, everything else the newest first. `kept` of `promised` promises by the first hour."""

    coming: Sequence[Appointment]
    past: Sequence[Appointment]
    more_past: int
    owed: Sequence[Promise]
    kept: int
    promised: int
    told: Sequence[Answer]
    complaints: Sequence[RecoveryCase]
    given: Sequence[Compensation]
    ledger: Ledger


def whole(customer: Customer, appointments: QuerySet[Appointment], *, now: datetime) -> Whole:
    """Of those `appointments` that the reader may see. Nine queries, however long we know each other."""
    own = appointments.filter(customer=customer)
    coming = own.filter(state=AppointmentState.BOOKED, ends_at__gt=now).order_by("starts_at", "pk")
    past = own.exclude(state=AppointmentState.BOOKED, ends_at__gt=now).order_by("-starts_at", "-pk")
    here: dict[str, Any] = {"appointment__in": own.order_by().values("pk")}
    owed = Promise.objects.open().filter(**here).exclude(kind=PromiseKind.HOLD).for_display()
    told = Answer.objects.filter(request__appointment__in=own.order_by().values("pk")).exclude(words="")
    counted = _promises(here)
    return Whole(
        coming=list(coming),
        past=list(past[:SHOWN]),
        more_past=max(0, past.count() - SHOWN),
        owed=list(owed.order_by("due_at", "pk")),
        kept=counted["kept"],
        promised=counted["promised"],
        told=list(told.select_related("request__appointment__location").order_by("-at", "-pk")[:SHOWN]),
        complaints=list(RecoveryCase.objects.filter(**here).for_display()[:SHOWN]),
        given=list(Compensation.objects.filter(**here, state__in=GIVEN).for_display()[:SHOWN]),
        ledger=ledger_of(customer, now=now),
    )


def _promises(here: dict[str, Any]) -> dict[str, int]:
    settled = Promise.objects.filter(**here, state__in=(PromiseState.KEPT, PromiseState.BROKEN))
    on_time = Q(state=PromiseState.KEPT, slipped_at__isnull=True, broken_at__isnull=True)
    return settled.exclude(kind=PromiseKind.HOLD).aggregate(kept=Count("pk", filter=on_time), promised=Count("pk"))
