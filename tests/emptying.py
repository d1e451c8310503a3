"""Tests empty all tables after themselves, also those of which the database lets nobody else take anything away."""

from django.db.backends.base.base import BaseDatabaseWrapper

GUARDS = """
    SELECT name, sql FROM sqlite_master
    WHERE type = 'trigger' AND name LIKE '%no_delete'
"""


def allowed(connection: BaseDatabaseWrapper, statements: list[str]) -> list[str]:
    """`statements` that empty tables, between those that lift the guards against it and put them back."""
    if connection.vendor == "postgresql":
        setting = "SET LOCAL appointments.may_empty_history ="
        return [f"{setting} on", *statements, f"{setting} off"]
    with connection.cursor() as cursor:
        guards = cursor.execute(GUARDS).fetchall()
    return [*(f"DROP TRIGGER {name}" for name, __ in guards), *statements, *(words for __, words in guards)]
