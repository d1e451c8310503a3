"""The words of the playbook: who may use a solution, and what can be offered instead."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UsedBy(TextChoices):
    """Whose yes a solution needs, from the most to the fewest."""

    DESK = "desk", _("everybody at the desk")
    LEADS = "leads", _("leads and managers")
    MANAGERS = "managers", _("managers")


class Way(TextChoices):
    """What a customer can be offered besides another time with the same person."""

    PERSON = "person", _("Another person")
    PLACE = "place", _("Another place")
    PHONE = "phone", _("Online or by phone")
    HOME = "home", _("At the customer’s home")
    WAIT = "wait", _("Wait until a time is free")
    REFUND = "refund", _("Money back")
    CANCEL = "cancel", _("Cancel free of charge")
