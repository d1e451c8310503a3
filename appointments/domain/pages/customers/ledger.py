"""What our moves have cost a customer, as colleagues and managers read it. Customers never do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments.domain.disruptions import inconvenience
from appointments.domain.disruptions.inconvenience import Entry
from appointments.models import Customer

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    """One move, with what it cost when it happened and what of that counts today."""

    entry: Entry

    @property
    def waited_hours(self) -> float:
        return self.entry.waited / HOUR


@dataclass(frozen=True)
class Ledger:
    """`weight`: so many times the delay of this customer weighs beside that of somebody whom we have cost nothing."""

    lines: Sequence[Line]
    counts: float
    weight: float

    halved_after: int = inconvenience.HALVED_AFTER.days
    forgotten_after: int = inconvenience.FORGOTTEN_AFTER.days


def ledger_of(customer: Customer, *, now: datetime) -> Ledger:
    """What still counts, the newest first. One query."""
    entries = inconvenience.entries_of(customer.pk, now=now)
    counts = inconvenience.total(entries)
    return Ledger([Line(one) for one in entries], counts, inconvenience.weight(counts))
