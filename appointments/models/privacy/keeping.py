"""How long what is about people is kept, and what has gone since its time was over."""

from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import DataKind
from appointments.enums.privacy import LIMITS
from appointments.models.appointment import Appointment

OF_AN_APPOINTMENT = (DataKind.WORDS, DataKind.NOTES)
"""The words that go appointment by appointment."""


class RetentionPeriod(models.Model):
    """So many days a kind is kept, in force `since` then; a kind without a row is kept as long as is usual."""

    kind = models.CharField(_("what"), max_length=12, choices=DataKind, unique=True)
    days = models.PositiveSmallIntegerField(_("days"))
    since = models.DateTimeField(_("in force since"))

    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("period of keeping")
        verbose_name_plural = _("periods of keeping")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="retention_within_its_limits",
                condition=reduce(
                    or_,
                    (Q(kind=kind, days__range=(least, most)) for kind, (least, _usual, most) in LIMITS.items()),
                ),
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class WordsGone(models.Model):
    """The words of one kind about an appointment are let go. Only then the past lets them be taken out of it: triggers
    (migration 0056) see to it, whoever writes.
    """

    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="words_gone", verbose_name=_("appointment")
    )
    kind = models.CharField(_("what"), max_length=12, choices=[(one.value, one.label) for one in OF_AN_APPOINTMENT])
    at = models.DateTimeField(_("when"))

    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("words that were let go")
        verbose_name_plural = _("words that were let go")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(name="words_gone_once", fields=("appointment", "kind")),
            models.CheckConstraint(name="words_gone_of_a_kind", condition=Q(kind__in=OF_AN_APPOINTMENT)),
        )

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.get_kind_display()}"


class PurgeDay(models.Model):
    """What went of one kind on one day (UTC): `gone` rows, written in the transactions that took them; `ran_at` says
    when it was last looked for, `before` how old it had to be.
    """

    kind = models.CharField(_("what"), max_length=12, choices=DataKind)
    day = models.DateField(_("day"))
    ran_at = models.DateTimeField(_("last looked at"))
    before = models.DateTimeField(_("older than"))
    gone = models.PositiveIntegerField(_("gone"), default=0)

    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("day of clearing away")
        verbose_name_plural = _("days of clearing away")
        ordering = ("-day", "kind")
        constraints = (
            models.UniqueConstraint(name="purge_day_once", fields=("kind", "day")),
            models.CheckConstraint(name="purge_of_what_is_older", condition=Q(before__lt=models.F("ran_at"))),
        )

    def __str__(self) -> str:
        return f"{self.day}: {self.get_kind_display()}"
