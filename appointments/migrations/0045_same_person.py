"""Two records that are one person's, that two who look alike are two, and that nothing is booked for a record that went
into another one: whoever writes.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_IS_GONE = "EXISTS (SELECT 1 FROM appointments_customermerge WHERE gone_id = NEW.customer_id AND undone_at IS NULL)"

# The lock waits for whoever is putting the customer together with another one, as the foreign key would afterwards.
_ON_POSTGRESQL = (
    (
        f"""
        CREATE FUNCTION appointments_customer_is_gone() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM 1 FROM appointments_customer WHERE id = NEW.customer_id FOR KEY SHARE;
            IF {_IS_GONE} THEN
                RAISE EXCEPTION 'customer_is_gone' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        "DROP FUNCTION appointments_customer_is_gone()",
    ),
    (
        """
        CREATE TRIGGER customer_is_gone BEFORE INSERT OR UPDATE OF customer_id ON appointments_appointment
        FOR EACH ROW EXECUTE FUNCTION appointments_customer_is_gone()
        """,
        "DROP TRIGGER customer_is_gone ON appointments_appointment",
    ),
)
_ON_SQLITE = tuple(
    (
        f"CREATE TRIGGER {name} BEFORE {what} ON appointments_appointment WHEN {_IS_GONE} "
        "BEGIN SELECT RAISE(ABORT, 'customer_is_gone'); END",
        f"DROP TRIGGER {name}",
    )
    for name, what in (("customer_is_gone_new", "INSERT"), ("customer_is_gone", "UPDATE OF customer_id"))
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
        ("appointments", "0044_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("moved", models.JSONField(default=dict, verbose_name="went over")),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="said by",
                    ),
                ),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="appointments.customer",
                        verbose_name="is the same",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="took_in",
                        to="appointments.customer",
                        verbose_name="stays",
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
                "verbose_name": "record put together",
                "verbose_name_plural": "records put together",
                "ordering": ("-at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True), name="merge_is_of_two"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)), fields=("gone",), name="merge_once_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="merge_undone_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TwoPeople",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="said by",
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="appointments.customer",
                        verbose_name="one",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="appointments.customer",
                        verbose_name="other",
                    ),
                ),
            ],
            options={
                "verbose_name": "two people",
                "verbose_name_plural": "two people",
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="two_people_said_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="two_people_in_order"
                    ),
                ],
            },
        ),
        migrations.RunPython(put_up, take_down),
    ]
