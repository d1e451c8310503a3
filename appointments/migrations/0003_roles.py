"""The two roles every business starts with: the front desk, and the managers.

Idempotent: it adds what is missing and takes nothing away, so that a business may widen the groups. Permissions are
normally made after all migrations have run; here they are needed earlier, so this makes them itself.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FRONT_DESK, MANAGERS = "Front desk", "Managers"

ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    FRONT_DESK: {
        "appointments": (
            "work_desk",
            "view_customer",
            "view_appointment",
            "view_reschedulerequest",
            "view_promise",
        ),
    },
    MANAGERS: {
        "appointments": (
            "work_desk",
            # What managers look after. What somebody may refer to is switched off, not deleted.
            "view_business",
            "change_business",
            *(
                f"{action}_{noun}"
                for noun in ("location", "resource", "service", "reason")
                for action in ("view", "add", "change")
            ),
            *(
                f"{action}_{noun}"
                for noun in ("closure", "specialday", "weeklyhours", "break", "absence", "requirement")
                for action in ("view", "add", "change", "delete")
            ),
            "view_customer",
            "add_customer",
            "change_customer",
            "view_appointment",
            "change_appointment",
            # Facts, to be read.
            *(
                f"view_{noun}"
                for noun in (
                    "occupancy",
                    "appointmentevent",
                    "reschedulerequest",
                    "offer",
                    "answer",
                    "promise",
                    "callattempt",
                    "feedback",
                )
            ),
        ),
        "notifications": ("view_message", "view_deliveryattempt", "send_again"),
    },
}


def give(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    database = editor.connection.alias
    for label in ("appointments", "notifications"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=database)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, rights in ROLES.items():
        group, _created = Group.objects.using(database).get_or_create(name=name)
        for label, codenames in rights.items():
            wanted = Permission.objects.using(database).filter(content_type__app_label=label, codename__in=codenames)
            missing = set(codenames) - set(wanted.values_list("codename", flat=True))
            if missing:
                raise LookupError(f"{name}: no such permissions in {label}: {', '.join(sorted(missing))}")
            group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0002_guards"),
        ("notifications", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
