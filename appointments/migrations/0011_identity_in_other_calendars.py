"""An appointment may be one date of a series that another calendar keeps: then its UID is that of the whole series.

SQLite builds the table anew for it. The guards that speak of the table cannot stand meanwhile: they are taken down
and put up again word for word.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import appointments.models.appointment

_taken_down: dict[str, list[str]] = {}
"""The statements of the guards, by database."""


def take_down(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "sqlite":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            " AND (tbl_name = 'appointments_appointment' OR sql LIKE '%%appointments_appointment %%') ORDER BY name",
            [],
        )
        guards = cursor.fetchall()
    _taken_down[editor.connection.alias] = [statement for _name, statement in guards]
    for name, _statement in guards:
        editor.execute(f'DROP TRIGGER "{name}"')


def put_up(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _taken_down.pop(editor.connection.alias, []):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0010_disruptions'),
    ]

    operations = [
        migrations.RunPython(take_down, put_up),
        migrations.AddField(
            model_name='appointment',
            name='organizer',
            field=models.EmailField(blank=True, editable=False, help_text='Who invited the customer, when that was another calendar.', max_length=254, verbose_name='ORGANIZER'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='recurrence_id',
            field=models.DateTimeField(blank=True, editable=False, help_text='For one date of a series from another calendar: when that date was first planned.', null=True, verbose_name='RECURRENCE-ID'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='uid',
            field=models.CharField(default=appointments.models.appointment.new_uid, editable=False, max_length=255, verbose_name='UID'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('recurrence_id__isnull', True)), fields=('uid',), name='appointment_has_own_uid'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('recurrence_id__isnull', False)), fields=('uid', 'recurrence_id'), name='appointment_is_one_date_of_its_series'),
        ),
        migrations.RunPython(put_up, take_down),
    ]
