"""Whom some words mean: customers by name, phone or e-mail, each with the next appointment and the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from appointments.enums import AppointmentState
from appointments.models import Appointment, Customer
from appointments.models.appointment import AppointmentQuerySet

PAGE = 25


@dataclass(frozen=True)
class Found:
    """A page of customers in the order of their names, each with what stands next and what was last; `following` is the
    id to go on after, if there are more.
    """

    rows: list[tuple[Customer, list[Appointment]]]
    following: int | None = None


def found(words: str, within: AppointmentQuerySet, *, now: datetime, after: int = 0, page: int = PAGE) -> Found:
    """Who fits `words`, from the customer `after` on; of their appointments those of `within`. Three queries."""
    if not words:
        return Found([])
    own = within.filter(customer=OuterRef("pk"))
    coming = own.filter(state=AppointmentState.BOOKED, starts_at__gt=now).order_by("starts_at", "pk")
    past = own.filter(starts_at__lte=now).order_by("-starts_at", "-pk")
    rows = Customer.objects.matching(words).order_by("name", "pk")
    last = Customer.objects.filter(pk=after).values_list("name", flat=True).first() if after else None
    if last is not None:
        rows = rows.filter(Q(name__gt=last) | Q(name=last, pk__gt=after))
    beside = {"coming": Subquery(coming.values("pk")[:1]), "past": Subquery(past.values("pk")[:1])}
    some = list(rows.annotate(**beside)[: page + 1])
    return Found(_beside(some[:page], within), some[page - 1].pk if len(some) > page else None)


def _beside(customers: Sequence[Any], within: AppointmentQuerySet) -> list[tuple[Customer, list[Appointment]]]:
    wanted = {one.pk: [pk for pk in (one.coming, one.past) if pk] for one in customers}
    ids = {pk for pks in wanted.values() for pk in pks}
    rows = within.in_bulk(ids) if ids else {}
    return [(one, [rows[pk] for pk in wanted[one.pk]]) for one in customers]
