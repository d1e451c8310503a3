"""What PostgreSQL and SQLite write differently, for the statements that a search for free times begins with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

OF_THESE = {
    "postgresql": "{column} = ANY(%({name})s::bigint[])",
    "sqlite": "{column} IN (SELECT value FROM json_each(%({name})s))",
}
# PostgreSQL looks up each row among those of a sub-select, where it would compare it with all of an array.
NONE_OF_THESE = {
    "postgresql": "{column} NOT IN (SELECT UNNEST(%(ignoring)s::bigint[]))",
    "sqlite": "{column} NOT IN (SELECT value FROM json_each(%(ignoring)s))",
}


def of_these(column: str = "resource_id", *, name: str = "ids") -> str:
    """A test for many rows at once: `name` is one parameter, however many there are."""
    return OF_THESE[connection.vendor].format(column=column, name=name)


def none_of_these(column: str) -> str:
    """The contrary, of the parameter `ignoring`."""
    return NONE_OF_THESE[connection.vendor].format(column=column)


def ids_as_one(ids: Iterable[int]) -> str:
    """The parameter of `of_these`, and `ignoring` of `none_of_these`."""
    # As text on both: a list of a thousand would cost the driver more than the database.
    text = ",".join(map(str, ids))
    return f"{{{text}}}" if connection.vendor == "postgresql" else f"[{text}]"


def moment(value: datetime) -> Any:
    """A parameter that compares with a stored time."""
    return connection.ops.adapt_datetimefield_value(value)
