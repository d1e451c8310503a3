"""What a colleague may do, as plain words: front desk, lead, manager, auditor. Each is a group of Django's.

`apply` runs after every `migrate`. It adds what is missing and takes nothing away, so a business may widen a group.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import pgettext_lazy

FRONT_DESK, LEADS, MANAGERS, AUDITORS = "Front desk", "Leads", "Managers", "Auditors"
LABELS = {
    FRONT_DESK: pgettext_lazy("role", "front desk"),
    LEADS: pgettext_lazy("role", "lead"),
    MANAGERS: pgettext_lazy("role", "manager"),
    AUDITORS: pgettext_lazy("role", "auditor"),
}
DOES = {
    FRONT_DESK: pgettext_lazy("role", "Works at the desk: books, moves, phones, answers."),
    LEADS: pgettext_lazy("role", "Works at the desk, takes over what goes wrong, writes the playbook."),
    MANAGERS: pgettext_lazy("role", "Does everything, sets up the business and looks after its people."),
    AUDITORS: pgettext_lazy("role", "Reads everything and changes nothing."),
}

WORK_DESK = "work_desk"
MAY_WORK_AT_THE_DESK = f"appointments.{WORK_DESK}"
WRITE_PLAYBOOK = "write_playbook"
MAY_WRITE_THE_PLAYBOOK = f"appointments.{WRITE_PLAYBOOK}"
MANAGE_PEOPLE = "manage_people"
MAY_MANAGE_PEOPLE = f"appointments.{MANAGE_PEOPLE}"
MAY_READ_AUDIT = "appointments.view_auditentry"
MAY_SEND_AGAIN = "notifications.send_again"
FORGET = "forget_customer"
MAY_FORGET = f"appointments.{FORGET}"
IMPORT = "import_appointments"
MAY_IMPORT = f"appointments.{IMPORT}"
MAY_CHANGE_THE_BUSINESS = "appointments.change_business"
LOOKED_AFTER = ("location", "resource", "service", "reason")
"""What somebody may refer to is switched off, not deleted."""
PARTS = ("closure", "specialday", "weeklyhours", "break", "absence", "requirement", "compensationrule")
FACTS = (
    "occupancy",
    "appointmentevent",
    "reschedulerequest",
    "offer",
    "answer",
    "promise",
    "callattempt",
    "feedback",
    "disruption",
    "affectedappointment",
    "disruptionplan",
    "planline",
    "recoverycase",
    "caseentry",
    "casepoint",
    "compensation",
    "solution",
    "solutionversion",
    "solutionuse",
)
"""What happened, to be read."""
GIVING = ("correctiveaction", "compensationtable", "compensationbudget", "compensationauthority")
"""What we change, what we give and to whom, and who may decide on it."""
MESSAGES = ("view_message", "view_deliveryattempt")

Rights = dict[str, tuple[str, ...]]
"""Codenames of permissions by the app they belong to."""


def _rights(actions: tuple[str, ...], nouns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{action}_{noun}" for noun in nouns for action in actions)


_AT_THE_DESK = (WORK_DESK, *_rights(("view",), ("customer", "appointment", "reschedulerequest", "promise")))
_EVERY_NOUN = ("business", "customer", "appointment", *LOOKED_AFTER, *PARTS)

ROLES: dict[str, Rights] = {
    FRONT_DESK: {"appointments": _AT_THE_DESK},
    # Works at the desk, takes over what goes wrong, and may read why.
    LEADS: {
        "appointments": (*_AT_THE_DESK, WRITE_PLAYBOOK, *_rights(("view",), FACTS)),
        "notifications": (*MESSAGES, "send_again"),
    },
    MANAGERS: {
        "appointments": (
            WORK_DESK,
            WRITE_PLAYBOOK,
            IMPORT,
            MANAGE_PEOPLE,
            "view_auditentry",
            "view_business",
            "change_business",
            *_rights(("view", "add", "change"), LOOKED_AFTER),
            *_rights(("view", "add", "change", "delete"), PARTS),
            *_rights(("view", "add", "change"), (*GIVING, "customer")),
            FORGET,
            # Theirs alone: not even those who read everything read what a manager noted of a person.
            *_rights(("view", "add", "delete"), ("misusenote",)),
            *_rights(("view", "change"), ("appointment",)),
            *_rights(("view",), FACTS),
        ),
        "notifications": (*MESSAGES, "send_again"),
    },
    # Reads everything and changes nothing.
    AUDITORS: {
        "appointments": (*_rights(("view",), (*_EVERY_NOUN, *GIVING, "auditentry")), *_rights(("view",), FACTS)),
        "notifications": MESSAGES,
    },
}


def apply(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the groups and give them their rights. Raises LookupError for a right that does not exist."""
    from django.contrib.auth.models import Group, Permission

    for label in ("appointments", "notifications"):
        # Django makes permissions app by app after a migration, and perhaps has not come to these yet.
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    for name, rights in ROLES.items():
        group, __ = Group.objects.using(using).get_or_create(name=name)
        for label, codenames in rights.items():
            wanted = Permission.objects.using(using).filter(content_type__app_label=label, codename__in=codenames)
            missing = set(codenames) - set(wanted.values_list("codename", flat=True))
            if missing:
                raise LookupError(f"{name}: no such permissions in {label}: {', '.join(sorted(missing))}")
            group.permissions.add(*wanted)


def apply_after_migrate(sender: AppConfig, *, using: str, apps: Any, **_more: Any) -> None:
    """Django's `post_migrate`. Where the tables of permissions are not there yet, a later one comes by again."""
    if "group" in apps.all_models["auth"]:
        apply(using=using)
