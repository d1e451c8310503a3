"""Moving one appointment: in which round, with which offers, and what the customer answered."""

import re
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from appointments.enums import LIVE_REQUEST_STATES, Family, Manner, OfferState, RequestState, Why
from appointments.models.appointment import Appointment
from appointments.models.business import Location
from appointments.models.disruption import Disruption
from appointments.models.reason import Reason
from appointments.models.resources import Resource

FIRST_CASE = 1000
"""What a customer can say on the phone is counted from here on: R-1042 is the round with the id 42."""
_CASE = re.compile(r"r-?(\d{4,12})", re.IGNORECASE)


class RequestQuerySet(models.QuerySet["RescheduleRequest"]):
    def live(self) -> "RequestQuerySet":
        return self.filter(state__in=LIVE_REQUEST_STATES)

    def undecided(self) -> "RequestQuerySet":
        """The live ones in which somebody still has to say or do something: not those whose time stands by itself."""
        return self.live().exclude(state=RequestState.OPEN, stands_by_itself=True)

    def of_case(self, number: str) -> "RequestQuerySet":
        """The round whose case number somebody has typed, such as "R-1042" or "r1042"; none for other words."""
        found = _CASE.fullmatch(number.strip())
        return self.filter(pk=int(found[1]) - FIRST_CASE) if found else self.none()

    def by_themselves(self) -> "RequestQuerySet":
        """Those in which a customer moved or cancelled on their page, without having been asked by anybody."""
        return self.filter(opened_by__isnull=True, wished=False, reason__family=Family.CUSTOMER)

    def told(self) -> "RequestQuerySet":
        """Those the customer has read of: not what was taken back before its message left."""
        unsent = (RequestState.WITHDRAWN, RequestState.REPLACED)
        return self.exclude(state__in=unsent, closed_at__lte=models.F("undo_until"))

    def for_display(self) -> "RequestQuerySet":
        return self.select_related(
            "appointment__customer",
            "appointment__service",
            "appointment__location",
            "appointment__provider",
            "reason",
            "contact",
            "was_provider",
        )


