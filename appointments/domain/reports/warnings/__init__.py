"""What may go wrong before it does, in the few places where somebody can still do something about it.

Of places, services and things, and of who can stand in; nobody is measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from appointments.domain.colleagues import Places
from appointments.domain.reports.warnings.crowding import Full, full
from appointments.domain.reports.warnings.people import LeansOnOne, NobodyThere, about_people, who_can
from appointments.domain.reports.warnings.telling import LastChance, last_chance
from appointments.domain.reports.warnings.upkeep import DueForUpkeep, due_for_upkeep
from appointments.models import CorrectiveAction


@dataclass(frozen=True)
class Warnings:
    telling: LastChance
    leaning: Sequence[LeansOnOne]
    empty: Sequence[NobodyThere]
    full: Sequence[Full]
    upkeep: Sequence[DueForUpkeep]
    late: Sequence[CorrectiveAction]


def warnings(*, now: datetime, today: date, places: Places = None) -> Warnings:
    """Of `places`, and of what is changed everywhere; the most urgent first in each.

    Twelve queries, and one for each place.
    """
    who = who_can(places=places)
    leaning, empty = about_people(who, now=now)
    late = CorrectiveAction.objects.filter(works_since=None, given_up="", due_on__lt=today).select_related("owner")
    if places is not None:
        late = late.filter(Q(location__in=places) | Q(location=None))
    return Warnings(
        telling=last_chance(now=now, places=places),
        leaning=leaning,
        empty=empty,
        full=full(who, now=now),
        upkeep=due_for_upkeep(today=today, now=now, places=places),
        late=list(late.order_by("due_on", "pk")),
    )


__all__ = ["DueForUpkeep", "Full", "LastChance", "LeansOnOne", "NobodyThere", "Warnings", "warnings"]
