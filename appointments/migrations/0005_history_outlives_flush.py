"""What goes round the triggers on history: emptying its table as a whole, or its appointments first.

PostgreSQL: `flush` truncates, which no trigger on rows sees. Who builds a database only to empty it again (the tests)
says so in its session first: SET appointments.may_empty_history = on. SQLite: an appointment with a history stays, so
that its history is never without it and free to go.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = (
    (
        """
        CREATE FUNCTION appointments_history_outlives_flush() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF coalesce(current_setting('appointments.may_empty_history', true), '') <> 'on' THEN
                RAISE EXCEPTION 'history_is_append_only' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
        """,
        "DROP FUNCTION appointments_history_outlives_flush()",
    ),
    (
        """
        CREATE TRIGGER appointmentevent_no_truncate BEFORE TRUNCATE ON appointments_appointmentevent
        FOR EACH STATEMENT EXECUTE FUNCTION appointments_history_outlives_flush()
        """,
        "DROP TRIGGER appointmentevent_no_truncate ON appointments_appointmentevent",
    ),
)
SQLITE = (
    (
        """
        CREATE TRIGGER appointment_no_delete BEFORE DELETE ON appointments_appointment
        WHEN EXISTS (SELECT 1 FROM appointments_appointmentevent WHERE appointment_id = OLD.id)
        BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END
        """,
        "DROP TRIGGER appointment_no_delete",
    ),
)


def _guards(vendor: str) -> tuple[tuple[str, str], ...]:
    return {"postgresql": POSTGRESQL, "sqlite": SQLITE}[vendor]


def put_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement, __ in _guards(editor.connection.vendor):
        editor.execute(statement)


def take_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for __, statement in reversed(_guards(editor.connection.vendor)):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_replies_and_lists")]

    operations = [migrations.RunPython(put_up, take_down)]
