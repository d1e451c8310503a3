"""What happened to an appointment: who, what, when, why, before, after. Rows are added and never changed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.enums import ActorKind, EventKind
from appointments.models.appointment import Appointment


class AppendOnly(models.QuerySet[Any]):
    """Refuses what would rewrite history; migration `0002` makes the database refuse it too."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("History is append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("History is append-only.")


class AppointmentEvent(models.Model):
    """One fact. `before` and `after` hold `{"starts_at", "ends_at", "resources": [ids]}` where the time changed."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="events", verbose_name=_("appointment")
    )
    request = models.ForeignKey(
        "RescheduleRequest",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("proposal"),
    )
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=16, choices=EventKind)
    actor_kind = models.CharField(_("by"), max_length=10, choices=ActorKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects: ClassVar = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        ordering = ("at", "pk")
        indexes = (
            models.Index(fields=("appointment", "at"), name="event_of_appointment"),
            models.Index(fields=("at", "id"), name="event_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.appointment.location.said(self.at)} · {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("History is append-only.")
