from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Least


def all_were_kept_until_the_answer_was_due(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    offers = apps.get_model("appointments", "Offer")._default_manager.using(editor.connection.alias)
    rounds = apps.get_model("appointments", "RescheduleRequest")._default_manager.using(editor.connection.alias)
    due = rounds.filter(pk=models.OuterRef("request")).values("respond_by")
    offers.filter(guaranteed=True).update(kept_until=Least(models.Subquery(due), models.F("starts_at")))


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0017_plain_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='offer',
            name='kept_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='reserved until'),
        ),
        migrations.RunPython(all_were_kept_until_the_answer_was_due, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('guaranteed', True), ('kept_until__isnull', False)), models.Q(('guaranteed', False), ('kept_until__isnull', True)), _connector='OR'), name='offer_kept_iff_guaranteed'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('kept_until__isnull', True), ('kept_until__lte', models.F('starts_at')), _connector='OR'), name='offer_kept_before_it_starts'),
        ),
    ]
