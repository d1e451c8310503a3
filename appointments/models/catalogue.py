"""What can be booked, what it needs, and the limits for moving it."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.enums import Manner, ResourceKind, ServiceKind
from appointments.models.resources import Resource
from appointments.multilingual import InReadersLanguage, WordsField
from notifications.text import languages


class Service(models.Model):
    """What is booked. Durations in minutes; the buffers are occupied too but not told to the customer."""

    code = models.SlugField(_("code"), unique=True, max_length=40, help_text=_("In imports."))
    kind = models.CharField(_("kind"), max_length=12, choices=ServiceKind, default=ServiceKind.CONSULTATION)
    name = WordsField(_("name"), max_length=120)
    minutes = models.PositiveSmallIntegerField(
        _("duration (minutes)"), validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    buffer_before = models.PositiveSmallIntegerField(
        _("buffer before (minutes)"), default=0, validators=[MaxValueValidator(240)]
    )
    buffer_after = models.PositiveSmallIntegerField(
        _("buffer after (minutes)"), default=0, validators=[MaxValueValidator(240)]
    )
    grid = models.PositiveSmallIntegerField(
        _("starts every (minutes)"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(24 * 60)],
        help_text=_("Counted from midnight on the wall clock."),
    )
    notice_minutes = models.PositiveIntegerField(
        _("minimum notice (minutes)"), default=120, help_text=_("Nothing sooner than this is offered.")
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("offered up to (days ahead)"), default=60, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    max_moves = models.PositiveSmallIntegerField(
        _("moves by the customer"), default=2, help_text=_("Moves that we cause never count.")
    )
    move_notice_hours = models.PositiveSmallIntegerField(_("customer may move until (hours before)"), default=24)
    lead_minutes = models.PositiveSmallIntegerField(
        _("customers have to know (minutes before)"),
        default=120,
        validators=[MaxValueValidator(7 * 24 * 60)],
        help_text=_("The way to us and what they prepare: whoever hears of a change later has set out in vain."),
    )
    stays = WordsField(
        _("what stays the same"),
        max_length=200,
        blank=True,
        help_text=_("Shown when we move it, for instance: Your price and your preparation stay the same."),
    )
    by_phone = models.BooleanField(_("also online or by phone"), default=False)
    at_home = models.BooleanField(_("also at the customer’s home"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = (InReadersLanguage("name"),)
        constraints = (
            models.CheckConstraint(name="service_has_duration", condition=models.Q(minutes__gte=1)),
            models.CheckConstraint(name="service_has_grid", condition=models.Q(grid__gte=1)),
        )

    def __str__(self) -> str:
        return self.name_in()

    def name_in(self, language: str | None = None) -> str:
        return str(self.name.localize(language or languages.active()))

    def stays_in(self, language: str | None = None) -> str:
        return str(self.stays.localize(language or languages.active()))

    @property
    def is_at_customer(self) -> bool:
        """Whether we come to the customer, so that the place is their address and not ours."""
        return self.kind in (ServiceKind.DELIVERY, ServiceKind.ONSITE)

    @property
    def manners(self) -> list[Manner]:
        """In which ways it can take place, the usual one first."""
        also = ((Manner.PHONE, self.by_phone), (Manner.HOME, self.at_home and not self.is_at_customer))
        return [Manner.USUAL, *(manner for manner, is_possible in also if is_possible)]

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def before(self) -> timedelta:
        return timedelta(minutes=self.buffer_before)

    @property
    def after(self) -> timedelta:
        return timedelta(minutes=self.buffer_after)


class Requirement(models.Model):
    """One thing a service needs: any one of these resources. An appointment occupies one for each requirement."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="requirements", verbose_name=_("service")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind, default=ResourceKind.PROVIDER)
    candidates = models.ManyToManyField(
        Resource,
        related_name="requirements",
        verbose_name=_("any one of"),
        help_text=_("At every location it is given."),
    )

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ("service", "pk")

    def __str__(self) -> str:
        return f"{self.service}: {self.get_kind_display()}"
