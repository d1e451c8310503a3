"""What a customer may do with their appointment by themselves, and until when: the limits of its service.

Only moves that the customer wished are counted, by the page or by phone, and one that was taken back is none. What we
caused never counts, neither as a move nor as a time that came too near.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from appointments.enums import EventKind, Family, RequestState
from appointments.errors import MoveRefused
from appointments.models import AffectedAppointment, Appointment, AppointmentEvent, RescheduleRequest

WORTH_SAYING = timedelta(hours=1)
"""A message that speaks of an hour nearer than this is read when it has passed."""


class WhyNot(StrEnum):
    OVER = "over"  # it has begun, or does not take place
    WITH_US = "with_us"  # we are moving it, or will have to
    LATE = "late"  # the time to do it by themselves has passed


@dataclass(frozen=True)
class Allowed:
    """`until`: by when it has to be done. `moves_left`: how often it can be moved; cancelling has no such limit."""

    until: datetime
    moves_left: int
    most_moves: int
    why_not: WhyNot | None = None
    moved_at: datetime | None = None
    """When it got its present time, if that is not its first."""

    @property
    def can_cancel(self) -> bool:
        return self.why_not is None

    @property
    def can_move(self) -> bool:
        return self.why_not is None and self.moves_left > 0

    @property
    def was_possible(self) -> bool:
        """Whether there was a while to do it in; not so for a time that they chose too near."""
        return self.moved_at is None or self.moved_at < self.until

    def in_message(self, *, now: datetime) -> dict[str, Any] | None:
        """As a text says it; None where the customer had better ask."""
        if not self.can_cancel or self.until - now < WORTH_SAYING:
            return None
        return {"until": self.until, "can_move": self.can_move}


def allowed(appointment: Appointment, *, now: datetime) -> Allowed:
    """One query."""
    wishes, is_ours, moved_at, moved_for = _facts().filter(pk=appointment.pk).get()
    until = _usual(appointment)
    if now >= until and moved_at and moved_at >= until and moved_for != Family.CUSTOMER:
        # Whoever got their time from us when the usual hour had passed has never had the chance.
        until = _with_notice_only(appointment)
    over = WhyNot.OVER if not appointment.is_coming(now) else None
    why_not = over or (WhyNot.WITH_US if is_ours else None) or (WhyNot.LATE if now >= until else None)
    most = appointment.service.max_moves
    return Allowed(until, max(most - wishes, 0), most, why_not, moved_at)


@cache
def _facts() -> QuerySet[Appointment, tuple[int, bool, datetime | None, str | None]]:
    """How often the customer has moved it, whether it is with us, and when it was moved last and for which reason. Put
    together once: every look at a page asks it.
    """
    wished = Q(requests__state=RequestState.ACCEPTED, requests__reason__family=Family.CUSTOMER)
    live = RescheduleRequest.objects.live().filter(appointment=OuterRef("pk"))
    hits = AffectedAppointment.objects.unsettled().filter(appointment=OuterRef("pk"))
    moves = AppointmentEvent.objects.filter(appointment=OuterRef("pk"), kind=EventKind.MOVED).order_by("-at", "-pk")
    facts = Appointment.objects.annotate(
        wishes=Count("requests", filter=wished, distinct=True),
        is_ours=Exists(live) | Exists(hits),
        moved_at=Subquery(moves.values("at")[:1]),
        moved_for=Subquery(moves.values("request__reason__family")[:1]),
    )
    found: QuerySet[Appointment, tuple[int, bool, datetime | None, str | None]]
    found = facts.order_by().values_list("wishes", "is_ours", "moved_at", "moved_for")
    return found


def after_move(round_: RescheduleRequest, *, now: datetime) -> Allowed:
    """The same for what has just moved in `round_`. No query after a first round, else one."""
    appointment, most = round_.appointment, round_.appointment.service.max_moves
    until, is_wish = _usual(appointment), round_.reason.is_wish
    if now >= until and not is_wish:
        until = _with_notice_only(appointment)
    moved = 0
    if round_.round > 1:
        wished = appointment.requests.filter(state=RequestState.ACCEPTED, reason__family=Family.CUSTOMER)
        moved = wished.exclude(pk=round_.pk).count()
    counts = is_wish and round_.state == RequestState.ACCEPTED
    left = max(most - moved - counts, 0)
    return Allowed(until, left, most, None if now < until else WhyNot.LATE, moved_at=now)


def stays_open(appointment: Appointment, *, now: datetime) -> datetime:
    """From which start on a time that they choose `now` can be moved or cancelled by themselves again."""
    return now + timedelta(hours=appointment.service.move_notice_hours)


def _usual(appointment: Appointment) -> datetime:
    return appointment.starts_at - timedelta(hours=appointment.service.move_notice_hours)


def _with_notice_only(appointment: Appointment) -> datetime:
    notice = timedelta(minutes=appointment.service.notice_minutes)
    return max(_usual(appointment), appointment.starts_at - notice)


def must_be_allowed(appointment: Appointment, *, to_move: bool, now: datetime) -> None:
    """With the appointment locked. Raises `MoveRefused` with what the page has said before."""
    may = allowed(appointment, now=now)
    if may.why_not == WhyNot.WITH_US:
        raise MoveRefused(_("We are looking after this appointment at the moment. Please ask us below."))
    if may.why_not == WhyNot.OVER:
        raise MoveRefused(_("This appointment is over already."))
    if may.why_not == WhyNot.LATE:
        until = appointment.location.said(may.until)
        raise MoveRefused(_("That was possible here until %(until)s. Please ask us below.") % {"until": until})
    if to_move and not may.moves_left:
        raise MoveRefused(_("You have moved it as often as this service allows. Please ask us below."))
