"""The end of a round: undone, taken back, answered, replaced. Each leaves a confirmed time, a promise or a good-bye."""

from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import affected, booking, promises
from appointments.domain.actors import Actor
from appointments.domain.history import record
from appointments.domain.messages import announce, sent
from appointments.domain.moving.reopening import reopen
from appointments.domain.transactions import one_transaction
from appointments.enums import (
    EventKind,
    OfferState,
    PromiseKind,
    RequestState,
)
from appointments.errors import MoveRefused, RoundOver
from appointments.models import Offer, RescheduleRequest

BEFORE_SENT = noop("before it was sent")
"""Stands in the history of what was undone, and of nothing that its customer was told of."""
WITH_A_ROUND = (
    "appointment__customer",
    "appointment__service",
    "appointment__location",
    "reason",
    "contact",
    "was_provider",
)
"""What whoever locks a round reads with it."""


@one_transaction
def undo(round_: RescheduleRequest, *, by: Actor, now: datetime) -> bool:
    """Takes a round back before its message has left; twice is once. False when it is too late for that, which
    `why_not_undone` says in words.
    """
    round_ = lock_round(round_)
    if round_.state == RequestState.WITHDRAWN:
        return _how_taken_back(round_) == BEFORE_SENT
    if not round_.can_be_undone(now) or announce.take_back(round_, now=now) == 0:
        return False
    end(round_, RequestState.WITHDRAWN, how=noop("taken back before it was sent"), now=now)
    _tell_the_rest(round_, now=now)
    record(round_.appointment, EventKind.WITHDRAWN, by=by, now=now, round_=round_, note=BEFORE_SENT)
    if round_.disruption is not None and round_.disruption.appointment_id is not None:
        affected.call_off(round_.disruption, now=now)  # what hits others as well stands until somebody calls it off
    replaced = round_.appointment.requests.filter(state=RequestState.REPLACED, closed_at=round_.opened_at)
    for earlier in replaced.order_by("-round").select_for_update(no_key=True, of=("self",))[:1]:
        earlier.appointment = round_.appointment
        reopen(earlier, now=now)
    return True


def why_not_undone(round_: RescheduleRequest, *, now: datetime) -> str:
    """What a colleague reads whose Undo came too late: what is so meanwhile, and what can still be done."""
    round_ = RescheduleRequest.objects.select_related("appointment").get(pk=round_.pk)
    if round_.state == RequestState.WITHDRAWN and _how_taken_back(round_) is not None:
        return _("It was taken back already, and the customer is told that the original time stands.")
    if not round_.is_live:
        return _("The proposal has ended: %(state)s.") % {"state": round_.get_state_display()}
    if round_.answered_at is not None:
        return _("The customer has answered already.")
    message = sent.openings([round_]).get(round_.pk)
    has_left = message is not None and message.sent_at is not None
    late = _("The message has left already.") if has_left else _("The time to undo is over.")
    if round_.appointment.starts_at <= now:
        return late
    if sent.has_told_of_a_move(round_.appointment):
        return f"{late} {_('You can still take it back and tell the customer.')}"
    return f"{late} {_('You can still take it back: the customer has not been told anything yet.')}"


def _how_taken_back(round_: RescheduleRequest) -> str | None:
    """What its history says of that; None when it ended with the appointment, which takes no offer back."""
    taken_back = round_.events.filter(kind=EventKind.WITHDRAWN)
    note: str | None = taken_back.values_list("note", flat=True).first()
    return note


@one_transaction
def withdraw(round_: RescheduleRequest, *, by: Actor, now: datetime) -> bool:
    """Takes a round back after the time to undo; whoever was told of a move is told that the original time stands.

    False when nobody was: its message waited for the morning, say, and stays here. Then it is as if it had been undone.
    """
    round_ = lock_round(round_)
    if not round_.is_live:
        raise RoundOver
    if round_.stands_by_itself:
        raise MoveRefused(_("The appointment has moved to the later hour already. Offer other times instead."))
    if round_.appointment.starts_at <= now:
        raise MoveRefused(_("The original time has passed. Offer other times or phone the customer."))
    end(round_, RequestState.WITHDRAWN, how=noop("offers taken back"), now=now)
    affected.keep(round_.appointment, by=by, now=now)
    is_told = sent.has_told_of_a_move(round_.appointment)
    note = "" if is_told else BEFORE_SENT
    record(round_.appointment, EventKind.WITHDRAWN, by=by, now=now, round_=round_, note=note)
    if is_told:
        announce.original_stands(round_, withdrawn=True, now=now)
    else:
        round_.undo_until = now  # so that `told()` leaves it out, like whatever was undone in time
        round_.save(update_fields=["undo_until"])
    return is_told


