import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0023_a_time_that_stands_by_itself'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='appointmentevent',
            name='kind',
            field=models.CharField(choices=[('booked', 'booked'), ('imported', 'imported'), ('moved', 'moved'), ('cancelled', 'cancelled'), ('completed', 'took place'), ('missed', 'customer did not come'), ('offered', 'new times offered'), ('told', 'customer told, no time yet'), ('withdrawn', 'offers taken back'), ('answered', 'customer answered'), ('nudged', 'reminded to answer'), ('expired', 'no answer in time'), ('promised', 'follow-up promised'), ('promise_kept', 'promise kept'), ('promise_broken', 'promise broken'), ('put_off', 'promise put off, and the customer told'), ('called', 'phoned'), ('unreachable', 'message could not be delivered'), ('rated', 'customer rated us'), ('reinstated', 'takes place after all'), ('corrected', 'details corrected'), ('case_opened', 'complaint taken up'), ('case_step', 'complaint: a step further'), ('case_handed', 'complaint handed over'), ('case_closed', 'complaint closed'), ('case_solved', 'our answer helped'), ('case_not_solved', 'our answer did not help'), ('case_reopened', 'complaint opened again')], max_length=16, verbose_name='what'),
        ),
        migrations.CreateModel(
            name='RecoveryCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('hear', 'Listen'), ('empathise', 'See what it cost'), ('apologise', 'Say sorry'), ('resolve', 'Put it right'), ('diagnose', 'Learn from it'), ('closed', 'closed')], default='hear', max_length=10, verbose_name='step')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('concern', models.CharField(blank=True, choices=[('wait', 'had to wait for us'), ('lost_time', 'time and trips for nothing'), ('again', 'moved more than once'), ('words', 'how we spoke or wrote'), ('no_answer', 'a question left open'), ('result', 'what was done at the appointment'), ('price', 'what it costs'), ('other', 'something else'), ('nothing', 'nothing went wrong: a question or thanks')], max_length=12, verbose_name='what it is about')),
                ('wants', models.TextField(blank=True, verbose_name='what the customer wants')),
                ('cost', models.TextField(blank=True, verbose_name='what it cost the customer')),
                ('apology', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'We regret that it happened.'), (2, 'We are sorry for it.'), (3, 'It is our responsibility, and we are sorry.')], null=True, verbose_name='apology')),
                ('learned', models.TextField(blank=True, verbose_name='what we change')),
                ('reopened', models.PositiveSmallIntegerField(default=0, verbose_name='opened again (times)')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('solved', models.BooleanField(blank=True, help_text='As the customer says, after the end.', null=True, verbose_name='did it answer the customer?')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='appointments.appointment', verbose_name='appointment')),
                ('cause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.reason', verbose_name='cause')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='appointments.reschedulerequest', verbose_name='proposal')),
            ],
            options={
                'verbose_name': 'complaint',
                'verbose_name_plural': 'complaints',
                'ordering': ('-opened_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='CasePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='point')),
                ('confirmed_at', models.DateTimeField(verbose_name='confirmed')),
                ('action', models.CharField(blank=True, choices=[('words', 'our answer in writing'), ('call', 'a phone call'), ('new_time', 'another time')], max_length=10, verbose_name='settled by')),
                ('reply', models.TextField(blank=True, verbose_name='our answer')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
                ('promise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.promise', verbose_name='promise')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='appointments.recoverycase', verbose_name='case')),
            ],
            options={
                'verbose_name': 'point',
                'verbose_name_plural': 'points',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='CaseEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('told', 'the customer told us something'), ('score', 'a bad score'), ('rounds', 'twice none of our times suited'), ('unreached', 'a message reached nobody'), ('broken', 'a promise was broken'), ('staff', 'written down by a colleague')], max_length=10, verbose_name='how we know')),
                ('key', models.CharField(editable=False, max_length=64, unique=True)),
                ('at', models.DateTimeField(verbose_name='when')),
                ('words', models.TextField(blank=True, verbose_name='own words')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='appointments.recoverycase', verbose_name='case')),
            ],
            options={
                'verbose_name': 'what came in',
                'verbose_name_plural': 'what came in',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.AddIndex(
            model_name='recoverycase',
            index=models.Index(fields=['stage', 'opened_at'], name='case_open'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('stage', 'closed')), models.Q(models.Q(('stage', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='case_closed_iff_ended'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'closed'), _negated=True), ('concern', 'nothing'), models.Q(models.Q(('concern', ''), _negated=True), models.Q(('cost', ''), _negated=True), ('apology__isnull', False), ('cause__isnull', False), models.Q(('learned', ''), _negated=True)), _connector='OR'), name='case_closed_when_worked_through'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'closed'), _negated=True), fields=('appointment',), name='case_one_open'),
        ),
        migrations.AddConstraint(
            model_name='casepoint',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), models.Q(models.Q(('action', ''), _negated=True), models.Q(('reply', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='point_done_when_decided'),
        ),
    ]
