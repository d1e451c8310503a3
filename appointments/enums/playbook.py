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


class Task(TextChoices):
    """What is practised in a scenario."""

    LETTER = "letter", _("write to the customer")
    COMPLAINT = "complaint", _("work through a complaint")


class Part(TextChoices):
    """What a letter that moves somebody has to hold."""

    GREETING = "greeting", _("The greeting")
    WHY = "why", _("Why")
    CHOICES = "choices", _("The choices")
    UNTIL = "until", _("Until when")
    WHO = "who", _("Whom to turn to")
    SIGNATURE = "signature", _("The signature")
