"""That somebody has used us badly more than once: a quiet note of a manager, which goes by itself."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.models.people import Customer


class MisuseQuerySet(models.QuerySet["MisuseNote"]):
    def standing(self, today: date) -> "MisuseQuerySet":
        return self.filter(expires_on__gte=today)

    def expired(self, today: date) -> "MisuseQuerySet":
        return self.filter(expires_on__lt=today)


class MisuseNote(models.Model):
    """What happened again and again, in a manager's words, for managers only and for a while.

    Nobody is refused or treated otherwise because of it: no rule reads it (a test of the house keeps it so). The
    benefit of the doubt is what goes without saying.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="misuse_notes", verbose_name=_("customer")
    )
    why = models.TextField(_("what happened, and how often"), max_length=500)
    made_on = models.DateField(_("written"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    expires_on = models.DateField(_("forgotten after"))

    objects: ClassVar = MisuseQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on repeated misuse")
        verbose_name_plural = _("notes on repeated misuse")
        ordering = ("-made_on", "-pk")
        constraints = (
            models.CheckConstraint(name="misuse_note_says_why", condition=~Q(why="")),
            models.CheckConstraint(name="misuse_note_expires", condition=Q(expires_on__gt=F("made_on"))),
        )

    def __str__(self) -> str:
        return str(self.customer)
