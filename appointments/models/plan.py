"""What we are about to offer to everybody whom a disruption hits, and, once it is sent, what became of it."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import LIVE_PLAN_STATES, ON_THEIR_WAY, LineState, PlanState
from appointments.models.appointment import Appointment
from appointments.models.disruption import Disruption
from appointments.models.people import Customer
from appointments.models.reason import Reason
from appointments.models.rescheduling import RescheduleRequest
from appointments.models.resources import Resource

FACTS = ("starts_at", "provider", "is_pinned", "caller", "appointment", "plan")
FACTS_OF_APPOINTMENT = (
    *("starts_at", "provider", "location__zone"),
    *(f"customer__{name}" for name in ("name", "language", "email", "phone", "preferred_channel")),
)


class PlanQuerySet(models.QuerySet["DisruptionPlan"]):
    def live(self) -> "PlanQuerySet":
        """Those that are being made or sent."""
        return self.filter(state__in=LIVE_PLAN_STATES)

    def for_display(self) -> "PlanQuerySet":
        return self.select_related("disruption__location", "reason", "contact", "asked_by", "approved_by")


class DisruptionPlan(models.Model):
    """One proposal for all whom a disruption hits, how it was asked for, and how far its sending has come.

    A disruption has one that is live at most; whom it hits later gets another one. `keep_free` is the share of every
    day's open hours, in per cent, that is left for new bookings. `placeable`: how many could have a time within so many
    days. `version` counts what was changed, so that nobody overwrites what a colleague has done meanwhile.
    """

    disruption = models.ForeignKey(
        Disruption, on_delete=models.PROTECT, related_name="plans", verbose_name=_("disruption")
    )
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    reason = models.ForeignKey(
        Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reason")
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    personal_note = models.TextField(_("personal line"), blank=True, max_length=600)
    window_days = models.PositiveSmallIntegerField(
        _("within (days)"), default=14, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    same_person = models.BooleanField(_("only with the same person"), default=False)
    outside_hours = models.BooleanField(_("also outside the open hours"), default=False)
    keep_free = models.PositiveSmallIntegerField(
        _("kept free for new bookings (%)"), default=0, validators=[MaxValueValidator(90)]
    )
    stand_ins = models.ManyToManyField(
        Resource,
        related_name="+",
        blank=True,
        verbose_name=_("who may stand in"),
        help_text=_("Empty: whoever can do it."),
    )
    placeable = models.JSONField(_("could be placed within (days)"), default=dict, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("made"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    send_at = models.DateTimeField(_("leaves"), null=True, blank=True)
    ended_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="plan_one_live", fields=("disruption",), condition=Q(state__in=LIVE_PLAN_STATES)
            ),
            models.CheckConstraint(
                name="plan_ended_iff_over",
                condition=Q(state__in=LIVE_PLAN_STATES, ended_at__isnull=True)
                | (~Q(state__in=LIVE_PLAN_STATES) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="plan_leaves_when_sent",
                condition=Q(send_at__isnull=False)
                | ~Q(state__in=(PlanState.COUNTDOWN, PlanState.SENDING, PlanState.SENT)),
            ),
            models.CheckConstraint(
                name="plan_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
            ),
        )
        indexes = (models.Index(fields=("state", "send_at"), name="plan_to_send"),)

    def __str__(self) -> str:
        return f"{self.disruption} · {self.get_state_display()}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_PLAN_STATES

    def can_be_stopped(self, now: datetime) -> bool:
        """Whether nobody has been told yet."""
        waits = self.state == PlanState.COUNTDOWN and self.send_at is not None and now < self.send_at
        return waits or self.state == PlanState.APPROVAL


class LineQuerySet(models.QuerySet["PlanLine"]):
    def waiting(self) -> "LineQuerySet":
        """Those that nothing has become of yet."""
        return self.filter(state=LineState.PLANNED)

    def about_to_be_told(self) -> "LineQuerySet":
        """Those with a time, of plans that are on their way: nobody has been told yet, but somebody soon will be."""
        return self.waiting().filter(plan__state__in=ON_THEIR_WAY, starts_at__isnull=False)

    def needed(self) -> "LineQuerySet":
        """All but those that were settled otherwise meanwhile, the soonest first."""
        return self.exclude(state=LineState.NEEDLESS).order_by("appointment__starts_at", "appointment")

    def without_time(self) -> "LineQuerySet":
        return self.filter(starts_at__isnull=True)

    def with_time(self) -> "LineQuerySet":
        return self.filter(starts_at__isnull=False)

    def with_somebody_else(self) -> "LineQuerySet":
        own = Q(provider=F("appointment__provider"))
        nobody = Q(provider__isnull=True, appointment__provider__isnull=True)
        return self.filter(~(own | nobody), starts_at__isnull=False)

    def pinned(self) -> "LineQuerySet":
        return self.filter(is_pinned=True)

    def phoned(self) -> "LineQuerySet":
        """Those whose customers a colleague phones herself."""
        return self.filter(caller__isnull=False)

    def of_customers(self, words: str) -> "LineQuerySet":
        """Whose customers `matching` finds."""
        return self.filter(appointment__customer__in=Customer.objects.matching(words).order_by().values("pk"))

    def failed(self) -> "LineQuerySet":
        return self.filter(state=LineState.FAILED).order_by("appointment__starts_at", "appointment")

    def after(self, appointment: Appointment) -> "LineQuerySet":
        """Those that stand behind its line in the order of `needed`, be it there still or not."""
        later = Q(appointment__starts_at__gt=appointment.starts_at)
        return self.filter(later | Q(appointment__starts_at=appointment.starts_at, appointment__gt=appointment.pk))

    def ahead_of(self, appointment: Appointment) -> "LineQuerySet":
        """Those that stand before its line."""
        sooner = Q(appointment__starts_at__lt=appointment.starts_at)
        return self.filter(sooner | Q(appointment__starts_at=appointment.starts_at, appointment__lt=appointment.pk))

    def only_facts(self) -> "LineQuerySet":
        """What is counted of them, without their words and reasons."""
        found = self.select_related("appointment__customer", "appointment__location")
        return found.only(*FACTS, *(f"appointment__{name}" for name in FACTS_OF_APPOINTMENT))

    def for_display(self) -> "LineQuerySet":
        return self.select_related(
            "appointment__customer",
            "appointment__service",
            "appointment__location",
            "appointment__provider",
            "provider",
            "caller",
        )

    def for_many(self) -> "LineQuerySet":
        """The same with each service, place and provider as one object, however many lines have it in common."""
        shared = ("appointment__service", "appointment__location", "appointment__provider", "provider")
        return self.select_related("appointment__customer", "caller").prefetch_related(*shared)


class PlanLine(models.Model):
    """What one appointment is to get: a time that is kept for its customer, and `others` that are open to everybody.

    Without `starts_at` there is no time for it yet, and `lack` says what it would take. With `caller` it gets no
    message: that colleague phones. `why` takes its cost apart; both are what `planner.explain` says, as JSON. A pinned
    line stays as it is whatever is planned around it.
    """

    plan = models.ForeignKey(DisruptionPlan, on_delete=models.CASCADE, related_name="lines", verbose_name=_("plan"))
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="plan_lines", verbose_name=_("appointment")
    )
    starts_at = models.DateTimeField(_("new time"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    provider = models.ForeignKey(
        Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("with")
    )
    resource_ids = models.JSONField(default=list, editable=False)
    outside_hours = models.BooleanField(_("outside hours"), default=False)
    others = models.JSONField(_("open to everybody"), default=list, editable=False)
    why = models.JSONField(_("why this time"), default=dict, editable=False)
    lack = models.JSONField(_("what it would take"), default=dict, editable=False)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("phones"),
    )
    personal_note = models.TextField(
        _("personal line"), blank=True, max_length=600, help_text=_("Instead of the line of all.")
    )
    state = models.CharField(_("state"), max_length=8, choices=LineState, default=LineState.PLANNED)
    fault = models.CharField(_("why not"), max_length=300, blank=True)
    request = models.ForeignKey(
        RescheduleRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_lines",
        verbose_name=_("proposal"),
    )

    objects: ClassVar = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a plan")
        verbose_name_plural = _("lines of a plan")
        ordering = ("appointment__starts_at", "pk")
        constraints = (
            models.UniqueConstraint(name="plan_line_once", fields=("plan", "appointment")),
            models.CheckConstraint(
                name="plan_line_ends_after_start",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="plan_line_failed_says_why", condition=~Q(state=LineState.FAILED) | ~Q(fault="")
            ),
        )
        indexes = (models.Index(fields=("plan", "state"), name="plan_line_waiting"),)

    def __str__(self) -> str:
        return f"{self.appointment}"

    @property
    def occupied(self) -> tuple[datetime, datetime] | None:
        """From when to when its resources would be busy, buffers included; None while there is no time for it."""
        if self.starts_at is None or self.ends_at is None:
            return None
        service = self.appointment.service
        return self.starts_at - service.before, self.ends_at + service.after
