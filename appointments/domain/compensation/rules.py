"""The table that is in force."""

from datetime import datetime

from appointments.enums import TableState
from appointments.models import CompensationRule, CompensationTable


def in_force() -> list[CompensationRule]:
    """The rows of the table in force, in their order; none where there is no table. One query."""
    return list(CompensationRule.objects.filter(table__state=TableState.IN_FORCE).order_by("position", "pk"))


def in_force_at(moment: datetime) -> CompensationTable | None:
    """The table that was in force then."""
    begun = CompensationTable.objects.filter(since__lte=moment).exclude(until__lte=moment)
    return begun.order_by("-since").first()
