from django.db import migrations

import notifications.text.packing


class Migration(migrations.Migration):
    """What a message says that must still hold when it leaves has the name that says so."""

    dependencies = [
        ('notifications', '0005_finished_rows_keep_no_secrets'),
    ]

    operations = [
        migrations.RenameField(model_name='message', old_name='facts', new_name='true_if'),
        migrations.AlterField(
            model_name='message',
            name='true_if',
            field=notifications.text.packing.PackedJSONField(default=dict, help_text='What was true when the message was written; checked again before it leaves.', verbose_name='true if'),
        ),
    ]
