"""What cannot take place, and whom it hits until each of them is moved, kept or closed."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from appointments.enums import (
    AppointmentState,
    DisruptionScope,
    DisruptionSource,
    DisruptionState,
    EventKind,
    RequestState,
)
from appointments.models.appointment import Appointment
from appointments.models.business import Location
from appointments.models.history import AppointmentEvent
from appointments.models.reason import Reason
from appointments.models.resources import Resource


class DisruptionQuerySet(models.QuerySet["Disruption"]):
    def in_force(self) -> "DisruptionQuerySet":
        """Those that have not been called off."""
        return self.filter(ended_at__isnull=True)

    def for_display(self) -> "DisruptionQuerySet":
        """With everything that says what it is, in two queries."""
        found = self.select_related("location", "reason", "declared_by", "appointment__customer")
        return found.prefetch_related("resources")

    def with_state(self) -> "DisruptionQuerySet":
        """Each with its `state`, a `DisruptionState`: whoever is hit after it was closed opens it again, and whoever
        has to move and is moved by nobody, be it that both happened in one moment.

        What concerns one appointment only nobody closes: that is closed when the appointment is settled.
        """
        unsettled = AffectedAppointment.objects.unsettled().filter(disruption=OuterRef("pk"))
        of_one = Q(scope=DisruptionScope.APPOINTMENT) & ~Exists(unsettled)
        since = AffectedAppointment.objects.filter(disruption=OuterRef("pk"), found_at__gt=OuterRef("closed_at"))
        alone = AffectedAppointment.objects.to_move().filter(disruption=OuterRef("pk"))
        return self.annotate(
            state=Case(
                When(ended_at__isnull=False, then=Value(DisruptionState.CALLED_OFF)),
                When(of_one, then=Value(DisruptionState.CLOSED)),
                When(closed_at__isnull=True, then=Value(DisruptionState.OPEN)),
                When(Exists(since) | Exists(alone), then=Value(DisruptionState.AGAIN)),
                default=Value(DisruptionState.CLOSED),
                output_field=models.CharField(),
            )
        )

    def overlapping(self, start: datetime, end: datetime) -> "DisruptionQuerySet":
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=start), starts_at__lt=end)


class Disruption(models.Model):
    """Some resources, a whole place or one appointment cannot be had from `starts_at` to `ends_at`.

    Without `ends_at` nobody knows yet until when. Every move that we cause belongs to one. `note` is for colleagues
    and never leaves; nobody's health is asked for.
    """

    scope = models.CharField(_("what"), max_length=12, choices=DisruptionScope)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="disruptions", verbose_name=_("location")
    )
    resources = models.ManyToManyField(
        Resource, related_name="disruptions", blank=True, verbose_name=_("people, rooms and equipment")
    )
    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="disruptions",
        verbose_name=_("appointment"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: nobody knows yet."))
    reason = models.ForeignKey(
        Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="disruptions", verbose_name=_("reason")
    )
    source = models.CharField(_("known from"), max_length=12, choices=DisruptionSource, default=DisruptionSource.SAID)
    note = models.CharField(_("note for colleagues"), max_length=300, blank=True)
    declared_at = models.DateTimeField(_("entered"))
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    ended_at = models.DateTimeField(_("called off"), null=True, blank=True)
    next_news_at = models.DateTimeField(
        _("next news"), null=True, blank=True, help_text=_("By when we know more, while nobody knows until when.")
    )
    may_stand_in = models.BooleanField(
        _("the same time with somebody else will do"), default=True, help_text=_("Then colleagues may stand in.")
    )
    late_minutes = models.PositiveSmallIntegerField(
        _("running late (minutes)"),
        null=True,
        blank=True,
        help_text=_("Everything takes place, so much later than booked."),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    lessons = models.TextField(_("what we would do better"), blank=True, max_length=2000)

    objects: ClassVar = DisruptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("disruption")
        verbose_name_plural = _("disruptions")
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="disruption_ends_after_start", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="disruption_next_news_iff_open",
                condition=Q(next_news_at__isnull=True) | Q(ends_at__isnull=True),
            ),
            models.CheckConstraint(
                name="disruption_of_one_appointment",
                condition=Q(scope=DisruptionScope.APPOINTMENT, appointment__isnull=False)
                | (~Q(scope=DisruptionScope.APPOINTMENT) & Q(appointment__isnull=True)),
            ),
        )
        indexes = (models.Index(fields=("location", "ends_at"), name="disruption_of_location"),)

    @property
    def what(self) -> str:
        """Who or what cannot be had, by name."""
        if self.appointment is not None:
            return self.appointment.customer.name
        return ", ".join(one.name for one in self.resources.all()) or self.location.name

    def __str__(self) -> str:
        return f"{self.get_scope_display()} · {self.location} · {self.location.said(self.starts_at)}"


class AffectedQuerySet(models.QuerySet["AffectedAppointment"]):
    def unsettled(self) -> "AffectedQuerySet":
        """Those that are booked as they were when they were found, and of which nobody has said that they take place.

        That an appointment has moved or ended is read from its own history and state, whoever did it.
        """
        moved = AppointmentEvent.objects.filter(
            appointment=OuterRef("appointment"), kind=EventKind.MOVED, pk__gt=OuterRef("last_event")
        )
        as_booked = self.filter(kept_at__isnull=True, appointment__state=AppointmentState.BOOKED)
        return as_booked.filter(~Exists(moved), disruption__ended_at__isnull=True)

    def to_move(self) -> "AffectedQuerySet":
        """Those of them that nobody is moving yet: no round is live in which somebody still has to say something."""
        asked = Q(requests__state=RequestState.OPEN, requests__stands_by_itself=False)
        moving = Appointment.objects.filter(asked | Q(requests__state=RequestState.WITH_US), pk=OuterRef("appointment"))
        return self.unsettled().filter(~Exists(moving))

    def for_display(self) -> "AffectedQuerySet":
        return self.select_related(
            "appointment__customer",
            "appointment__service",
            "appointment__location",
            "appointment__provider",
            "disruption__location",
            "disruption__reason",
            "disruption__declared_by",
        )


class AffectedAppointment(models.Model):
    """A booked appointment that a disruption hits, until it is moved, kept or closed.

    `last_event` is the newest line of its history when it was found: what came later may have settled it.
    """

    disruption = models.ForeignKey(
        Disruption, on_delete=models.PROTECT, related_name="affected", verbose_name=_("disruption")
    )
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="affected_by", verbose_name=_("appointment")
    )
    found_at = models.DateTimeField(_("found"))
    last_event = models.BigIntegerField(default=0, editable=False)
    kept_at = models.DateTimeField(_("takes place as booked"), null=True, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    objects: ClassVar = AffectedQuerySet.as_manager()

    class Meta:
        verbose_name = _("affected appointment")
        verbose_name_plural = _("affected appointments")
        ordering = ("appointment__starts_at", "pk")
        constraints = (models.UniqueConstraint(name="affected_once", fields=("disruption", "appointment")),)
        indexes = (models.Index(fields=("appointment",), name="affected_unsettled", condition=Q(kept_at__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.appointment}"
