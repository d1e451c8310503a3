"""How messages of the business sound: their greeting, how they address, and their end."""

from django.db import migrations, models

from appointments.guards import put_up, take_down

TONES = ["polite", "warm", "brief"]


class Migration(migrations.Migration):
    dependencies = [("appointments", '0056_words_go_by_time')]

    operations = [
        migrations.RunPython(take_down, put_up),
        migrations.AddField(
            model_name="business",
            name="tone",
            field=models.CharField(
                choices=[
                    ("polite", "polite, as at a good front desk"),
                    ("warm", "warm, as among people who know each other"),
                    ("brief", "brief, without ado"),
                ],
                default="polite",
                help_text="How messages greet your customers and end. What they say stays the same.",
                max_length=10,
                verbose_name="how it sounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="business",
            constraint=models.CheckConstraint(condition=models.Q(tone__in=TONES), name="business_tone_known"),
        ),
        migrations.RunPython(put_up, take_down),
    ]
