"""How many stand in each queue: the numbers in the head of every page, counted where the pages have their rows from."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from appointments.domain.messages.held.reading import held
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.domain.pages.queues.moment import Moment

OVERDUE, HELD = "overdue", "held"
"""No queues of their own: what of all promises is late, and what has waited for a manager since a restore."""
IN_THE_HEAD = ("nobody-answers", "to-move", "untold", "waiting", "calls", OVERDUE, "complaints", HELD)
EVERYTHING = (*QUEUES, OVERDUE, HELD)
ENOUGH = 1_000
"""So many are counted, and whoever reads the number is told that there may be more: nobody works through them by hand,
and a head that counts a hundred thousand makes every page wait for it.
"""


def counts(names: Iterable[str], moment: Moment) -> dict[str, int]:
    """By its name how many stand in each, `ENOUGH` at most. One query; one more where the clocks of places decide."""
    wanted = {name: _rows(name, moment) for name in names}
    numbers = dict.fromkeys(wanted, 0)
    asked = {name: compiled for name, rows in wanted.items() if (compiled := _compiled(rows))}
    if asked:
        columns = ", ".join(f"(SELECT COUNT(*) FROM ({words}) AS counted)" for words, _values in asked.values())  # noqa: S608  compiled by Django
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns}", [value for _words, values in asked.values() for value in values])
            numbers |= zip(asked, cursor.fetchone(), strict=True)
    return numbers


def _rows(name: str, moment: Moment) -> QuerySet[Any]:
    if name == OVERDUE:
        every = QUEUES["promises"]
        return every.rows(moment).filter(every.source.is_overdue(moment))
    return held() if name == HELD else QUEUES[name].rows(moment)


def at_most(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`ENOUGH` of them, whichever."""
    return rows.order_by()[:ENOUGH]


def _compiled(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """A query of `ENOUGH` of them with its values; None for what is empty whatever the tables hold."""
    try:
        return at_most(rows).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
