"""A complaint is closed when each of its points is done, and gets no other point while it is: whoever writes."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_IS_OPEN = """
    NOT EXISTS (SELECT 1 FROM appointments_casepoint WHERE case_id = NEW.id)
    OR EXISTS (SELECT 1 FROM appointments_casepoint WHERE case_id = NEW.id AND done_at IS NULL)
"""
_IS_CLOSED = "EXISTS (SELECT 1 FROM appointments_recoverycase WHERE id = NEW.case_id AND stage = 'closed')"


def _on_postgresql(name: str, table: str, condition: str) -> tuple[tuple[str, str], ...]:
    return (
        (
            f"""
            CREATE FUNCTION appointments_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {condition} THEN
                    RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END $$
            """,
            f"DROP FUNCTION appointments_{name}()",
        ),
        (
            f"""
            CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION appointments_{name}()
            """,
            f"DROP TRIGGER {name} ON {table}",
        ),
    )


def _on_sqlite(name: str, table: str, condition: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            f"""
            CREATE TRIGGER {name}_{when.lower()} BEFORE {when} ON {table}
            WHEN {condition} BEGIN SELECT RAISE(ABORT, '{name}'); END
            """,
            f"DROP TRIGGER {name}_{when.lower()}",
        )
        for when in ("INSERT", "UPDATE")
    )


GUARDS = (
    ("case_has_no_open_point", "appointments_recoverycase", f"NEW.stage = 'closed' AND ({_IS_OPEN})"),
    ("case_point_of_an_open_case", "appointments_casepoint", _IS_CLOSED),
)


def _guards(vendor: str) -> list[tuple[str, str]]:
    write = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}[vendor]
    return [statements for guard in GUARDS for statements in write(*guard)]


def put_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement, __ in _guards(editor.connection.vendor):
        editor.execute(statement)


def take_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for __, statement in reversed(_guards(editor.connection.vendor)):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0024_recovery_cases")]

    operations = [migrations.RunPython(put_up, take_down)]
