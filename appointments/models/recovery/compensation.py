"""Each thing that we gave to a customer, and what has become of it."""

import secrets
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import Benefit, CompensationState
from appointments.models.appointment import Appointment
from appointments.models.reason import Reason
from appointments.models.recovery.cases import CasePoint
from appointments.models.recovery.compensation_rules import CompensationRule, Gives, gives_what_it_says
from appointments.models.rescheduling import RescheduleRequest

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Those of a code: none that is taken for another when it is read out or written down."""


def new_code() -> str:
    """Eight letters in two groups, some 39 bits: too many to guess at a desk, few enough to say on the phone."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


class CompensationQuerySet(models.QuerySet["Compensation"]):
    def for_display(self) -> "CompensationQuerySet":
        return self.select_related(
            "appointment__customer",
            "appointment__service",
            "appointment__location",
            "made_by",
            "decided_by",
            "redeemed_by",
            "cause",
        )

    def of_code(self, typed: str) -> "CompensationQuerySet":
        """By a code as somebody types it: with or without the dash, small or large."""
        drawn = "".join(one for one in typed.upper() if one.isalnum())
        return self.filter(code=f"{drawn[:4]}-{drawn[4:]}") if len(drawn) == 8 else self.none()


class Compensation(Gives):
    """One thing given to one customer: with the pick of a time (`request`), or for a point of a complaint (`point`).

    Its code is used exactly once. What it is worth never changes, and nothing of it does once it has ended: triggers
    (migration 0028) see to both.
    """

    code = models.CharField(_("code"), max_length=9, unique=True, default=new_code, editable=False)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="compensations", verbose_name=_("appointment")
    )
    request = models.ForeignKey(
        RescheduleRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="compensations",
        verbose_name=_("proposal"),
    )
    point = models.ForeignKey(
        CasePoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="compensations",
        verbose_name=_("point of a complaint"),
    )
    rule = models.ForeignKey(
        CompensationRule, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("row")
    )
    cause = models.ForeignKey(
        Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cause")
    )
    state = models.CharField(_("state"), max_length=10, choices=CompensationState)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    valid_until = models.DateTimeField(_("can be used until"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    redeemed_at = models.DateTimeField(_("used at"), null=True, blank=True)
    redeemed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    note = models.CharField(_("note"), max_length=250, blank=True)

    objects: ClassVar = CompensationQuerySet.as_manager()

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        ordering = ("-made_at", "-pk")
        constraints = (
            gives_what_it_says("compensation_gives_what_it_says"),
            models.CheckConstraint(
                name="compensation_for_a_move_or_a_point",
                condition=Q(request__isnull=False, point__isnull=True) | Q(request__isnull=True, point__isnull=False),
            ),
            models.CheckConstraint(
                name="compensation_redeemed_iff_used",
                condition=Q(state=CompensationState.REDEEMED, redeemed_at__isnull=False, redeemed_by__isnull=False)
                | (~Q(state=CompensationState.REDEEMED) & Q(redeemed_at__isnull=True, redeemed_by__isnull=True)),
            ),
            models.CheckConstraint(name="compensation_is_of_use", condition=~Q(benefit=Benefit.NOTHING)),
            models.UniqueConstraint(name="compensation_once_a_move", fields=("request",)),
            models.UniqueConstraint(
                name="compensation_once_a_point",
                fields=("point",),
                condition=~Q(state__in=(CompensationState.REFUSED, CompensationState.WITHDRAWN)),
            ),
        )
        indexes = (models.Index(fields=("state", "made_at"), name="compensation_given"),)

    def __str__(self) -> str:
        return self.code

    def can_be_used(self, now: datetime) -> bool:
        return self.state == CompensationState.ISSUED and now <= self.valid_until

    def is_expired(self, now: datetime) -> bool:
        return self.state == CompensationState.ISSUED and now > self.valid_until
