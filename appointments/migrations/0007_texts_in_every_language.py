"""Two columns for two languages become one that holds any number of them. Every value stays, in both directions.

On the way back only the two languages of then have a place; what was written in others is lost. A text that was needed
and is missing in English is taken from the language that has it.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import appointments.models.reason
import appointments.multilingual

THEN = ("en", "id")
FIELDS = {
    "Reason": {"label": True, "wording": True},
    "Service": {"name": True, "stays": False},
}
"""The texts of each model, and whether they were needed in English."""


def join(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model, texts in FIELDS.items():
        rows = apps.get_model("appointments", model)._default_manager.using(schema_editor.connection.alias)
        for row in rows.order_by("pk").iterator():
            for name in texts:
                setattr(row, name, {code: getattr(row, f"{name}_{code}") for code in THEN})
            row.save(update_fields=list(texts))


def part(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model, texts in FIELDS.items():
        rows = apps.get_model("appointments", model)._default_manager.using(schema_editor.connection.alias)
        for row in rows.order_by("pk").iterator():
            for name, needed in texts.items():
                written = getattr(row, name).data
                for code in THEN:
                    setattr(row, f"{name}_{code}", written.get(code, ""))
                if needed and not written.get("en"):
                    setattr(row, f"{name}_en", next(iter(written.values()), ""))
            row.save(update_fields=[f"{name}_{code}" for name in texts for code in THEN])


def gone(model: str, name: str, length: int) -> list[migrations.operations.base.Operation]:
    """The default lets the column come back beside rows that are there."""
    empty = models.CharField(max_length=length, blank=True, default="")
    return [migrations.AlterField(model, name, empty), migrations.RemoveField(model, name)]


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0006_languages_from_settings'),
    ]

    operations = [
        migrations.AddField(
            model_name='reason',
            name='label',
            field=appointments.multilingual.WordsField(default=dict, max_length=120, verbose_name='name for staff'),
        ),
        migrations.AddField(
            model_name='reason',
            name='wording',
            field=appointments.multilingual.WordsField(default=dict, help_text='Completes the sentence below. You can use {provider}, {service} and {location}. No full stop.', max_length=300, validators=[appointments.multilingual.EachLanguage(appointments.models.reason.validate_wording)], verbose_name='what customers read'),
        ),
        migrations.AddField(
            model_name='service',
            name='name',
            field=appointments.multilingual.WordsField(default=dict, max_length=120, verbose_name='name'),
        ),
        migrations.AddField(
            model_name='service',
            name='stays',
            field=appointments.multilingual.WordsField(blank=True, default=dict, help_text='Shown when we move it, for instance: Your price and your preparation stay the same.', max_length=200, verbose_name='what stays the same'),
        ),
        migrations.AlterModelOptions(
            name='reason',
            options={'ordering': ('position', appointments.multilingual.InReadersLanguage('label')), 'verbose_name': 'reason', 'verbose_name_plural': 'reasons'},
        ),
        migrations.AlterModelOptions(
            name='service',
            options={'ordering': (appointments.multilingual.InReadersLanguage('name'),), 'verbose_name': 'service', 'verbose_name_plural': 'services'},
        ),
        migrations.RunPython(join, part),
        *gone('reason', 'label_en', 120),
        *gone('reason', 'label_id', 120),
        *gone('reason', 'wording_en', 300),
        *gone('reason', 'wording_id', 300),
        *gone('service', 'name_en', 120),
        *gone('service', 'name_id', 120),
        *gone('service', 'stays_en', 200),
        *gone('service', 'stays_id', 200),
    ]
