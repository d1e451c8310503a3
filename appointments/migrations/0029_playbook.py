import appointments.multilingual
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


_ON_POSTGRESQL = (
    (
        """
        CREATE FUNCTION appointments_solution_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'solution_version_stays' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        "DROP FUNCTION appointments_solution_version_stays()",
    ),
    (
        """
        CREATE TRIGGER solution_version_stays BEFORE UPDATE ON appointments_solutionversion
        FOR EACH ROW EXECUTE FUNCTION appointments_solution_version_stays()
        """,
        "DROP TRIGGER solution_version_stays ON appointments_solutionversion",
    ),
)
_ON_SQLITE = (
    (
        """
        CREATE TRIGGER solution_version_stays BEFORE UPDATE ON appointments_solutionversion
        BEGIN SELECT RAISE(ABORT, 'solution_version_stays'); END
        """,
        "DROP TRIGGER solution_version_stays",
    ),
)
_GUARDS = {"postgresql": _ON_POSTGRESQL, "sqlite": _ON_SQLITE}


def put_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What a solution said stays as it was said."""
    for statement, __ in _GUARDS[editor.connection.vendor]:
        editor.execute(statement)


def take_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for __, statement in reversed(_GUARDS[editor.connection.vendor]):
        editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0028_what_was_given_stays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='service',
            name='at_home',
            field=models.BooleanField(default=False, verbose_name='also at the customer’s home'),
        ),
        migrations.AddField(
            model_name='service',
            name='by_phone',
            field=models.BooleanField(default=False, verbose_name='also online or by phone'),
        ),
        migrations.CreateModel(
            name='Solution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, editable=False, max_length=60)),
                ('used_by', models.CharField(choices=[('desk', 'everybody at the desk'), ('leads', 'leads and managers'), ('managers', 'managers')], default='desk', max_length=10, verbose_name='who may use it')),
                ('review_by', models.DateField(verbose_name='to be looked over by')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='put away')),
                ('reasons', models.ManyToManyField(blank=True, related_name='solutions', to='appointments.reason', verbose_name='reasons')),
                ('services', models.ManyToManyField(blank=True, related_name='solutions', to='appointments.service', verbose_name='services')),
            ],
            options={
                'verbose_name': 'solution',
                'verbose_name_plural': 'solutions',
                'ordering': ('pk',),
                'permissions': (('write_playbook', 'Can write the playbook'),),
            },
        ),
        migrations.CreateModel(
            name='SolutionComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='comment')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='appointments.solution', verbose_name='solution')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SolutionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('title', appointments.multilingual.WordsField(default=dict, max_length=120, verbose_name='title')),
                ('when', appointments.multilingual.WordsField(default=dict, max_length=600, verbose_name='when to use it')),
                ('steps', appointments.multilingual.WordsField(default=dict, help_text='One in a line.', max_length=1500, verbose_name='steps')),
                ('words', appointments.multilingual.WordsField(blank=True, default=dict, help_text='As the customer will read them.', max_length=600, verbose_name='words for the customer')),
                ('limits', appointments.multilingual.WordsField(blank=True, default=dict, help_text='What it does not cover, and until when.', max_length=600, verbose_name='limits')),
                ('examples', appointments.multilingual.WordsField(blank=True, default=dict, help_text='Without names of customers.', max_length=1500, verbose_name='examples')),
                ('questions', appointments.multilingual.WordsField(blank=True, default=dict, help_text='One in a line.', max_length=1000, verbose_name='questions to ask first')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='appointments.solution', verbose_name='solution')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'version of a solution',
                'verbose_name_plural': 'versions of solutions',
                'ordering': ('solution', '-number'),
            },
        ),
        migrations.CreateModel(
            name='SolutionUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='used by')),
                ('point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='solutions_used', to='appointments.casepoint', verbose_name='point')),
                ('round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='solutions_used', to='appointments.reschedulerequest', verbose_name='proposal')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='appointments.solutionversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'use of a solution',
                'verbose_name_plural': 'uses of solutions',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='SolutionRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reads', to='appointments.solutionversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'read receipt',
                'verbose_name_plural': 'read receipts',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SolutionVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worked', models.BooleanField(verbose_name='worked')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='appointments.solution', verbose_name='solution')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
            ],
            options={
                'verbose_name': 'vote',
                'verbose_name_plural': 'votes',
            },
        ),
        migrations.AddConstraint(
            model_name='solutionversion',
            constraint=models.UniqueConstraint(fields=('solution', 'number'), name='solution_version_once'),
        ),
        migrations.AddConstraint(
            model_name='solutionuse',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('point__isnull', False), ('round__isnull', True)), models.Q(('point__isnull', True), ('round__isnull', False)), _connector='OR'), name='solution_used_for_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='solutionuse',
            constraint=models.UniqueConstraint(condition=models.Q(('round__isnull', False)), fields=('version', 'round'), name='solution_used_once_a_round'),
        ),
        migrations.AddConstraint(
            model_name='solutionuse',
            constraint=models.UniqueConstraint(condition=models.Q(('point__isnull', False)), fields=('version', 'point'), name='solution_used_once_a_point'),
        ),
        migrations.AddConstraint(
            model_name='solutionread',
            constraint=models.UniqueConstraint(fields=('version', 'reader'), name='solution_read_once'),
        ),
        migrations.AddConstraint(
            model_name='solutionvote',
            constraint=models.UniqueConstraint(fields=('solution', 'voter'), name='solution_one_vote'),
        ),
        migrations.AddConstraint(
            model_name='solution',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='solution_code_once'),
        ),
        migrations.RunPython(put_up, take_down),
    ]
