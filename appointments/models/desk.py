"""What the desk knows of its own work: how a colleague likes to see a queue, and who has an appointment in hand."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment

LONGEST_NAME = 40


class SavedView(models.Model):
    """A queue narrowed and ordered in one way, under a name of the colleague's own. `filters` are as in an address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    queue = models.CharField(_("queue"), max_length=20)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    filters = models.CharField(_("filters"), max_length=300, blank=True)

    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(name="saved_view_name_once", fields=("owner", "name")),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name


class AtWorkQuerySet(models.QuerySet["AtWork"]):
    def on(self, appointment: Appointment, *, now: datetime) -> "AtWorkQuerySet":
        return self.filter(appointment=appointment, until__gt=now)


class AtWork(models.Model):
    """A colleague has a form open that moves or cancels the appointment; `until` unless their page says so again.

    It tells, and locks nothing. No history: the row goes once nobody needs it.
    """

    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="+", verbose_name=_("appointment")
    )
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("colleague")
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), db_index=True)

    objects: ClassVar = AtWorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("colleague at work")
        verbose_name_plural = _("colleagues at work")
        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(name="at_work_once", fields=("appointment", "colleague")),
            models.CheckConstraint(name="at_work_ends_after_start", condition=Q(until__gte=F("since"))),
        )

    def __str__(self) -> str:
        return f"{self.colleague}: {self.appointment}"
