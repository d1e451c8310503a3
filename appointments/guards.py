"""The triggers that keep rules which no constraint can, while a migration changes a table under them.

SQLite builds a table anew to change it: guards on it would be gone afterwards, and those that speak of it cannot stand
meanwhile. A migration that adds to a table puts its operations between `take_down` and `put_up`.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_taken_down: dict[str, list[str]] = {}
"""The statements of the guards, by database."""


def take_down(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """All of them, on SQLite; elsewhere they stay."""
    if editor.connection.vendor != "sqlite":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        guards = cursor.fetchall()
    _taken_down[editor.connection.alias] = [statement for _name, statement in guards]
    for name, _statement in guards:
        editor.execute(f'DROP TRIGGER "{name}"')


def put_up(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Those that were taken down, word for word."""
    for statement in _taken_down.pop(editor.connection.alias, []):
        editor.execute(statement, params=None)