class RescheduleRequest(models.Model):
    """One round of moving one appointment. At most one round of an appointment is live; the database sees to it.

    `was_*` is the time this round moves away from, and stays what it was. `wording` is the public cause as it was
    told, by language, so that page and mail say the same even after a manager has edited the reason.
    """

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="requests", verbose_name=_("appointment")
    )
    round = models.PositiveSmallIntegerField(_("proposal"))
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="requests", verbose_name=_("reason"))
    disruption = models.ForeignKey(
        Disruption,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("because of"),
    )
    wording = models.JSONField(_("cause as told"), default=dict)
    personal_note = models.TextField(_("personal line"), blank=True, max_length=600)
    could_change = models.CharField(_("what could still change"), blank=True, max_length=200)
    foretold = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("foretold in"),
        help_text=_("What that proposal said could still change is what has happened now."),
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    respond_by = models.DateTimeField(_("answer by"))
    call_by = models.DateTimeField(_("otherwise we phone by"))
    wished = models.BooleanField(
        _("answers the customer’s wishes"),
        default=False,
        help_text=_("Opened because the customer asked for other times."),
    )
    can_keep = models.BooleanField(
        _("original time is still possible"), default=False, help_text=_("Then the customer may also keep it.")
    )
    stands_by_itself = models.BooleanField(
        _("the time stands without an answer"),
        default=False,
        help_text=_("The customer only answers if the present time does not suit them."),
    )
    was_starts_at = models.DateTimeField(_("was"))
    was_ends_at = models.DateTimeField(_("was until"))
    was_provider = models.ForeignKey(
        Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("was with")
    )
    was_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("was at")
    )
    was_manner = models.CharField(_("was in which way"), max_length=10, choices=Manner, default=Manner.USUAL)
    opened_at = models.DateTimeField(_("sent"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    undo_until = models.DateTimeField(_("can be taken back until"))
    told_with = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tells_of",
        verbose_name=_("told together with"),
        help_text=_("One message to the customer speaks of both."),
    )
    seen_at = models.DateTimeField(_("opened by the customer"), null=True, blank=True)
    nudges = models.PositiveSmallIntegerField(_("reminded (times)"), default=0)
    expired_at = models.DateTimeField(_("expired"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    nonce = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)

    objects: ClassVar = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("reschedule request")
        verbose_name_plural = _("reschedule requests")
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(name="request_round_once", fields=("appointment", "round")),
            models.UniqueConstraint(
                name="request_one_live_round",
                fields=("appointment",),
                condition=Q(state__in=LIVE_REQUEST_STATES),
            ),
            models.CheckConstraint(
                name="request_closed_iff_ended",
                condition=Q(state__in=LIVE_REQUEST_STATES, closed_at__isnull=True)
                | (~Q(state__in=LIVE_REQUEST_STATES) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="request_answer_after_opening", condition=Q(respond_by__gt=models.F("opened_at"))
            ),
            models.CheckConstraint(name="request_call_after_answer", condition=Q(call_by__gte=models.F("respond_by"))),
        )
        indexes = (
            models.Index(fields=("state", "respond_by"), name="request_waiting"),
            models.Index(fields=("opened_at",), name="request_by_month"),
        )

    def __str__(self) -> str:
        return f"{self.appointment} · {gettext('proposal %(number)s') % {'number': self.round}}"

    @property
    def case_number(self) -> str:
        return f"R-{FIRST_CASE + self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_REQUEST_STATES

    @property
    def stands(self) -> bool:
        """Whether the present time is the one that holds, unless the customer says otherwise."""
        return self.stands_by_itself and self.state == RequestState.OPEN

    @property
    def is_by_themselves(self) -> bool:
        """As `RequestQuerySet.by_themselves` has it."""
        return self.opened_by_id is None and not self.wished and self.reason.is_wish

    @property
    def is_newest(self) -> bool:
        """Whether no other round of its appointment has come after it."""
        return not RescheduleRequest.objects.filter(appointment=self.appointment_id, round__gt=self.round).exists()

    @property
    def holds_lapsed(self) -> bool:
        """After expiry the offers stand as first come, first served until a colleague has phoned."""
        return self.expired_at is not None

    @property
    def is_without_times(self) -> bool:
        """Whether there have never been times to choose from: the customer was only told, and who looks for some."""
        return not self.offers.exists()

    def can_be_undone(self, now: datetime) -> bool:
        if now >= self.undo_until or self.answered_at is not None or self.stands_by_itself:
            return False
        return self.state == RequestState.OPEN or (self.state == RequestState.WITH_US and self.is_without_times)

    def wording_in(self, language: str) -> str:
        return str(LazyI18nString(self.wording).localize(language))


class Offer(models.Model):
    """One concrete alternative. Guaranteed: held for this customer until `kept_until`, which is the respond-by time
    where the offer lies far enough ahead, and an hour of its own where not. Open, or after that: first come.
    """

    request = models.ForeignKey(
        RescheduleRequest, on_delete=models.CASCADE, related_name="offers", verbose_name=_("proposal")
    )
    position = models.PositiveSmallIntegerField(_("order"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    provider = models.ForeignKey(
        Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    resources = models.ManyToManyField(Resource, related_name="+", verbose_name=_("occupies"))
    guaranteed = models.BooleanField(_("reserved"), default=True)
    kept_until = models.DateTimeField(_("reserved until"), null=True, blank=True)
    outside_hours = models.BooleanField(_("outside public hours"), default=False)
    why = models.CharField(_("why"), max_length=14, choices=Why, default=Why.SOONEST)
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.LIVE)
    gives = models.ForeignKey(
        "appointments.CompensationRule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("what comes with it"),
        help_text=_("By the table that was in force when it was offered."),
    )
    gives_untold = models.BooleanField(
        _("only when a second colleague agrees"),
        default=False,
        help_text=_("The budget was used up: the customer reads of it when it is granted."),
    )

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("request", "position")
        constraints = (
            models.CheckConstraint(name="offer_ends_after_start", condition=Q(ends_at__gt=models.F("starts_at"))),
            models.CheckConstraint(
                name="offer_kept_iff_guaranteed",
                condition=Q(guaranteed=True, kept_until__isnull=False) | Q(guaranteed=False, kept_until__isnull=True),
            ),
            models.CheckConstraint(
                name="offer_kept_before_it_starts",
                condition=Q(kept_until__isnull=True) | Q(kept_until__lte=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="offer_untold_of_something", condition=Q(gives_untold=False) | Q(gives__isnull=False)
            ),
            models.UniqueConstraint(name="offer_position_once", fields=("request", "position")),
            models.UniqueConstraint(name="offer_one_taken", fields=("request",), condition=Q(state=OfferState.TAKEN)),
        )

    def __str__(self) -> str:
        return f"{self.request} → {self.request.appointment.location.said(self.starts_at)}"

    @property
    def when_and_whom(self) -> tuple[datetime, int | None]:
        """As a slot's: by what a customer chooses."""
        return self.starts_at, self.provider_id

    def is_kept(self, now: datetime) -> bool:
        """Whether nobody else can have it."""
        return self.kept_until is not None and now < self.kept_until

    @property
    def is_kept_shorter(self) -> bool:
        """Whether it is kept for less than the time there is to answer."""
        return self.kept_until is not None and self.kept_until < self.request.respond_by


def begins_a_move() -> Any:
    """Whether a round is the first of its move: what follows one that was replaced goes on with the same move."""
    earlier = RescheduleRequest.objects.filter(
        appointment=OuterRef("appointment"), round=OuterRef("round") - 1, state=RequestState.REPLACED
    )
    return ~Exists(earlier)
