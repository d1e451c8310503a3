"""What an appointment occupies, and when it is there: resources, their weekly hours, breaks and absences."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.enums import AbsenceKind, ResourceKind, Weekday
from appointments.models.business import EndsAfterStart, Location

LONGEST_TITLE = 60


class Resource(models.Model):
    """Whatever an appointment occupies: a member of staff (a provider), a room, a piece of equipment."""

    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind, default=ResourceKind.PROVIDER)
    name = models.CharField(_("name"), max_length=120, help_text=_("As customers read it."))
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="resources", verbose_name=_("location")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="resource",
        verbose_name=_("signs in as"),
    )
    most_a_day = models.PositiveSmallIntegerField(
        _("appointments a day at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: no limit. Beyond it no time is offered; what is booked or held already stays."),
    )
    upkeep_by = models.DateField(
        _("maintenance due by"),
        null=True,
        blank=True,
        help_text=_("Managers are reminded thirty days before: plan it while few are booked."),
    )
    position = models.PositiveSmallIntegerField(_("order on the board"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ("location__position", "position", "name")
        constraints = (models.CheckConstraint(name="resource_takes_some_a_day", condition=models.Q(most_a_day__gte=1)),)
        indexes = (models.Index(fields=("location", "kind", "is_active"), name="resource_on_board"),)

    def __str__(self) -> str:
        return self.name


class WeeklySpan(models.Model):
    """A span of wall-clock time that returns every week, for one resource or for a whole location.

    `closes_at` at or before `opens_at` reaches into the next day: a night shift, which has to be said, as mostly it is
    a slip. Until 00:00 is until midnight, and 00:00–00:00 a whole day.
    """

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("location")
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("resource")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("until"))
    overnight = models.BooleanField(_("the next day"), default=False, help_text=_("For night shifts."))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("The last day it is valid."))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"

    def clean(self) -> None:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The last day is before the first.")})
        opens: time | None = self.opens_at
        closes: time | None = self.closes_at
        if opens is None or closes is None:
            return  # What a form could not read is an error already.
        reaches_over = closes <= opens
        if reaches_over and not self.overnight and closes != time.min:
            why = _("This ends before it begins. Tick “the next day” for a night shift.")
            raise ValidationError({"closes_at": why if closes < opens else _("This begins and ends at the same hour.")})
        if self.overnight and not reaches_over:
            raise ValidationError({"overnight": _("This ends on the same day, so the tick is not needed.")})


def _weekly_constraints(name: str) -> tuple[models.CheckConstraint, ...]:
    return (
        models.CheckConstraint(
            name=f"{name}_has_one_owner",
            condition=models.Q(location__isnull=True) ^ models.Q(resource__isnull=True),
        ),
        models.CheckConstraint(
            name=f"{name}_ends_after_start",
            condition=models.Q(closes_at__gt=models.F("opens_at"), overnight=False)
            | models.Q(closes_at=time.min, overnight=False)
            | models.Q(closes_at__lte=models.F("opens_at"), overnight=True),
        ),
        models.CheckConstraint(name=f"{name}_weekday", condition=models.Q(weekday__lte=6)),
        models.CheckConstraint(
            name=f"{name}_validity",
            condition=models.Q(valid_from__isnull=True)
            | models.Q(valid_until__isnull=True)
            | models.Q(valid_until__gte=models.F("valid_from")),
        ),
    )


class WeeklyHours(WeeklySpan):
    """When a location is open, or a resource works. A resource without hours follows its location."""

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="hours", verbose_name=_("location")
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, null=True, blank=True, related_name="hours", verbose_name=_("resource")
    )

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        ordering = ("weekday", "opens_at")
        constraints = _weekly_constraints("hours")


class Break(WeeklySpan):
    """A pause inside the weekly hours."""

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="breaks", verbose_name=_("location")
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, null=True, blank=True, related_name="breaks", verbose_name=_("resource")
    )

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering = ("weekday", "opens_at")
        constraints = _weekly_constraints("break")


class Absence(EndsAfterStart):
    """A span in which a resource is away, once or again and again. Why somebody is ill is never stored.

    What is blocked from the desk has a `title`, which is private: domain/disruptions/blocking.py says who reads it.
    """

    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="absences", verbose_name=_("resource")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=AbsenceKind, default=AbsenceKind.UNAVAILABLE)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    rrule = models.CharField(
        _("repeats"),
        max_length=250,
        blank=True,
        help_text=_("A recurrence rule (RFC 5545), for instance FREQ=WEEKLY;BYDAY=TU. Empty: once."),
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(
                name="absence_ends_after_start", condition=models.Q(ends_at__gt=models.F("starts_at"))
            ),
            models.CheckConstraint(
                name="absence_blocked_has_title",
                condition=~models.Q(kind=AbsenceKind.BLOCKED) | ~models.Q(title=""),
            ),
        )
        indexes = (models.Index(fields=("resource", "ends_at"), name="absence_of_resource"),)

    def __str__(self) -> str:
        return f"{self.resource}: {self.get_kind_display()}"
