"""How many stand in each queue: the numbers in the head of every page, counted where the pages have their rows from."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet, Value

from appointments.domain.colleagues import within_reach
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.domain.pages.queues.moment import Moment
from appointments.models import RecoveryCase

OVERDUE, COMPLAINTS = "overdue", "complaints"
"""No queues of their own: what of all promises is late, and the complaints that are not closed."""
IN_THE_HEAD = ("nobody-answers", "to-move", "untold", "waiting", "calls", OVERDUE, COMPLAINTS)
EVERYTHING = (*QUEUES, OVERDUE, COMPLAINTS)


ENOUGH = 1_000
"""So many are counted, and whoever reads the number is told that there may be more: nobody works through them by hand,
and a head that counts a hundred thousand makes every page wait for it.
"""


def counts(names: Iterable[str], moment: Moment) -> dict[str, int]:
    """By its name how many stand in each, `ENOUGH` at most. One query; one more where the clocks of places decide."""
    wanted = {name: _rows(name, moment) for name in names}
    first, *rest = (_counted(name, rows) for name, rows in wanted.items())
    return dict.fromkeys(wanted, 0) | dict(first.union(*rest, all=True) if rest else first)


def _rows(name: str, moment: Moment) -> QuerySet[Any]:
    if name == OVERDUE:
        every = QUEUES["promises"]
        return every.rows(moment).filter(every.source.is_overdue(moment))
    if name == COMPLAINTS:
        return within_reach(RecoveryCase.objects.open(), moment.reader, place="appointment__location")
    return QUEUES[name].rows(moment)


def at_most(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`ENOUGH` of them, whichever."""
    found: QuerySet[Any] = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk")[:ENOUGH])
    return found


def _counted(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """One row: the name, and how many there are; none where there are none."""
    return at_most(rows).order_by().values(name=Value(name)).annotate(count=Count("pk")).values_list("name", "count")
