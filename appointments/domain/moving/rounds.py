"""One round of moving one appointment: open it, let the customer answer, end it. Nothing here is ever half done.

A customer can always do something: offers, once made, stay open to be taken until the round ends, held until the
respond-by time and first come, first served after it. Every end leaves a confirmed time, a promise or a good-bye.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import affected, booking, own_words, promises
from appointments.domain.actors import Actor
from appointments.domain.history import record
from appointments.domain.messages import announce, sent
from appointments.domain.moving import causes
from appointments.domain.moving.drafts import ChosenOffer, Draft, check_draft, kept_until
from appointments.domain.moving.reopening import reopen
from appointments.domain.transactions import one_transaction
from appointments.enums import (
    EventKind,
    OfferState,
    PromiseKind,
    RequestState,
)
from appointments.errors import DomainError, MoveRefused, RoundOver
from appointments.models import Appointment, Business, Offer, Promise, RescheduleRequest
from notifications.text import languages

HOURS_TO_CALL = 2
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
def open_round(appointment: Appointment, draft: Draft, *, by: Actor, now: datetime) -> RescheduleRequest:
    """Opens a round: the request, its offers, the holds, the promises and the message, all or nothing. Without times
    it is our turn from the beginning: the contact looks for some.

    A live earlier round is replaced. The same nonce again returns the same round. Raises `MoveRefused` or
    `DomainError` for a draft that breaks a rule, `SlotTaken` when a guaranteed time is no longer free.
    """
    appointment = booking.lock(appointment)
    if draft.nonce:
        opened = RescheduleRequest.objects.filter(nonce=draft.nonce).first()
        if opened is not None and opened.appointment_id == appointment.pk:
            return opened
        if opened is not None:
            raise DomainError(_("This form belongs to another appointment. Please open the page again."))
    check_draft(appointment, draft, now=now)
    for earlier in appointment.requests.live().select_for_update(no_key=True, of=("self",)):
        for promise in earlier.promises.open().filter(kind=PromiseKind.FIND_TIMES).for_display():
            promises.keep(promise, how=noop("new times offered"), by=by, now=now)
        end(earlier, RequestState.REPLACED, how=noop("replaced by a newer offer"), now=now)
    round_ = compose(appointment, draft, by=by, now=now)
    missing = draft.missing_for(appointment, now=now)
    round_.disruption = causes.because_of(missing, draft.disruption, appointment, reason=draft.reason, by=by, now=now)
    round_.save()
    note = draft.reason.label_in(languages.own())
    if draft.without_times:
        promise = _promise_times(round_, by=by, now=now)
        record(appointment, EventKind.TOLD, by=by, now=now, round_=round_, note=note)
        announce.no_time_yet(promise, round_, now=now)
    else:
        add_offers(round_, draft.offers)
        _hold_and_promise(round_, draft, by=by, now=now)
        record(appointment, EventKind.OFFERED, by=by, now=now, round_=round_, note=note)
        announce.apologise_and_offer(round_, now=now)
    return round_


def opened_by(appointment: Appointment, *, nonce: str) -> RescheduleRequest | None:
    """The round that this form has opened already, if it has: a second click changes nothing."""
    return appointment.requests.filter(nonce=nonce).first() if nonce else None


def compose(appointment: Appointment, draft: Draft, *, by: Actor, now: datetime) -> RescheduleRequest:
    """The round as it would be written, not saved: previews and sending go through here, so they say the same."""
    last = appointment.requests.order_by("-round").values_list("round", flat=True).first() or 0
    return RescheduleRequest(
        appointment=appointment,
        round=last + 1,
        reason=draft.reason,
        wording={code: draft.reason.wording_for(appointment, code) for code in languages.codes()},
        personal_note=draft.personal_note.strip(),
        contact=draft.contact,
        state=RequestState.WITH_US if draft.without_times else RequestState.OPEN,
        respond_by=draft.respond_by,
        call_by=_call_by(appointment, draft),
        can_keep=draft.can_keep,
        wished=draft.wished,
        was_starts_at=appointment.starts_at,
        was_ends_at=appointment.ends_at,
        was_provider_id=appointment.provider_id,
        opened_at=now,
        opened_by=by.user,
        undo_until=now + timedelta(seconds=0 if draft.wished else Business.current().undo_seconds),
        nonce=draft.nonce or None,
    )


def _call_by(appointment: Appointment, draft: Draft) -> datetime:
    if draft.without_times:
        return draft.respond_by
    return promises.due_after(appointment.location, hours=HOURS_TO_CALL, now=draft.respond_by)


def offers_of(round_: RescheduleRequest, chosen: Sequence[ChosenOffer], *, after: int = 0) -> list[Offer]:
    """The rows for `chosen`, not saved, numbered from `after` + 1 in order of time."""
    ordered = sorted(chosen, key=lambda one: (one.slot.starts_at, one.slot.provider_id or 0))
    return [
        Offer(
            request=round_,
            position=position,
            starts_at=one.slot.starts_at,
            ends_at=one.slot.ends_at,
            provider_id=one.slot.provider_id,
            guaranteed=one.guaranteed,
            kept_until=_kept_until(round_, one),
            outside_hours=one.slot.outside_hours,
            why=one.why,
        )
        for position, one in enumerate(ordered, start=after + 1)
    ]


def _kept_until(round_: RescheduleRequest, one: ChosenOffer) -> datetime | None:
    if not one.guaranteed:
        return None
    appointment, start = round_.appointment, one.slot.starts_at
    return kept_until(appointment, start, respond_by=round_.respond_by, now=round_.opened_at)


def add_offers(round_: RescheduleRequest, chosen: Sequence[ChosenOffer]) -> list[Offer]:
    """Adds offers to a round, after those it has."""
    after = round_.offers.order_by("-position").values_list("position", flat=True).first() or 0
    resources = {one.slot.when_and_whom: one.slot.resource_ids for one in chosen}
    offers = Offer.objects.bulk_create(offers_of(round_, chosen, after=after))
    through = Offer.resources.through
    through.objects.bulk_create(
        through(offer_id=made.pk, resource_id=resource_id)
        for made in offers
        for resource_id in resources[made.when_and_whom]
    )
    return offers


def _hold_and_promise(round_: RescheduleRequest, draft: Draft, *, by: Actor, now: datetime) -> None:
    held = [(one.slot, until) for one in draft.offers if (until := _kept_until(round_, one))]
    booking.hold(round_, held, now=now)

    common: dict[str, Any] = {"owner": draft.contact, "by": by, "now": now}
    if held:
        promises.owe(PromiseKind.HOLD, round_, until=max(until for _slot, until in held), **common)
    promises.owe(PromiseKind.ANSWER_OR_CALL, round_, until=round_.call_by, **common)


def _promise_times(round_: RescheduleRequest, *, by: Actor, now: datetime) -> Promise:
    """The customer reads who looks for a time, and by when they hear of it."""
    details, until = own_words.NO_TIME_YET, round_.call_by
    return promises.owe(
        PromiseKind.FIND_TIMES, round_, owner=round_.contact, until=until, details=details, by=by, now=now
    )


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
    round_.save(update_fields=["state", "closed_at", "answered_at"])
    announce.take_back(round_, now=now)
    needless = (PromiseKind.HOLD, PromiseKind.ANSWER_OR_CALL, PromiseKind.CALL, PromiseKind.FIND_TIMES)
    promises.release(round_, how=how, now=now, kinds=needless)


def lock_round(round_: RescheduleRequest) -> RescheduleRequest:
    """The round and its appointment as they stand now, locked in that order: appointment first.

    One statement locks both; PostgreSQL takes them in the order of `of`. As for `booking.lock`, what may have changed
    while it waited is not joined: the appointment's provider is read when it is asked for.
    """
    rounds = RescheduleRequest.objects.select_for_update(no_key=True, of=("appointment", "self"))
    locked: RescheduleRequest = rounds.select_related(*WITH_A_ROUND).get(pk=round_.pk)
    return locked
