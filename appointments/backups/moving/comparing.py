"""What is there compared with what is here: every row of every table, and that the guards stand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

from appointments.backups.moving.tables import BATCH, columns, tables
from appointments.backups.moving.target import ALIAS
from notifications.models import Epoch

ITS_OWN: tuple[type[Model], ...] = (Epoch,)
"""Says where a database lives, so it has to differ."""


@dataclass(frozen=True)
class Sum:
    """How many rows, and a number that changes when any value in any of them does, whatever their order."""

    rows: int
    digest: int


def differences() -> dict[str, tuple[Sum, Sum]]:
    """By the name of its table what is here and what is there, where that is not the same."""
    compared = {model._meta.db_table: (total(model, DEFAULT_DB_ALIAS), total(model, ALIAS)) for model in _compared()}
    return {table: pair for table, pair in compared.items() if pair[0] != pair[1]}


def rows() -> int:
    """How many there are in all."""
    return sum(model._base_manager.using(ALIAS).count() for model in tables())


def total(model: type[Model], alias: str) -> Sum:
    fields = columns(model)
    count = digest = 0
    found = model._base_manager.using(alias).values_list(*(one.attname for one in fields))
    for values in found.order_by("pk").iterator(chunk_size=BATCH):
        said = [_plain(field, value) for field, value in zip(fields, values, strict=True)]
        line = json.dumps(said, sort_keys=True, default=str).encode()
        count, digest = count + 1, digest ^ int.from_bytes(hashlib.sha256(line).digest())
    return Sum(count, digest)


def guards_that_lie_down() -> list[str]:
    """Triggers of our tables that are switched off there."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal"
        )
        return [name for (name,) in cursor.fetchall()]


def rules_that_are_missing() -> list[str]:
    """Named constraints and indexes of our models that are not there."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        there = {name for (name,) in cursor.fetchall()}
    named = [one.name for model in tables() for one in (*model._meta.constraints, *model._meta.indexes)]
    return sorted({*named, "occupancy_no_overlap"} - there)


def _compared() -> list[type[Model]]:
    return [model for model in tables() if model not in ITS_OWN]


def _plain(field: Field[Any, Any], value: Any) -> Any:
    """The same for both, whatever each engine keeps it as."""
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return value if isinstance(value, dict | list) or value is None else str(field.get_prep_value(value))
