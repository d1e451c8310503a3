"""Every row as it is, under its own number; what PostgreSQL does not take is named, row by row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from appointments.backups.moving.tables import BATCH, columns, tables
from appointments.backups.moving.target import ALIAS, PUT_THERE_BY_MIGRATIONS

ENOUGH = 50
"""So many faults are named; then nobody reads on."""

Say = Callable[[str, int], None]


@dataclass(frozen=True)
class Refused:
    """A row that SQLite let pass."""

    table: str
    key: Any
    why: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.why}"


class RefusedRows(Exception):
    """PostgreSQL does not take these; nothing was moved."""

    def __init__(self, rows: list[Refused]) -> None:
        super().__init__("\n".join(map(str, rows)))
        self.rows = rows


def without_what_they_point_to() -> list[Refused]:
    """Rows here that point to a row that is not there; SQLite checks that only for who asks."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        found = cursor.fetchmany(ENOUGH)
    return [Refused(table, row, f"points to a row of {parent} that is not there") for table, row, parent, _fk in found]


def copy(say: Say) -> None:
    """In the caller's transaction on ALIAS. `say(table, rows)` is told how far it is. Raises RefusedRows."""
    target = connections[ALIAS]
    refused: list[Refused] = []
    with _guards_down(target):
        _empty(target)
        for model in tables():
            _copy_table(model, refused, say)
            if len(refused) >= ENOUGH:
                break
        if refused:
            raise RefusedRows(refused[:ENOUGH])
        with target.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _go_on_counting(target)


@contextmanager
def _guards_down(target: BaseDatabaseWrapper) -> Iterator[None]:
    """The triggers watch over what people do from now on; what has been is copied as it was. They belong to the
    transaction: whatever happens, they stand again after it. Constraints hold all the time.
    """
    names = [target.ops.quote_name(model._meta.db_table) for model in tables()]
    with target.cursor() as cursor:
        for name in names:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    with target.cursor() as cursor:
        for name in names:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def _empty(target: BaseDatabaseWrapper) -> None:
    with target.cursor() as cursor:
        for model in reversed(PUT_THERE_BY_MIGRATIONS):
            cursor.execute(f"DELETE FROM {target.ops.quote_name(model._meta.db_table)}")  # noqa: S608  a name of ours


def _copy_table(model: type[Model], refused: list[Refused], say: Say) -> None:
    table, done, batch = model._meta.db_table, 0, []
    for row in model._base_manager.using(DEFAULT_DB_ALIAS).order_by("pk").iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            refused += _write(model, batch)
            done, batch = done + BATCH, []
            say(table, done)
    refused += _write(model, batch)
    if done or batch:
        say(table, done + len(batch))


def _write(model: type[Model], rows: list[Model]) -> list[Refused]:
    """All at once; one by one only where that is refused, to find out which."""
    if not rows:
        return []
    try:
        _insert(model, rows)
    except (DatabaseError, ValueError) as error:
        if len(rows) == 1:
            return [Refused(model._meta.db_table, rows[0].pk, _why(error))]
        half = len(rows) // 2
        return [*_write(model, rows[:half]), *_write(model, rows[half:])]
    return []


def _insert(model: type[Model], rows: list[Model]) -> None:
    """As they are: no moment of saving is noted, no number is given anew."""
    with transaction.atomic(using=ALIAS):
        manager: Any = model._base_manager.using(ALIAS)
        manager._insert(rows, fields=columns(model), using=ALIAS, raw=True)


def _why(error: Exception) -> str:
    said = getattr(error.__cause__, "diag", None)
    words = [part for part in (said.constraint_name, said.message_primary, said.message_detail) if part] if said else []
    return " · ".join(words) or str(error)


def _go_on_counting(target: BaseDatabaseWrapper) -> None:
    """New rows get the numbers that they would have got here, also where the last ones were taken away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        reached: dict[str, int] = dict(cursor.fetchall())
    with target.cursor() as cursor:
        for model in tables():
            last = reached.get(model._meta.db_table)
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, %s)",
                [target.ops.quote_name(model._meta.db_table), model._meta.pk.column if model._meta.pk else ""],
            )
            (sequence,) = cursor.fetchone()
            if sequence and last:
                cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, last])
