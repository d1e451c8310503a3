"""The past lets words go once their time is over, too, and the audit what is older than a year: whoever writes.

Where customers are known already, nothing goes for two weeks: a manager can look at the periods first.
"""

from datetime import timedelta

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

NOTICE = timedelta(days=14)
USUAL = {
    "messages": 365,
    "words": 730,
    "notes": 730,
    "customers": 1095,
    "merges": 30,
    "links": 180,
    "access": 90,
    "invitations": 90,
    "practice": 730,
    "audit": 1825,
}
"""What went before, files and what imports said of their rows, goes on as it did."""

_FORGOTTEN = """EXISTS (
    SELECT 1 FROM appointments_appointment JOIN appointments_customer
    ON appointments_customer.id = appointments_appointment.customer_id
    WHERE appointments_appointment.id = {} AND appointments_customer.forgotten_at IS NOT NULL
)"""
_GONE = "EXISTS (SELECT 1 FROM appointments_wordsgone WHERE appointment_id = {} AND kind = '{}')"
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


def _may_go(appointment: str, words: dict[str, str], sign: str, *, by_time: bool) -> str:
    """Whether the `words`, columns by their kind, may change: of who is forgotten, and what was let go for nothing."""
    forgotten = _FORGOTTEN.format(appointment)
    if not by_time:
        return forgotten
    gone = [
        f"(NOT (NEW.{column} {sign} OLD.{column}) OR NEW.{column} = '–' AND {_GONE.format(appointment, kind)})"
        for column, kind in words.items()
    ]
    return f"({forgotten} OR {' AND '.join(gone)})"


def _conditions(sign: str, *, by_time: bool) -> dict[str, str]:
    """When an update is refused, by the name of the rule."""
    history = _may_go("NEW.appointment_id", {"note": "notes"}, sign, by_time=by_time)
    point = _may_go(_CASE, {"words": "words", "reply": "notes"}, sign, by_time=by_time)
    ended = _may_go("NEW.appointment_id", {"note": "notes"}, sign, by_time=by_time)
    same = f"NOT (NEW.note {sign} OLD.note)"
    return {
        "appointmentevent_append_only": f"{_differ(_FACTS_OF_HISTORY, sign)} OR {same} OR NOT {history}",
        "case_point_of_an_open_case_update": (
            f"{_CASE_IS_CLOSED} AND ({_differ(_FACTS_OF_A_POINT, sign)} OR NOT {point})"
        ),
        "compensation_has_ended": (
            f"{_HAS_ENDED} AND ({_differ(_DECISION, sign)} OR {same} OR NOT {ended})"
            f" OR {_GRANTED_TWICE} OR {_differ(_VALUE, sign)}"
        ),
    }


_TABLES = {
    "appointmentevent_append_only": ("appointments_appointmentevent", "history_is_append_only"),
    "case_point_of_an_open_case_update": ("appointments_casepoint", "case_point_of_an_open_case"),
    "compensation_has_ended": ("appointments_compensation", "compensation_has_ended"),
}
_CLEARED_AWAY = "EXISTS (SELECT 1 FROM appointments_purgeday WHERE kind = 'audit' AND before > OLD.at AND {})"
_YEAR_OLD_ON_SQLITE = "julianday(before) <= julianday(ran_at) - 364.999"
_YEAR_OLD_ON_POSTGRESQL = "before <= ran_at - interval '365 days'"


def _on_sqlite(*, by_time: bool) -> list[str]:
    statements = []
    for name, condition in _conditions("IS NOT", by_time=by_time).items():
        table, rule = _TABLES[name]
        statements += [
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{rule}'); END",
        ]
    kept = f"WHEN NOT {_CLEARED_AWAY.format(_YEAR_OLD_ON_SQLITE)} " if by_time else ""
    return [
        *statements,
        "DROP TRIGGER auditentry_no_delete",
        f"CREATE TRIGGER auditentry_no_delete BEFORE DELETE ON appointments_auditentry {kept}"
        "BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END",
    ]


def _on_postgresql(*, by_time: bool) -> list[str]:
    refused = _conditions("IS DISTINCT FROM", by_time=by_time)
    point = refused["case_point_of_an_open_case_update"]
    drop = "DROP TRIGGER IF EXISTS {} ON appointments_auditentry"
    guard = "CREATE TRIGGER {} BEFORE {} ON appointments_auditentry FOR EACH ROW EXECUTE FUNCTION appointments_{}()"
    by_hand = "history_is_append_only"
    return [
        _function("history_lets_words_go", refused["appointmentevent_append_only"], rule=by_hand),
        _function(
            "case_point_of_an_open_case", f"TG_OP = 'INSERT' AND {_CASE_IS_CLOSED} OR TG_OP = 'UPDATE' AND ({point})"
        ),
        _function("compensation_has_ended", refused["compensation_has_ended"]),
        drop.format("auditentry_append_only"),
        drop.format("auditentry_no_delete"),
        *(
            [
                _function(
                    "audit_goes_by_time",
                    f"NOT {_CLEARED_AWAY.format(_YEAR_OLD_ON_POSTGRESQL)}",
                    rule=by_hand,
                    answer="OLD",
                ),
                guard.format("auditentry_append_only", "UPDATE", by_hand),
                guard.format("auditentry_no_delete", "DELETE", "audit_goes_by_time"),
            ]
            if by_time
            else [
                "DROP FUNCTION appointments_audit_goes_by_time()",
                guard.format("auditentry_append_only", "UPDATE OR DELETE", by_hand),
            ]
        ),
    ]


def _function(name: str, condition: str, *, rule: str = "", answer: str = "NEW") -> str:
    return f"""
        CREATE OR REPLACE FUNCTION appointments_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {condition} THEN
                RAISE EXCEPTION '{rule or name}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN {answer};
        END $$
    """


def _write(editor: BaseDatabaseSchemaEditor, *, by_time: bool) -> None:
    statements = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}[editor.connection.vendor]
    for statement in statements(by_time=by_time):
        editor.execute(statement, params=None)


def let_go_by_time(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _write(editor, by_time=True)


def as_before(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _write(editor, by_time=False)


def give_notice(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if not apps.get_model("appointments", "Customer").objects.exists():
        return
    periods = apps.get_model("appointments", "RetentionPeriod").objects
    since = timezone.now() + NOTICE
    for kind, days in USUAL.items():
        periods.create(kind=kind, days=days, since=since)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0055_how_long_things_are_kept")]

    operations = [
        migrations.RunPython(let_go_by_time, as_before),
        migrations.RunPython(give_notice, migrations.RunPython.noop),
    ]
