"""What customers say afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment


class Feedback(models.Model):
    """Two questions after a move: how we handled it, how it ended. 1 (bad) to 5 (good)."""

    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("appointment")
    )
    handling = models.PositiveSmallIntegerField(_("how we handled it"), null=True, blank=True)
    outcome = models.PositiveSmallIntegerField(_("how it ended"), null=True, blank=True)
    words = models.TextField(_("own words"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                name="feedback_one_to_five",
                condition=(Q(handling__isnull=True) | Q(handling__range=(1, 5)))
                & (Q(outcome__isnull=True) | Q(outcome__range=(1, 5))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.appointment}: {self.handling}/{self.outcome}"
