"""Who has an appointment in hand, and times that are blocked at the desk under a private title."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from appointments.guards import put_up, take_down


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0045_same_person'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AtWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('until', models.DateTimeField(db_index=True, verbose_name='until')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appointments.appointment', verbose_name='appointment')),
                ('colleague', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
            ],
            options={
                'verbose_name': 'colleague at work',
                'verbose_name_plural': 'colleagues at work',
                'ordering': ('since', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('appointment', 'colleague'), name='at_work_once'), models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='at_work_ends_after_start')],
            },
        ),
        # SQLite builds the table anew: the guards that speak of it stand aside meanwhile.
        migrations.RunPython(take_down, put_up),
        migrations.AddField(
            model_name='absence',
            name='title',
            field=models.CharField(blank=True, max_length=60, verbose_name='title'),
        ),
        migrations.AddField(
            model_name='absence',
            name='written_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AlterField(
            model_name='absence',
            name='kind',
            field=models.CharField(choices=[('leave', 'leave'), ('unavailable', 'not available'), ('training', 'training'), ('maintenance', 'maintenance'), ('blocked', 'blocked')], default='unavailable', max_length=12, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'blocked'), _negated=True), models.Q(('title', ''), _negated=True), _connector='OR'), name='absence_blocked_has_title'),
        ),
        migrations.RunPython(put_up, take_down),
    ]
