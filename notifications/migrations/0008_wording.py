"""How the business words its messages: versions that the database lets nobody rewrite, and which of them were used."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = (
    (
        """
        CREATE FUNCTION notifications_wording_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'wording_is_append_only' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        "DROP FUNCTION notifications_wording_is_append_only()",
    ),
    (
        """
        CREATE TRIGGER wording_append_only BEFORE UPDATE OR DELETE ON notifications_wording
        FOR EACH ROW EXECUTE FUNCTION notifications_wording_is_append_only()
        """,
        "DROP TRIGGER wording_append_only ON notifications_wording",
    ),
)
SQLITE = tuple(
    (
        f"CREATE TRIGGER {name} BEFORE {what} ON notifications_wording "
        "BEGIN SELECT RAISE(ABORT, 'wording_is_append_only'); END",
        f"DROP TRIGGER {name}",
    )
    for name, what in (("wording_append_only", "UPDATE"), ("wording_no_delete", "DELETE"))
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
        ("notifications", "0007_plain_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="worded",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="Which of the business's own wordings the text was written with; none: as we ship it.",
                verbose_name="versions of the wording",
            ),
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="message")),
                ("language", models.CharField(max_length=16, verbose_name="language")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("parts", models.JSONField(blank=True, default=dict, verbose_name="words")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "wording of a message",
                "verbose_name_plural": "wordings of messages",
                "ordering": ("kind", "language", "-version"),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "language", "version"), name="wording_version_once"),
                    models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="wording_counts_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), _negated=True), models.Q(("language", ""), _negated=True)
                        ),
                        name="wording_names_kind",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_up, take_down),
    ]
