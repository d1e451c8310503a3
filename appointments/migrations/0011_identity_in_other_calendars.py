"""An appointment may be one date of a series that another calendar keeps: then its UID is that of the whole series.

SQLite builds the table anew for it (`appointments.guards`).
"""

from django.db import migrations, models

import appointments.models.appointment
from appointments.guards import put_up, take_down

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