def end(
    round_: RescheduleRequest,
    state: RequestState,
    *,
    how: str,
    now: datetime,
    answered: bool = False,
    taken: Offer | None = None,
) -> None:
    """Closes a round: its holds go, its offers lapse, its promises are settled, and what has not been sent stays here.

    Everything that ends one comes here.

    `taken`: the offer that the appointment has moved to, which has given up the holds.
    """
    if taken is None:
        booking.release_holds(round_)
    left = OfferState.WITHDRAWN if state == RequestState.WITHDRAWN else OfferState.LAPSED
    becomes = Case(When(pk=taken.pk, then=Value(OfferState.TAKEN)), default=Value(left)) if taken else left
    round_.offers.filter(state=OfferState.LIVE).update(state=becomes)
    round_.state, round_.closed_at = state, now
    if answered:
        round_.answered_at = round_.answered_at or now
    round_.save(update_fields=["state", "closed_at", "answered_at", "seen_at"])
    if announce.take_back(round_, now=now) and _has_company(round_):
        _tell_the_rest(round_, now=now)
    needless = (PromiseKind.HOLD, PromiseKind.ANSWER_OR_CALL, PromiseKind.CALL, PromiseKind.FIND_TIMES)
    promises.release(round_, how=how, now=now, kinds=needless)


def turn_back(round_: RescheduleRequest, *, now: datetime) -> None:
    """What the customer chose or cancelled in it is taken back: the original time is kept after all. What we owe them
    stays owed.
    """
    round_.offers.filter(state=OfferState.TAKEN).update(state=OfferState.WITHDRAWN)
    round_.state, round_.closed_at = RequestState.KEPT, now
    round_.save(update_fields=["state", "closed_at"])


def _has_company(round_: RescheduleRequest) -> bool:
    """Whether one message tells of others with it. A round that was locked knows it, at the cost of no question."""
    known: bool | None = getattr(round_, "tells_others", None)
    return round_.told_with_id is not None or (round_.tells_of.exists() if known is None else known)


def _tell_the_rest(round_: RescheduleRequest, *, now: datetime) -> None:
    """Those whose customer was to read of them in the message that was taken back with this round read of them anew."""
    lead = round_.told_with_id or round_.pk
    together = RescheduleRequest.objects.live().filter(Q(pk=lead) | Q(told_with=lead)).exclude(pk=round_.pk)
    rest = list(together.select_related(*WITH_A_ROUND).order_by("was_starts_at", "pk"))
    if rest and not sent.has_left(round_):
        first, *besides = rest
        RescheduleRequest.objects.filter(pk=first.pk).update(told_with=None)
        RescheduleRequest.objects.filter(pk__in=[one.pk for one in besides]).update(told_with=first)
        first.told_with = None
        announce.the_move(first, now=now, again=True)


def lock_round(round_: RescheduleRequest) -> RescheduleRequest:
    """The round and its appointment as they stand now, locked in that order: appointment first.

    One statement locks both; PostgreSQL takes them in the order of `of`. As for `booking.lock`, what may have changed
    while it waited is not joined: the appointment's provider is read when it is asked for.
    """
    others = RescheduleRequest.objects.filter(told_with=OuterRef("pk"))
    rounds = RescheduleRequest.objects.select_for_update(no_key=True, of=("appointment", "self"))
    rounds = rounds.annotate(tells_others=Exists(others))
    locked: RescheduleRequest = rounds.select_related(*WITH_A_ROUND).get(pk=round_.pk)
    return locked
