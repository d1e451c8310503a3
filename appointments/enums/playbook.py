"""The words of the playbook: who may use a solution, and how a colleague found it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UsedBy(TextChoices):
    """Whose yes a solution needs, from the most to the fewest."""

    DESK = "desk", _("everybody at the desk")
    LEADS = "leads", _("leads and managers")
    MANAGERS = "managers", _("managers only")
