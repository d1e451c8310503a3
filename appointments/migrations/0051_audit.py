"""Who changed how the business is set up: rows that the database lets nobody rewrite."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = (
    (
        """
        CREATE TRIGGER auditentry_append_only BEFORE UPDATE OR DELETE ON appointments_auditentry
        FOR EACH ROW EXECUTE FUNCTION appointments_history_is_append_only()
        """,
        "DROP TRIGGER auditentry_append_only ON appointments_auditentry",
    ),
    (
        """
        CREATE TRIGGER auditentry_no_truncate BEFORE TRUNCATE ON appointments_auditentry
        FOR EACH STATEMENT EXECUTE FUNCTION appointments_history_outlives_flush()
        """,
        "DROP TRIGGER auditentry_no_truncate ON appointments_auditentry",
    ),
)
SQLITE = tuple(
    (
        f"CREATE TRIGGER {name} BEFORE {what} ON appointments_auditentry "
        "BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END",
        f"DROP TRIGGER {name}",
    )
    for name, what in (("auditentry_append_only", "UPDATE"), ("auditentry_no_delete", "DELETE"))
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
    dependencies = [
        ("appointments", "0049_first_run"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("staff", "staff"),
                            ("customer", "customer"),
                            ("system", "automatic"),
                            ("import", "import"),
                        ],
                        max_length=10,
                        verbose_name="by",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("added", "added"),
                            ("changed", "changed"),
                            ("removed", "removed"),
                            ("exported", "exported"),
                            ("invited", "invited"),
                            ("new_link", "made a new link"),
                            ("taken_back", "took back"),
                            ("joined", "joined"),
                            ("retired", "retired"),
                            ("returned", "brought back"),
                            ("new_password", "chose a new password"),
                            ("signed_out", "signed out everywhere"),
                            ("new_factor", "changed the second step"),
                        ],
                        max_length=16,
                        verbose_name="did",
                    ),
                ),
                ("noun", models.CharField(max_length=60, verbose_name="what")),
                ("key", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="which")),
                ("before", models.JSONField(blank=True, default=dict, verbose_name="before")),
                ("after", models.JSONField(blank=True, default=dict, verbose_name="after")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of the settings",
                "verbose_name_plural": "changes of the settings",
                "ordering": ("-at", "-pk"),
                "indexes": [
                    models.Index(fields=["at", "id"], name="audit_by_time"),
                    models.Index(fields=["actor", "at"], name="audit_by_person"),
                    models.Index(fields=["noun", "at"], name="audit_by_noun"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("noun", ""), _negated=True), name="audit_names_a_noun"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actor_kind", "staff"), _negated=True), ("actor__isnull", False), _connector="OR"
                        ),
                        name="audit_of_staff_names_them",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_up, take_down),
    ]
