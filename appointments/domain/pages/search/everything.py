"""What some words mean, whatever it is: what has a number, customers, who and what works here, what can be booked."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q, QuerySet

from appointments.domain.pages.customers.found import PAGE, Found, found
from appointments.models import Appointment, Compensation, Location, RecoveryCase, Resource, Service
from appointments.models.appointment import AppointmentQuerySet
from appointments.models.recovery import CaseQuerySet, CompensationQuerySet
from appointments.models.rescheduling import RequestQuerySet
from notifications.text.cleaning import fold, sought

MOST = 12
"""Of one kind; customers go on page by page."""

_NUMBER = re.compile(r"#?(\d{1,9})")

Row = TypeVar("Row", Resource, Service)

NOBODY = Found([])


@dataclass(frozen=True, kw_only=True)
class Within:
    """What the reader may see."""

    appointments: AppointmentQuerySet
    rounds: RequestQuerySet
    codes: CompensationQuerySet
    cases: CaseQuerySet
    resources: QuerySet[Resource]


@dataclass(frozen=True, kw_only=True)
class Everything:
    """What fits, by kind. `resources` come with the day that it is at their place."""

    appointments: Sequence[Appointment] = ()
    codes: Sequence[Compensation] = ()
    complaints: Sequence[RecoveryCase] = ()
    customers: Found = NOBODY
    resources: Sequence[tuple[Resource, date]] = ()
    services: Sequence[Service] = ()

    @property
    def numbered(self) -> int:
        """How many have the very number."""
        return len(self.appointments) + len(self.codes) + len(self.complaints)

    @property
    def count(self) -> int:
        return self.numbered + len(self.customers.rows) + len(self.resources) + len(self.services)


def everything(words: str, within: Within, *, now: datetime, after: int = 0, page: int = PAGE) -> Everything:
    """All that fits `words`; of customers a page, from the one `after` on. At most eight queries."""
    parts = sought(words)
    if not parts:
        return Everything()
    is_reference = any(mark.isdigit() for mark in words)
    resources = _fitting(within.resources, parts, _said_of_resource)
    return Everything(
        appointments=_of_number(words, within) if is_reference else (),
        codes=list(within.codes.of_code(words)),
        complaints=list(within.cases.of_number(words).for_display()[:MOST]) if is_reference else (),
        customers=found(words, within.appointments, now=now, after=after, page=page),
        resources=[(one, _today(one.location, now)) for one in resources],
        services=_fitting(Service.objects.filter(is_active=True), parts, _said_of_service),
    )


def _of_number(words: str, within: Within) -> list[Appointment]:
    """The appointment or the case that has this number."""
    if number := _NUMBER.fullmatch(words):
        wanted = Q(pk=int(number[1]))
    else:
        wanted = Q(requests__in=within.rounds.of_case(words))
    return list(within.appointments.filter(wanted))


def _fitting(rows: Iterable[Row], parts: Sequence[str], said: Callable[[Row], str]) -> list[Row]:
    """Those whose names hold each of the words, at most `MOST`: a business has some dozens of either kind."""
    return [one for one in rows if all(part in said(one) for part in parts)][:MOST]


def _said_of_resource(resource: Resource) -> str:
    return fold(f"{resource.name} {resource.get_kind_display()} {resource.location.name}")


def _said_of_service(service: Service) -> str:
    """In every language: a caller may use another one than the reader."""
    return fold(" ".join([service.code, *map(str, service.name.data.values())]))


def _today(place: Location, now: datetime) -> date:
    return now.astimezone(place.tzinfo).date()
