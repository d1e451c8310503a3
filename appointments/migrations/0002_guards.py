"""What the database refuses by itself, whoever writes: overlaps on a timeline, and changes of history.

PostgreSQL: an exclusion constraint. `int8range(id, id, '[]')` stands for equality of the resource, because GiST has
no equality of integers without an extension. SQLite: triggers that raise. Both name the rule in their message.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = (
    (
        """
        ALTER TABLE appointments_occupancy ADD CONSTRAINT occupancy_no_overlap EXCLUDE USING gist (
            int8range(resource_id, resource_id, '[]') WITH &&,
            tstzrange(starts_at, ends_at, '[)') WITH &&
        )
        """,
        "ALTER TABLE appointments_occupancy DROP CONSTRAINT occupancy_no_overlap",
    ),
    (
        """
        CREATE FUNCTION appointments_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'history_is_append_only' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        "DROP FUNCTION appointments_history_is_append_only()",
    ),
    (
        """
        CREATE TRIGGER appointmentevent_append_only BEFORE UPDATE OR DELETE ON appointments_appointmentevent
        FOR EACH ROW EXECUTE FUNCTION appointments_history_is_append_only()
        """,
        "DROP TRIGGER appointmentevent_append_only ON appointments_appointmentevent",
    ),
)

_OVERLAP = """
    BEGIN SELECT RAISE(ABORT, 'occupancy_no_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments_occupancy AS other
        WHERE other.resource_id = NEW.resource_id AND other.id IS NOT NEW.id
          AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
    ); END
"""
SQLITE = (
    (
        f"CREATE TRIGGER occupancy_no_overlap_insert BEFORE INSERT ON appointments_occupancy {_OVERLAP}",
        "DROP TRIGGER occupancy_no_overlap_insert",
    ),
    (
        f"CREATE TRIGGER occupancy_no_overlap_update BEFORE UPDATE ON appointments_occupancy {_OVERLAP}",
        "DROP TRIGGER occupancy_no_overlap_update",
    ),
    (
        """
        CREATE TRIGGER appointmentevent_append_only BEFORE UPDATE ON appointments_appointmentevent
        BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END
        """,
        "DROP TRIGGER appointmentevent_append_only",
    ),
    (
        """
        CREATE TRIGGER appointmentevent_no_delete BEFORE DELETE ON appointments_appointmentevent
        WHEN EXISTS (SELECT 1 FROM appointments_appointment WHERE id = OLD.appointment_id)
        BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END
        """,
        "DROP TRIGGER appointmentevent_no_delete",
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
    dependencies = [("appointments", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down)]
