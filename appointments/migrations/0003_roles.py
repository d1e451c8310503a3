"""Nothing any more: the roles are given by `appointments.roles` after every migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0002_guards"),
        ("notifications", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = []
