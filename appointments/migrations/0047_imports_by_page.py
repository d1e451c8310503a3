"""Imports on the page, and the one way in which history goes: with an appointment that an import brought by mistake.

While its import is being undone, which is only inside that transaction, the fact that it was imported may be taken
away, as long as it is all that ever happened to it. An appointment without history may go; one with any stays.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_MAY_GO = """
    OLD.kind = 'imported'
    AND NOT EXISTS (
        SELECT 1 FROM appointments_appointmentevent AS other
        WHERE other.appointment_id = OLD.appointment_id AND other.id <> OLD.id
    )
    AND EXISTS (
        SELECT 1 FROM appointments_statement AS said
        JOIN appointments_importrun AS run ON run.id = said.brought_by_id
        WHERE said.appointment_id = OLD.appointment_id AND run.state = 'undoing'
    )
"""
_APPEND_ONLY = "appointments_history_is_append_only()"
_ON_POSTGRESQL = (
    (
        f"""
        CREATE FUNCTION appointments_history_goes_with_its_import() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {_MAY_GO} THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'history_is_append_only' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        "DROP FUNCTION appointments_history_goes_with_its_import()",
    ),
    (
        "DROP TRIGGER appointmentevent_append_only ON appointments_appointmentevent",
        f"""
        CREATE TRIGGER appointmentevent_append_only BEFORE UPDATE OR DELETE ON appointments_appointmentevent
        FOR EACH ROW EXECUTE FUNCTION {_APPEND_ONLY}
        """,
    ),
    (
        f"""
        CREATE TRIGGER appointmentevent_append_only BEFORE UPDATE ON appointments_appointmentevent
        FOR EACH ROW EXECUTE FUNCTION {_APPEND_ONLY}
        """,
        "DROP TRIGGER appointmentevent_append_only ON appointments_appointmentevent",
    ),
    (
        """
        CREATE TRIGGER appointmentevent_no_delete BEFORE DELETE ON appointments_appointmentevent
        FOR EACH ROW EXECUTE FUNCTION appointments_history_goes_with_its_import()
        """,
        "DROP TRIGGER appointmentevent_no_delete ON appointments_appointmentevent",
    ),
)
_EXISTS = "EXISTS (SELECT 1 FROM appointments_appointment WHERE id = OLD.appointment_id)"


def _no_delete(when: str) -> str:
    return f"""
        CREATE TRIGGER appointmentevent_no_delete BEFORE DELETE ON appointments_appointmentevent
        WHEN {when}
        BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END
    """


_ON_SQLITE = (
    ("DROP TRIGGER appointmentevent_no_delete", _no_delete(_EXISTS)),
    (_no_delete(f"{_EXISTS} AND NOT ({_MAY_GO})"), "DROP TRIGGER appointmentevent_no_delete"),
)
_STATEMENTS = {"postgresql": _ON_POSTGRESQL, "sqlite": _ON_SQLITE}


def put_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement, __ in _STATEMENTS[editor.connection.vendor]:
        editor.execute(statement)


def take_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for __, statement in reversed(_STATEMENTS[editor.connection.vendor]):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0046_the_desk_all_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("data", models.BinaryField(null=True)),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("headings", models.CharField(blank=True, max_length=64)),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "not imported yet"),
                            ("checking", "being checked"),
                            ("waiting", "being imported"),
                            ("done", "imported"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("choices", models.JSONField(default=dict)),
                ("report", models.JSONField(blank=True, null=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                ("created", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="imported on")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("undone", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="brought in by",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="appointments.importedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ("-uploaded_at", "-pk"),
                "permissions": (("import_appointments", "Can bring in appointments from files"),),
            },
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["headings", "-uploaded_at"], name="import_of_headings"),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ("done", "undoing", "undone"))),
                    models.Q(
                        models.Q(("state__in", ("done", "undoing", "undone")), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="import_ended_iff_brought_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ("undoing", "undone")), ("undone_at__isnull", False), ("undone_by__isnull", False)
                    ),
                    models.Q(
                        models.Q(("state__in", ("undoing", "undone")), _negated=True),
                        ("undone_at__isnull", True),
                        ("undone_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="import_undone_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("data__isnull", False), ("state__in", ("done", "undoing", "undone")), _connector="OR"
                ),
                name="import_keeps_its_file_until_then",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="brought_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="brought",
                to="appointments.importrun",
                verbose_name="import",
            ),
        ),
        migrations.RunPython(put_up, take_down),
    ]
