"""What the clinic gives when a move was its doing: a table in force, a budget, and who may give how much."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from djmoney.money import Money

from appointments import roles
from appointments.enums import ApologyLevel, Benefit, Fault, TableState
from appointments.models import (
    CompensationAuthority,
    CompensationBudget,
    CompensationRule,
    CompensationTable,
)

BEGUN = timedelta(days=400)
FREE_CHECK = {
    "en": "a free blood pressure and blood sugar check",
    "id": "pemeriksaan tekanan darah dan gula darah gratis",
}
ROWS: tuple[dict[str, object], ...] = (
    {"notice_hours": 48, "moves": 2, "benefit": Benefit.MONEY, "amount": 150_000},
    {"notice_hours": 48, "benefit": Benefit.MONEY, "amount": 75_000},
    {"moves": 2, "benefit": Benefit.MONEY, "amount": 75_000},
    {"wait_days": 3, "benefit": Benefit.EXTRA, "words": FREE_CHECK, "worth": 40_000},
    {"benefit": Benefit.NOTHING},
    {"fault": Fault.NOBODY, "benefit": Benefit.NOTHING, "apology": ApologyLevel.REGRET},
)
"""The first that fits is the one: short notice, twice within a year, a long wait."""
BUDGET, LEADS_MAY, MANAGERS_MAY = 10_000_000, 150_000, 1_000_000


def write(*, now: datetime) -> None:
    """Stores the table, what is set aside for a month, and who may give how much alone."""
    table = CompensationTable.objects.create(title="What we give for moves of our making")
    for position, row in enumerate(ROWS, start=1):
        money = {name: Money(row[name], "IDR") for name in ("amount", "worth") if name in row}
        money.setdefault("worth", money.get("amount", Money(0, "IDR")))
        values = {"fault": Fault.OURS, "apology": ApologyLevel.RESPONSIBLE} | row | money
        CompensationRule.objects.create(table=table, position=position, **values)
    table.state, table.since = TableState.IN_FORCE, now - BEGUN
    table.save()
    CompensationBudget.objects.create(limit=Money(BUDGET, "IDR"))
    for role, most in ((roles.LEADS, LEADS_MAY), (roles.MANAGERS, MANAGERS_MAY)):
        CompensationAuthority.objects.create(group=Group.objects.get(name=role), most=Money(most, "IDR"))
