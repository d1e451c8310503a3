"""Somebody who was forgotten: only then the past lets words be taken out of it, and nothing but words: whoever writes."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from appointments import guards


_FORGOTTEN = """EXISTS (
    SELECT 1 FROM appointments_appointment JOIN appointments_customer
    ON appointments_customer.id = appointments_appointment.customer_id
    WHERE appointments_appointment.id = {} AND appointments_customer.forgotten_at IS NOT NULL
)"""
_CASE = "(SELECT appointment_id FROM appointments_recoverycase WHERE id = NEW.case_id)"
_CASE_IS_CLOSED = "EXISTS (SELECT 1 FROM appointments_recoverycase WHERE id = NEW.case_id AND stage = 'closed')"
_FACTS_OF_HISTORY = ("id", "appointment_id", "request_id", "at", "kind", "actor_kind", "actor_id", "before", "after")
_FACTS_OF_A_POINT = ("id", "case_id", "confirmed_at", "action", "decided_at", "promise_id", "done_at")
_VALUE = ("code", "appointment_id", "request_id", "point_id", "benefit", "amount", "amount_currency", "percent", "worth")
_DECISION = ("state", "made_at", "made_by_id", "valid_until", "decided_at", "decided_by_id", "redeemed_at")
_HAS_ENDED = "OLD.state IN ('redeemed', 'refused', 'withdrawn')"
_GRANTED_TWICE = "OLD.state <> 'waiting' AND NEW.state = 'waiting'"


def _differ(columns: tuple[str, ...], sign: str) -> str:
    return " OR ".join(f"NEW.{column} {sign} OLD.{column}" for column in columns)


def _conditions(sign: str, *, words_only: bool) -> dict[str, str]:
    """When an update is refused, by the name of the rule; without `words_only` as it was before."""
    if not words_only:
        return {
            "appointmentevent_append_only": "TRUE",
            "case_point_of_an_open_case_update": _CASE_IS_CLOSED,
            "compensation_has_ended": f"{_HAS_ENDED} OR {_GRANTED_TWICE} OR {_differ(_VALUE, sign)}",
        }
    history = f"{_differ(_FACTS_OF_HISTORY, sign)} OR NOT {_FORGOTTEN.format('NEW.appointment_id')}"
    point = f"{_differ(_FACTS_OF_A_POINT, sign)} OR NOT {_FORGOTTEN.format(_CASE)}"
    ended = f"{_differ(_DECISION, sign)} OR NOT {_FORGOTTEN.format('NEW.appointment_id')}"
    return {
        "appointmentevent_append_only": history,
        "case_point_of_an_open_case_update": f"{_CASE_IS_CLOSED} AND ({point})",
        "compensation_has_ended": (
            f"{_HAS_ENDED} AND ({ended}) OR {_GRANTED_TWICE} OR {_differ(_VALUE, sign)}"
        ),
    }


_IS_GONE = "EXISTS (SELECT 1 FROM appointments_customermerge WHERE gone_id = NEW.customer_id AND undone_at IS NULL)"
_WAS_FORGOTTEN = (
    "EXISTS (SELECT 1 FROM appointments_customer WHERE id = NEW.customer_id AND forgotten_at IS NOT NULL)"
)
_TABLES = {
    "appointmentevent_append_only": ("appointments_appointmentevent", "history_is_append_only"),
    "case_point_of_an_open_case_update": ("appointments_casepoint", "case_point_of_an_open_case"),
    "compensation_has_ended": ("appointments_compensation", "compensation_has_ended"),
}


def _on_sqlite(*, words_only: bool) -> list[str]:
    statements = []
    for name, condition in _conditions("IS NOT", words_only=words_only).items():
        table, rule = _TABLES[name]
        statements += [
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{rule}'); END",
        ]
    for name, what in (("customer_is_gone_new", "INSERT"), ("customer_is_gone", "UPDATE OF customer_id")):
        statements += [
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} BEFORE {what} ON appointments_appointment WHEN {_nobody(words_only)} "
            "BEGIN SELECT RAISE(ABORT, 'customer_is_gone'); END",
        ]
    return statements


def _nobody(words_only: bool) -> str:
    """When nothing can be booked for a customer."""
    return f"{_IS_GONE} OR {_WAS_FORGOTTEN}" if words_only else _IS_GONE


_LOCK = "PERFORM 1 FROM appointments_customer WHERE id = NEW.customer_id FOR KEY SHARE;"


def _on_postgresql(*, words_only: bool) -> list[str]:
    """Functions are replaced where nothing else calls them; history gets one of its own, for the audit keeps the other."""
    refused = _conditions("IS DISTINCT FROM", words_only=words_only)
    point = refused["case_point_of_an_open_case_update"]
    own = _function("history_lets_words_go", refused["appointmentevent_append_only"], rule="history_is_append_only")
    update = "history_lets_words_go" if words_only else "history_is_append_only"
    return [
        *([own] if words_only else []),
        "DROP TRIGGER appointmentevent_append_only ON appointments_appointmentevent",
        f"""
        CREATE TRIGGER appointmentevent_append_only BEFORE UPDATE ON appointments_appointmentevent
        FOR EACH ROW EXECUTE FUNCTION appointments_{update}()
        """,
        *([] if words_only else ["DROP FUNCTION appointments_history_lets_words_go()"]),
        _function(
            "case_point_of_an_open_case", f"TG_OP = 'INSERT' AND {_CASE_IS_CLOSED} OR TG_OP = 'UPDATE' AND ({point})"
        ),
        _function("compensation_has_ended", refused["compensation_has_ended"]),
        _function("customer_is_gone", _nobody(words_only), first=_LOCK),
    ]


def _function(name: str, condition: str, *, first: str = "", rule: str = "") -> str:
    return f"""
        CREATE OR REPLACE FUNCTION appointments_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {first}
            IF {condition} THEN
                RAISE EXCEPTION '{rule or name}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
    """


def _write(editor: BaseDatabaseSchemaEditor, *, words_only: bool) -> None:
    statements = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}[editor.connection.vendor]
    for statement in statements(words_only=words_only):
        editor.execute(statement, params=None)


def let_words_go(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _write(editor, words_only=True)


def as_before(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _write(editor, words_only=False)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0052_people")]

    operations = [
        migrations.RunPython(guards.take_down, guards.put_up),
        migrations.AddField(
            "customer",
            "forgotten_at",
            models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Nothing is left of who they were.",
                null=True,
                verbose_name="forgotten",
            ),
        ),
        migrations.AlterModelOptions(
            "customer",
            options={
                "ordering": ("name", "pk"),
                "permissions": (("forget_customer", "Can hand over and forget what is kept of a customer"),),
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
            },
        ),
        migrations.RunPython(guards.put_up, guards.take_down),
        migrations.RunPython(let_words_go, as_before),
    ]
