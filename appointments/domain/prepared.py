"""What is asked and written again and again in one go: put into SQL once, and not each time anew.

Only for what is done for one customer after the other: to put such a statement together takes longer than the database
takes for it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

MOST = 20
"""For more keys at once it is put together each time: then that is not what takes long."""


class Prepared:
    """`rows` (as `values_list`), for some of their primary keys at a time. What comes back is as the database has it:
    numbers and texts, and on SQLite 0 and 1 for false and true.
    """

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._rows = rows
        self._sql: dict[int, tuple[str, tuple[Any, ...]]] = {}

    def __call__(self, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        if not 0 < len(ids) <= MOST:
            return list(self._rows.filter(pk__in=ids))
        if len(ids) not in self._sql:
            # No row has such a number, so these are the places where the numbers go.
            marks = list(range(-len(ids), 0))
            self._sql[len(ids)] = self._rows.filter(pk__in=marks).query.sql_with_params()
        sql, params = self._sql[len(ids)]
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, [ids[one] if type(one) is int and one < 0 else one for one in params])
            return cursor.fetchall()


def insert(rows: Sequence[Model]) -> None:
    """As `bulk_create`, for rows of one table that are new. They have their numbers afterwards."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields, sql = _insert(type(rows[0]), len(rows))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, DEFAULT_DB_ALIAS


@cache
def _insert(model: type[Model], count: int) -> tuple[list[Any], str]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    table, pk = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    return fields, f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * count)} RETURNING {pk}"  # noqa: S608  names
