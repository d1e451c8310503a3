"""What PostgreSQL and SQLite write differently, for the two statements that a search for free times begins with."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

OF_THESE = {
    "postgresql": "resource_id = ANY(%(ids)s::bigint[])",
    "sqlite": "resource_id IN (SELECT value FROM json_each(%(ids)s))",
}


def of_these() -> str:
    """A test for many resources at once: `ids` is one parameter, however many there are."""
    return OF_THESE[connection.vendor]


def ids_as_one(ids: Iterable[int]) -> Any:
    """The parameter `ids` of `of_these`."""
    return list(ids) if connection.vendor == "postgresql" else json.dumps(list(ids))


def moment(value: datetime) -> Any:
    """A parameter that compares with a stored time."""
    return connection.ops.adapt_datetimefield_value(value)
