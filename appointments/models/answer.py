"""What a customer said: about the times that were offered, and afterwards about how it went."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import ActorKind, AnswerKind, Mood
from appointments.models.appointment import Appointment
from appointments.models.rescheduling import Offer, RescheduleRequest


class Answer(models.Model):
    """What the customer said, through the link or by phone. One row is one answer; a repeated form is the same row."""

    request = models.ForeignKey(
        RescheduleRequest, on_delete=models.PROTECT, related_name="answers", verbose_name=_("proposal")
    )
    kind = models.CharField(_("answer"), max_length=12, choices=AnswerKind)
    at = models.DateTimeField(_("when"))
    by = models.CharField(_("given by"), max_length=10, choices=ActorKind, default=ActorKind.CUSTOMER)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written down by"),
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("offer")
    )
    words = models.TextField(_("own words"), blank=True)
    wishes = models.JSONField(_("wishes"), default=dict, blank=True)
    mood = models.CharField(_("mood"), max_length=10, choices=Mood, blank=True)
    nonce = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                name="answer_taken_back_once", fields=("request",), condition=Q(kind=AnswerKind.BACK)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


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
