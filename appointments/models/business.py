"""Who we are and where: one business, its locations and the days they are closed."""

import zoneinfo
from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from moneyed import CURRENCIES
from phonenumber_field.modelfields import PhoneNumberField

from appointments.enums import Tone
from notifications.text import languages
from notifications.text.when import day as day_in_words
from notifications.text.when import when


def validate_zone(value: str) -> None:
    """Accepts names of the IANA time zone database, such as `Asia/Makassar`."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(zone)s” is not a time zone we know."), params={"zone": value})


def validate_currency(value: str) -> None:
    """Accepts codes of ISO 4217, such as `IDR`."""
    if value not in CURRENCIES:
        raise ValidationError(_("“%(code)s” is not a currency we know."), params={"code": value})


class EndsAfterStart(models.Model):
    """What lasts from `starts_at` until `ends_at`. The database refuses the other way round; this says so in words."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        since, until = self.starts_at, self.ends_at  # type: ignore[attr-defined]  # of the model it is a base of
        if since and until and until <= since and not {"starts_at", "ends_at"} & set(exclude or ()):
            raise ValidationError({"ends_at": _("The end must be after the start.")})
        super().validate_constraints(exclude=exclude)


class Business(models.Model):
    """The one business that uses this installation, and how it deals with its customers."""

    name = models.CharField(_("name"), max_length=120)
    sender_name = models.CharField(
        _("name in messages"),
        max_length=80,
        blank=True,
        help_text=_("From whom messages come, as customers read it. Empty: the name."),
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Answers to our messages arrive here."))
    language = models.CharField(
        _("language"),
        max_length=16,
        choices=languages.choices,
        default=languages.own,
        help_text=_("For new customers."),
    )
    tone = models.CharField(
        _("how it sounds"),
        max_length=10,
        choices=Tone.choices,
        default=Tone.POLITE,
        help_text=_("How messages greet your customers and end. What they say stays the same."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="IDR",
        validators=[validate_currency],
        help_text=_("Three letters (ISO 4217), for what we give when a move was our doing."),
    )
    undo_seconds = models.PositiveSmallIntegerField(
        _("undo window (seconds)"),
        default=20,
        validators=[MaxValueValidator(600)],
        help_text=_("How long an offer or an answer can be taken back before its message leaves."),
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("time to answer (hours)"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 14)],
        help_text=_("Proposed as the time by which a customer should answer an offer."),
    )
    promise_hours = models.PositiveSmallIntegerField(
        _("our time to come back (working hours)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text=_("What we promise when a customer asks to be called, or for times we have to look for."),
    )
    measured_hours = models.FloatField(
        _("how long it takes now (working hours)"),
        null=True,
        editable=False,
        help_text=_("Four of five calls and answers of the last 90 days. We promise no less."),
    )
    approve_above = models.PositiveSmallIntegerField(
        _("second colleague above (customers)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("A plan that tells more customers than this leaves only when another colleague has agreed."),
    )
    reminder_hours = models.PositiveSmallIntegerField(_("reminder (hours before)"), default=24)

    class Meta:
        verbose_name = _("business")
        verbose_name_plural = _("business")
        constraints = (
            models.CheckConstraint(name="business_only_one", condition=models.Q(pk=1)),
            models.CheckConstraint(name="business_tone_known", condition=models.Q(tone__in=Tone.values)),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, passed on

    @classmethod
    def current(cls) -> "Business":
        """The business; a nameless one with the defaults before anybody has filled it in."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, name="Reschedule")


class Location(models.Model):
    """A place with an address and a time zone. Every appointment belongs to one."""

    code = models.SlugField(_("code"), unique=True, max_length=40, help_text=_("In addresses of pages and in imports."))
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone], default="Asia/Jakarta")
    country = models.CharField(
        _("country"), max_length=2, default="ID", help_text=_("Two letters; decides the public holidays.")
    )
    closed_on_holidays = models.BooleanField(_("closed on public holidays"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)

    def said(self, moment: datetime) -> str:
        """A moment by the clock of this place, as whoever reads it writes it: "Thu 3 Dec, 11:15 WIB"."""
        return when(moment, self.zone, languages.active(), "short")

    def said_in_full(self, moment: datetime) -> str:
        """The same with its year: "Thursday, 3 December 2026 at 11:15 WIB"."""
        return when(moment, self.zone, languages.active(), "long")

    def said_day(self, day: date) -> str:
        """A day in the same way: "Thu 3 Dec"."""
        return day_in_words(day, self.zone, languages.active(), "short")


class Closure(EndsAfterStart):
    """A span in which a whole location is closed, once or again and again."""

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="closures", verbose_name=_("location")
    )
    title = models.CharField(_("what for"), max_length=120)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    rrule = models.CharField(
        _("repeats"),
        max_length=250,
        blank=True,
        help_text=_("A recurrence rule (RFC 5545), for instance FREQ=MONTHLY;BYDAY=1FR. Empty: once."),
    )

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(
                name="closure_ends_after_start", condition=models.Q(ends_at__gt=models.F("starts_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.location})"


class SpecialDay(models.Model):
    """One day that differs from the public holidays: closed although it is none, open although it is one."""

    location = models.ForeignKey(
        Location,
        on_delete=models.CASCADE,
        related_name="special_days",
        verbose_name=_("location"),
        null=True,
        blank=True,
        help_text=_("Empty: all locations."),
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)
    is_open = models.BooleanField(_("open"), default=False)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(name="special_day_once", fields=("location", "day")),
            models.UniqueConstraint(
                name="special_day_everywhere_once", fields=("day",), condition=models.Q(location__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Setup(models.Model):
    """How far somebody has come who sets the product up: one row. `code` is the fingerprint of what opens the owner's
    account, once: whoever claims it, claims the row.
    """

    code = models.CharField(_("code"), max_length=64, blank=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    trade = models.CharField(_("kind of business"), max_length=20, blank=True)
    left_out = models.JSONField(_("left out for now"), default=list, blank=True)
    put_away_at = models.DateTimeField(_("put away"), null=True, blank=True)

    class Meta:
        verbose_name = _("setting up")
        verbose_name_plural = _("setting up")
        constraints = (models.CheckConstraint(name="setup_only_one", condition=models.Q(pk=1)),)

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "Setup":
        """Not stored before anybody has begun."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
