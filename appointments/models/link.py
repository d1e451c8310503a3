"""The keys that customers get by mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.enums import LinkPurpose
from appointments.models.appointment import Appointment


class Link(models.Model):
    """A customer's key: random, kept only as its SHA-256, for one appointment and one purpose, expiring, revocable.

    It belongs to the appointment and not to a round, so that the link of an earlier round shows the present truth.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(_("for"), max_length=10, choices=LinkPurpose)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="links", verbose_name=_("appointment")
    )
    issued_at = models.DateTimeField(_("issued"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ("-issued_at",)

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.appointment_id}"
