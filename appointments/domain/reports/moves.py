"""Which moves there were: the sets of cases that every figure of a report is made of and leads to.

What is counted is the *move*, not the round: when a customer asks for other times, or a second round replaces the
first before an answer, it is still one disturbance of one person. A move is therefore represented by its first
round, and ends with the first later round that was not replaced. What was taken back is no move at all.

Days and months are those of the place: a round opened at 00:30 on the 1st in Makassar belongs to that day there,
although the clock in UTC still shows the day before.

Reports and the lists in the admin both filter here, so a figure and its list of cases cannot differ.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from appointments.domain.colleagues import Places, at
from appointments.domain.reports.days import on_days
from appointments.enums import LIVE_REQUEST_STATES, AnswerKind, AppointmentState, OfferState, RequestState
from appointments.models import Answer, Appointment, Offer, RescheduleRequest
from appointments.models.rescheduling import begins_a_move

SOON = timedelta(days=7)
AGAIN = timedelta(days=90)
Rounds = QuerySet[Any]
"""Of `RescheduleRequest`, perhaps with the annotations of `moves`."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""The days a period may begin and end with."""


class Cases(TextChoices):
    """Sets of moves, by how they went on."""

    ALL = "moves", _("every move, once")
    OPEN = "open", _("not settled yet")
    ANSWERED = "answered", _("answered by the customer")
    PLACED = "placed", _("placed again within 7 days")
    SILENT = "silent", _("no answer in the time we gave")
    LOST = "lost", _("cancelled in the end")
    RETURNED = "returned", _("came again within 90 days")


def moves(rounds: Rounds | None = None, *, places: Places = None) -> Rounds:
    """The first round of every move at `places` among `rounds` (default: all), annotated with how the move went on.

    `end_state` and `placed_at` of the round that ended it, `first_answer_at` (what the customer only told us is not
    an answer to the offers), `is_silent`; `is_lost`: the appointment has been cancelled, by whomever; `has_returned`:
    its customer booked another one since, for at most 90 days after the time that had to move.
    """
    onward = RescheduleRequest.objects.filter(
        appointment=OuterRef("appointment"), round__gte=OuterRef("round")
    ).order_by("round")
    end = onward.exclude(state=RequestState.REPLACED)
    answers = Answer.objects.filter(
        request__appointment=OuterRef("appointment"),
        request__round__gte=OuterRef("round"),
        request__round__lte=OuterRef("end_round"),
    ).exclude(kind=AnswerKind.TELL)
    placed = Offer.objects.filter(request=OuterRef("end_id"), state=OfferState.TAKEN)
    everything = RescheduleRequest.objects.all() if rounds is None else rounds
    return (
        at(everything, places, place="appointment__location")
        .exclude(state=RequestState.WITHDRAWN)
        .filter(begins_a_move())
        .annotate(
            end_id=Subquery(end.values("pk")[:1]),
            end_round=Subquery(end.values("round")[:1]),
            end_state=Subquery(end.values("state")[:1]),
        )
        .annotate(
            placed_at=Subquery(placed.values("starts_at")[:1]),
            first_answer_at=Subquery(answers.order_by("at").values("at")[:1]),
            is_silent=Exists(onward.filter(round__lte=OuterRef("end_round"), expired_at__isnull=False)),
            is_lost=Q(appointment__state=AppointmentState.CANCELLED),
            has_returned=Exists(_booked_since()),
        )
    )


def _booked_since() -> QuerySet[Appointment]:
    was = OuterRef("was_starts_at")
    return Appointment.objects.filter(
        customer=OuterRef("appointment__customer"),
        created_at__gt=OuterRef("opened_at"),
        starts_at__gt=was,
        starts_at__lte=ExpressionWrapper(was + AGAIN, output_field=DateTimeField()),
    ).exclude(Q(pk=OuterRef("appointment")) | Q(state=AppointmentState.CANCELLED))


FLAGS = {Cases.SILENT: "is_silent", Cases.LOST: "is_lost", Cases.RETURNED: "has_returned"}
"""The sets that `moves` marks itself."""


def of_cases(found: Rounds, cases: Cases) -> Rounds:
    """Those of `found` (which come from `moves`) that belong to `cases`."""
    if cases == Cases.OPEN:
        return found.filter(end_state__in=LIVE_REQUEST_STATES)
    if cases == Cases.ANSWERED:
        return found.filter(first_answer_at__isnull=False)
    if cases == Cases.PLACED:
        latest = ExpressionWrapper(F("was_starts_at") + SOON, output_field=DateTimeField())
        return found.filter(Q(end_state=RequestState.KEPT) | Q(end_state=RequestState.ACCEPTED, placed_at__lte=latest))
    if cases in FLAGS:
        return found.filter(**{FLAGS[cases]: True})
    return found


def is_placed(end_state: str, placed_at: datetime | None, *, was: datetime) -> bool:
    """Whether a move that ended so belongs to `Cases.PLACED`."""
    if end_state == RequestState.ACCEPTED:
        return placed_at is not None and placed_at <= was + SOON
    return end_state == RequestState.KEPT


def opened_between(rounds: Rounds, first: date | None, last: date | None) -> Rounds:
    """The rounds opened from `first` to `last`, both included, by the calendar of each appointment's place.

    One query for the zones. Both days lie between `FIRST_DAY` and `LAST_DAY`, or are None for an open end.
    """
    if first is None and last is None:
        return rounds
    return rounds.filter(on_days("opened_at", first, last))


def month_key(moment: datetime, zone: str) -> str:
    """The month of `moment` on a calendar in `zone`, such as "2026-11"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m}"


def month_days(key: str) -> tuple[date, date]:
    """The first and the last day of a month such as "2026-11"."""
    year, month = (int(part) for part in key.split("-"))
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
