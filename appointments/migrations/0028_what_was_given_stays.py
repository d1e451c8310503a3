"""What was given stays what it was, and a table that was in force stays as it was: whoever writes."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_VALUE = ("code", "appointment_id", "request_id", "point_id", "benefit", "amount", "amount_currency", "percent", "worth")


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def _was_in_force(row: str) -> str:
    tables = "SELECT 1 FROM appointments_compensationtable"
    return f"EXISTS ({tables} WHERE id = {row}.table_id AND state <> 'draft')"


def _guards(differs: str) -> tuple[tuple[str, str, str, str], ...]:
    """Name, table, what is done to it, and when that is refused. `differs`: how the engine compares what may be NULL."""
    gone = "OLD.state IN ('redeemed', 'refused', 'withdrawn')"
    granted = "OLD.state <> 'waiting' AND NEW.state = 'waiting'"
    return (
        (
            "compensation_has_ended",
            "appointments_compensation",
            "UPDATE",
            f"{gone} OR {granted} OR {_changed(_VALUE, differs)}",
        ),
        ("compensation_rule_is_kept_new", "appointments_compensationrule", "INSERT", _was_in_force("NEW")),
        (
            "compensation_rule_is_kept",
            "appointments_compensationrule",
            "UPDATE",
            f"{_was_in_force('OLD')} OR {_was_in_force('NEW')}",
        ),
        ("compensation_rule_no_delete", "appointments_compensationrule", "DELETE", _was_in_force("OLD")),
        (
            "compensation_table_goes_on",
            "appointments_compensationtable",
            "UPDATE",
            "(OLD.state = 'past' AND NEW.state <> 'past') OR (OLD.state = 'in_force' AND NEW.state = 'draft')",
        ),
    )


def _on_postgresql() -> list[tuple[str, str]]:
    statements = []
    for name, table, what, condition in _guards("IS DISTINCT FROM"):
        back = "OLD" if what == "DELETE" else "NEW"
        statements += [
            (
                f"""
                CREATE FUNCTION appointments_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF {condition} THEN
                        RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN {back};
                END $$
                """,
                f"DROP FUNCTION appointments_{name}()",
            ),
            (
                f"""
                CREATE TRIGGER {name} BEFORE {what} ON {table}
                FOR EACH ROW EXECUTE FUNCTION appointments_{name}()
                """,
                f"DROP TRIGGER {name} ON {table}",
            ),
        ]
    return statements


def _on_sqlite() -> list[tuple[str, str]]:
    return [
        (
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{name}'); END",
            f"DROP TRIGGER {name}",
        )
        for name, table, what, condition in _guards("IS NOT")
    ]


def _statements(vendor: str) -> list[tuple[str, str]]:
    return {"postgresql": _on_postgresql, "sqlite": _on_sqlite}[vendor]()


def put_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement, __ in _statements(editor.connection.vendor):
        editor.execute(statement)


def take_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for __, statement in reversed(_statements(editor.connection.vendor)):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0027_compensation")]

    operations = [migrations.RunPython(put_up, take_down)]
