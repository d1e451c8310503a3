"""The appointment, whose identity never changes, and the timeline that the database guards."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import AppointmentState, Manner, RequestState
from appointments.models.business import Location
from appointments.models.catalogue import Service
from appointments.models.people import Customer
from appointments.models.resources import Resource


def new_uid() -> str:
    return f"{uuid.uuid4()}@reschedule"


MOST_BY_A_FORM = 27
"""Every week for half a year, and the first one."""


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def for_display(self) -> "AppointmentQuerySet":
        """With everything a line about an appointment shows, in one query."""
        return self.select_related("customer", "service", "location", "provider")

    def of_form(self, form: str) -> "AppointmentQuerySet":
        """What one form of the desk has booked."""
        return self.filter(booked_by_form__in=[f"{form}.{number}" for number in range(1, MOST_BY_A_FORM + 1)])

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "AppointmentQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Appointment(models.Model):
    """One customer, one service, one start. It keeps its identity, its UID and its history over any number of moves.

    `starts_at` and `ends_at` are what the customer is told; the buffers are only in the occupancies.
    """

    uid = models.CharField(_("UID"), max_length=255, default=new_uid, editable=False)
    recurrence_id = models.DateTimeField(
        _("RECURRENCE-ID"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("For one date of a series from another calendar: when that date was first planned."),
    )
    organizer = models.EmailField(
        _("ORGANIZER"),
        blank=True,
        editable=False,
        help_text=_("Who invited the customer, when that was another calendar."),
    )
    sequence = models.PositiveIntegerField(_("SEQUENCE"), default=0, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("customer")
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("service")
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("location")
    )
    provider = models.ForeignKey(
        Resource,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("provider"),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    manner = models.CharField(_("takes place"), max_length=10, choices=Manner, default=Manner.USUAL)
    state = models.CharField(_("state"), max_length=10, choices=AppointmentState, default=AppointmentState.BOOKED)
    source = models.CharField(_("came from"), max_length=20, blank=True, help_text=_("Empty: booked here."))
    external_id = models.CharField(_("id in its source"), max_length=400, blank=True)
    note = models.TextField(_("note for staff"), blank=True)
    booked_by_form = models.CharField(
        max_length=60,
        blank=True,
        editable=False,
        help_text=_("The form by which it was booked at the desk, and its number there; sent twice, it books once."),
    )
    reminded_for = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text=_("The SEQUENCE that the last reminder was about.")
    )
    followed_up_at = models.DateTimeField(_("asked how it went"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("booked on"), auto_now_add=True)

    objects: ClassVar = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(name="appointment_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(
                name="appointment_has_own_uid", fields=("uid",), condition=Q(recurrence_id__isnull=True)
            ),
            models.UniqueConstraint(
                name="appointment_is_one_date_of_its_series",
                fields=("uid", "recurrence_id"),
                condition=Q(recurrence_id__isnull=False),
            ),
            models.UniqueConstraint(
                name="appointment_imported_once",
                fields=("source", "external_id", "location", "customer"),
                condition=~Q(external_id=""),
            ),
            models.UniqueConstraint(
                name="appointment_booked_once_by_a_form",
                fields=("booked_by_form",),
                condition=~Q(booked_by_form=""),
            ),
        )
        indexes = (
            models.Index(fields=("location", "starts_at"), name="appointment_on_board"),
            models.Index(fields=("starts_at", "id"), name="appointment_by_time"),
            models.Index(fields=("customer", "starts_at"), name="appointment_of_customer"),
            models.Index(fields=("state", "ends_at"), name="appointment_to_close"),
        )
        permissions = (("work_desk", _("Can work at the desk")),)

    def __str__(self) -> str:
        return f"{self.customer} · {self.service} · {self.location.said(self.starts_at)}"

    @property
    def is_booked_here(self) -> bool:
        """Whether no other program knows it, so that all that its customer hears of it comes from us."""
        return self.booked_by_form != ""

    @property
    def form(self) -> str:
        """By which it was booked at the desk, alone or with others; "" for what came from elsewhere."""
        return self.booked_by_form.rpartition(".")[0]

    @property
    def about(self) -> str:
        """How messages refer to it."""
        return f"appointment:{self.pk}"

    @property
    def is_at_customer(self) -> bool:
        """Whether we come to the customer, so that the place is their address and not ours."""
        return self.manner == Manner.HOME or self.service.is_at_customer

    @property
    def duration(self) -> timedelta:
        """How long this one takes, whatever its service usually takes: a move keeps it."""
        return self.ends_at - self.starts_at

    @property
    def has_new_time(self) -> bool:
        """Whether a choice of the customer changed its hour, and not only who is there. One query."""
        chosen = self.requests.filter(state=RequestState.ACCEPTED)
        return chosen.exclude(was_starts_at=self.starts_at).exists()

    def is_coming(self, now: datetime) -> bool:
        return self.state == AppointmentState.BOOKED and self.starts_at > now


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def in_force(self, now: datetime) -> "OccupancyQuerySet":
        """Appointments, and the holds that have not expired."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))

    def expired(self, now: datetime) -> "OccupancyQuerySet":
        return self.filter(expires_at__lte=now)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "OccupancyQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Occupancy(models.Model):
    """One resource for one span, buffers included, half open `[starts_at, ends_at)`.

    For an appointment, or (with `request` and `expires_at`) held for its next time. This is the one table in which
    no two rows of a resource may overlap; PostgreSQL refuses it by an exclusion constraint, SQLite by a trigger
    (migration `0002`). A hold never repeats what its own appointment occupies, so an appointment cannot block itself.
    """

    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="occupancies", verbose_name=_("resource")
    )
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="occupancies", verbose_name=_("appointment")
    )
    request = models.ForeignKey(
        "RescheduleRequest",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=_("held for"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)

    objects: ClassVar = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupancy")
        verbose_name_plural = _("occupancies")
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(name="occupancy_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="occupancy_hold_expires",
                condition=Q(request__isnull=True, expires_at__isnull=True)
                | Q(request__isnull=False, expires_at__isnull=False),
            ),
        )
        indexes = (models.Index(fields=("resource", "ends_at", "starts_at"), name="occupancy_timeline"),)

    def __str__(self) -> str:
        return f"{self.resource} {self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%H:%M} UTC"
