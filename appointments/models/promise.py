"""The promise ledger: everything we told somebody we would do, with a due time and an owner."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from appointments.enums import Alarm, AnswerKind, CallOutcome, PromiseKind, PromiseState
from appointments.models.answer import Answer
from appointments.models.appointment import Appointment
from appointments.models.rescheduling import RescheduleRequest

CALL_KINDS = (PromiseKind.CALL, PromiseKind.FIND_TIMES, PromiseKind.REPLY)
PRESSING = timedelta(hours=1)
WAITS_FOR_US = Q(kind__in=CALL_KINDS) | Q(kind=PromiseKind.ANSWER_OR_CALL, request__expired_at__isnull=False)
"""What a colleague has to act on: calls, times to find, things to answer, and customers who stayed silent."""


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> "PromiseQuerySet":
        return self.filter(state=PromiseState.OPEN)

    def open_or_replied(self) -> "PromiseQuerySet":
        """What we still owe, and what we have answered in writing."""
        return self.filter(Q(state=PromiseState.OPEN) | ~Q(reply=""))

    def overdue(self, now: datetime) -> "PromiseQuerySet":
        return self.open().filter(due_at__lt=now)

    def alarming(self, moment: datetime) -> "PromiseQuerySet":
        """Those open that fall due at `moment` at the latest, once it has come to that; held times alarm nobody."""
        silent = Q(kind=PromiseKind.ANSWER_OR_CALL, request__expired_at__isnull=True, request__isnull=False)
        return self.open().filter(due_at__lte=moment).exclude(kind=PromiseKind.HOLD).exclude(silent)

    def to_work_on(self) -> "PromiseQuerySet":
        """Those a colleague has to act on now: calls, times to find, things to answer."""
        return self.open().filter(WAITS_FOR_US)

    def with_attempts(self) -> "PromiseQuerySet":
        """Each with how many calls were made for it (`attempts`) and when the last one reached nobody (`tried_at`).

        `reach`: when the customer said last that they are reached best, for `domain.reaching`. `is_urgent`: they said
        so when they asked for other times.
        """
        calls = CallAttempt.objects.filter(promise=OuterRef("pk"))
        missed = calls.filter(outcome__in=(CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER)).order_by("-at")
        counted = calls.order_by().values("promise").annotate(count=Count("pk")).values("count")
        return self.annotate(
            reach=Subquery(asked_to_be_called(OuterRef("appointment")).values("wishes")[:1]),
            is_urgent=Exists(Answer.objects.filter(request=OuterRef("request"), wishes__urgent=True)),
            attempts=Coalesce(Subquery(counted), 0),
            tried_at=Subquery(missed.values("at")[:1]),
        )

    def settled_lately(self) -> "PromiseQuerySet":
        """What we have done, in time or late, the last first; that a time was kept free was no work."""
        settled = self.filter(state__in=(PromiseState.KEPT, PromiseState.BROKEN)).exclude(kind=PromiseKind.HOLD)
        return settled.order_by("-settled_at", "-pk")

    def for_display(self) -> "PromiseQuerySet":
        return self.select_related(
            "appointment__customer",
            "appointment__service",
            "appointment__location",
            "appointment__provider",
            "owner",
            "request",
        )


class Promise(models.Model):
    """Something we told a customer we would do by `due_at`; `owner` does it. Kept, broken or no longer needed."""

    kind = models.CharField(_("what"), max_length=16, choices=PromiseKind)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="promises", verbose_name=_("appointment")
    )
    request = models.ForeignKey(
        RescheduleRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("proposal"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises", verbose_name=_("owner")
    )
    details = models.TextField(_("what about"), blank=True)
    made_at = models.DateTimeField(_("made"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=PromiseState, default=PromiseState.OPEN)
    warned_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    alarm = models.PositiveSmallIntegerField(
        _("how many have been alarmed"),
        choices=Alarm,
        default=Alarm.NOBODY,
        editable=False,
    )
    slipped_at = models.DateTimeField(
        _("customer told that it takes longer"), null=True, blank=True, help_text=_("Before the first hour had passed.")
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    broken_at = models.DateTimeField(_("broken since"), null=True, blank=True)
    outcome = models.CharField(_("how it was settled"), max_length=250, blank=True)
    reply = models.TextField(_("what we answered"), blank=True)

    objects: ClassVar = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ("due_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="promise_settled_iff_ended",
                condition=Q(state=PromiseState.OPEN, settled_at__isnull=True)
                | (~Q(state=PromiseState.OPEN) & Q(settled_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="promise_once_per_round",
                fields=("request", "kind"),
                condition=Q(state=PromiseState.OPEN, request__isnull=False),
            ),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="promise_due"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.appointment.location.said(self.due_at)}"

    def is_overdue(self, now: datetime) -> bool:
        return self.state == PromiseState.OPEN and self.due_at < now


class CallAttempt(models.Model):
    """One phone call made for a promise, and how it ended."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="calls", verbose_name=_("promise"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome)
    note = models.TextField(_("note"), blank=True)
    nonce = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("phone call")
        verbose_name_plural = _("phone calls")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}"


def asked_to_be_called(appointment: Any) -> QuerySet[Answer]:
    """The wishes to be called about `appointment` (or an `OuterRef`) that count, the newest first: an hour that was
    agreed on the phone replaces those before it.
    """
    agreed = CallAttempt.objects.filter(
        promise__appointment=OuterRef("request__appointment"), outcome=CallOutcome.CALL_LATER, at__gte=OuterRef("at")
    )
    asked = Answer.objects.filter(~Exists(agreed), request__appointment=appointment, kind=AnswerKind.CALL_ME)
    return asked.order_by("-at", "-pk")
