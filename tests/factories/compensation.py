"""Tables of what we give, and who may give how much."""

from typing import Any

from django.contrib.auth.models import Group, User
from djmoney.money import Money

from appointments.enums import Benefit, CompensationState, Fault, TableState
from appointments.models import (
    Appointment,
    Compensation,
    CompensationAuthority,
    CompensationBudget,
    CompensationRule,
    CompensationTable,
    Location,
)
from tests.clock import NOW, days


def rupiah(amount: int) -> Money:
    return Money(amount, "IDR")


def rule(table: CompensationTable | None = None, *, save: bool = True, **fields: Any) -> CompensationRule:
    """An amount of 50,000 for whoever we move, unless `fields` say otherwise."""
    values: dict[str, Any] = {"fault": Fault.OURS, "benefit": Benefit.MONEY} | fields
    if values["benefit"] == Benefit.MONEY:
        values.setdefault("amount", rupiah(50_000))
        values.setdefault("worth", values["amount"])
    made = CompensationRule(table=table, **values)
    if save:
        made.save()
    return made


def table_in_force(*rows: dict[str, Any], since: Any = None) -> CompensationTable:
    """A table with these rows, in their order, in force for a month; by default with one that gives 50,000."""
    table = CompensationTable.objects.create(title="What we give")
    for position, row in enumerate(rows or ({},), start=1):
        rule(table, position=position, **row)
    table.state, table.since = TableState.IN_FORCE, since or NOW - days(30)
    table.save()
    return table


def may_give(user: User, most: int) -> None:
    """`user` gets a role that may give so much alone."""
    group = Group.objects.create(name=f"Gives {most} ({user.pk})")
    user.groups.add(group)
    CompensationAuthority.objects.create(group=group, most=rupiah(most))


def set_aside(limit: int, *, location: Location | None = None, period: str = "month") -> CompensationBudget:
    return CompensationBudget.objects.create(location=location, period=period, limit=rupiah(limit))


def compensation(appointment: Appointment, **fields: Any) -> Compensation:
    """An amount of 50,000 that was given with the last round of `appointment` and can be used for half a year."""
    values: dict[str, Any] = {
        "request": appointment.requests.order_by("-round").first(),
        "benefit": Benefit.MONEY,
        "amount": rupiah(50_000),
        "worth": rupiah(50_000),
        "state": CompensationState.ISSUED,
        "made_at": NOW,
        "valid_until": NOW + days(180),
    }
    return Compensation.objects.create(appointment=appointment, **values | fields)
