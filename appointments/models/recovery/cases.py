"""What went wrong for a customer, worked through the five steps of H.E.A.R.D. until it is put right."""

import re
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.enums import ApologyLevel, CaseConcern, CaseOrigin, CaseStage, Mood, PointAction
from appointments.models.appointment import Appointment
from appointments.models.promise import Promise
from appointments.models.reason import Reason
from appointments.models.rescheduling import FIRST_CASE, RescheduleRequest

_NUMBER = re.compile(r"([kr])-?(\d{4,12})", re.IGNORECASE)
_NOTHING_WRONG = Q(concern=CaseConcern.NOTHING)
_WORKED_THROUGH = ~Q(concern="") & ~Q(cost="") & Q(apology__isnull=False, cause__isnull=False) & ~Q(learned="")


class CaseQuerySet(models.QuerySet["RecoveryCase"]):
    def open(self) -> "CaseQuerySet":
        return self.exclude(stage=CaseStage.CLOSED)

    def closed_last(self) -> "CaseQuerySet":
        """Those put right, the newest first."""
        return self.filter(stage=CaseStage.CLOSED).order_by("-closed_at", "-pk")

    def with_open_points(self) -> "CaseQuerySet":
        """Each with how many of its points are open."""
        return self.annotate(open_points=Count("points", filter=Q(points__done_at__isnull=True)))

    def of_number(self, typed: str) -> "CaseQuerySet":
        """The complaint whose number somebody has typed, such as "K-1007" or, of a round, "r1042"."""
        found = _NUMBER.fullmatch(typed.strip())
        if not found:
            return self.none()
        pk = int(found[2]) - FIRST_CASE
        return self.filter(request=pk) if found[1] in "rR" else self.filter(pk=pk, request__isnull=True)

    def for_display(self) -> "CaseQuerySet":
        return self.select_related(
            "appointment__customer",
            "appointment__service",
            "appointment__location",
            "appointment__provider",
            "request__reason",
            "owner",
            "cause",
        )


class RecoveryCase(models.Model):
    """One complaint, or an unhappy answer, about one appointment. At most one of an appointment is open.

    That it cannot be closed with a point that is open is kept by triggers (migration 0024), whoever writes.
    """

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="cases", verbose_name=_("appointment")
    )
    request = models.ForeignKey(
        RescheduleRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("proposal"),
    )
    stage = models.CharField(_("step"), max_length=10, choices=CaseStage, default=CaseStage.HEAR)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases", verbose_name=_("owner")
    )
    opened_at = models.DateTimeField(_("opened"))
    concern = models.CharField(_("what it is about"), max_length=12, choices=CaseConcern, blank=True)
    wants = models.TextField(_("what the customer wants"), blank=True)
    cost = models.TextField(_("what it cost the customer"), blank=True)
    apology = models.PositiveSmallIntegerField(_("apology"), choices=ApologyLevel, null=True, blank=True)
    cause = models.ForeignKey(
        Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cause")
    )
    learned = models.TextField(_("what we change"), blank=True)
    reopened = models.PositiveSmallIntegerField(_("opened again (times)"), default=0)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    solved = models.BooleanField(
        _("did it answer the customer?"), null=True, blank=True, help_text=_("As the customer says, after the end.")
    )

    mood_before = models.CharField(_("mood at first"), max_length=10, choices=Mood, blank=True)
    mood_after = models.CharField(_("mood once settled"), max_length=10, choices=Mood, blank=True)

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="case_closed_iff_ended",
                condition=Q(stage=CaseStage.CLOSED, closed_at__isnull=False)
                | (~Q(stage=CaseStage.CLOSED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_closed_when_worked_through",
                condition=~Q(stage=CaseStage.CLOSED) | _NOTHING_WRONG | _WORKED_THROUGH,
            ),
            models.UniqueConstraint(
                name="case_one_open", fields=("appointment",), condition=~Q(stage=CaseStage.CLOSED)
            ),
        )
        indexes = (models.Index(fields=("stage", "opened_at"), name="case_open"),)

    def __str__(self) -> str:
        return f"{self.number} · {self.appointment.customer}"

    @property
    def number(self) -> str:
        """The one that the customer has read in our messages already, where there is a round."""
        return self.request.case_number if self.request else f"K-{FIRST_CASE + self.pk}"

    @property
    def is_open(self) -> bool:
        return self.stage != CaseStage.CLOSED

    @property
    def is_to_be_checked(self) -> bool:
        """Whether the customer is asked if our answer helped, and has not said so yet."""
        return not self.is_open and self.went_wrong and self.solved is None

    @property
    def is_mood_asked(self) -> bool:
        """Whether the customer is asked how they feel about it now: once they have said whether it helped."""
        return not self.is_open and self.solved is True and not self.mood_after

    @property
    def went_wrong(self) -> bool:
        return self.concern != CaseConcern.NOTHING


class CaseEntry(models.Model):
    """One thing that opened a case or joined one. `key` names it, so that it is taken up once."""

    case = models.ForeignKey(RecoveryCase, on_delete=models.PROTECT, related_name="entries", verbose_name=_("case"))
    origin = models.CharField(_("how we know"), max_length=10, choices=CaseOrigin)
    key = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(_("when"))
    words = models.TextField(_("own words"), blank=True)

    class Meta:
        verbose_name = _("what came in")
        verbose_name_plural = _("what came in")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.get_origin_display()}"


class CasePoint(models.Model):
    """One thing that the customer said and that needs an answer, in their own words; and what settles it."""

    case = models.ForeignKey(RecoveryCase, on_delete=models.PROTECT, related_name="points", verbose_name=_("case"))
    words = models.TextField(_("point"))
    confirmed_at = models.DateTimeField(_("confirmed"))
    action = models.CharField(_("settled by"), max_length=10, choices=PointAction, blank=True)
    reply = models.TextField(_("our answer"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    promise = models.ForeignKey(
        Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("promise")
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="point_done_when_decided",
                condition=Q(done_at__isnull=True) | (~Q(action="") & ~Q(reply="") & Q(decided_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return gettext("point: %(words)s") % {"words": self.words[:60]}
