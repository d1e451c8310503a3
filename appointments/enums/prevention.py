"""The words of what we change so that less has to move."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verdict(TextChoices):
    """What the figures say about a change, and no more than they say."""

    BETTER = "better", _("better")
    WORSE = "worse", _("worse")
    NO_CHANGE = "no_change", _("no change")
    CANNOT_TELL = "cannot_tell", _("cannot tell yet")
