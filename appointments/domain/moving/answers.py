"""The customer's five answers: pick, other times, call me, keep or cancel, tell us. Through the link, or by phone.

Each carries the nonce of the form it came from: the same form again is the same answer, whatever has happened since.
Those that can be given again and again raise `ToldEnough` when a link has been used for too many.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import affected, booking, reaching
from appointments.domain.actors import CUSTOMER, SYSTEM, Actor
from appointments.domain.compensation import giving
from appointments.domain.history import fact, in_source
from appointments.domain.messages import announce
from appointments.domain.messages.context import was_of
from appointments.domain.moving import limits, offers, opened, other_times
from appointments.domain.moving.left_to_us import due_of_call, hand_to_us, owe_for
from appointments.domain.moving.offers import OfferStatus
from appointments.domain.moving.own_choice import way_back
from appointments.domain.moving.own_choice.allowed import after_move
from appointments.domain.moving.rounds import end, lock_round
from appointments.domain.schedule.slots import Slot, Wishes, slot_of
from appointments.domain.transactions import one_transaction
from appointments.enums import (
    ActorKind,
    AnswerKind,
    AppointmentState,
    EventKind,
    OfferState,
    PromiseKind,
    RequestState,
)
from appointments.errors import MoveRefused, NotOffered, RoundOver, SlotTaken
from appointments.models import Answer, AppointmentEvent, Offer, RescheduleRequest, Resource


def accept(offer: Offer, *, nonce: str, now: datetime, by: Actor = CUSTOMER, recorded_by: User | None = None) -> Answer:
    """The customer takes `offer`: the appointment moves, the round ends, the confirmation is written. Exactly once.

    Raises `SlotTaken` when an open time, or the last place of its day, went to somebody else (call `offers.refresh`
    then), `NotOffered` when it is past or too near, `RoundOver` when the round has ended otherwise. The same choice
    again returns the first answer.
    """
    status = offers.status_of(offer, nonce=nonce, now=now)
    if status.is_lost:
        raise SlotTaken
    return _accept(offer, status, nonce=nonce, now=now, by=by, recorded_by=recorded_by)


@one_transaction
def _accept(
    offer: Offer, status: OfferStatus, *, nonce: str, now: datetime, by: Actor, recorded_by: User | None
) -> Answer:
    # Who and what has a daily limit is locked before it is counted, so there is a line already.
    if not status.is_limited and not offers.is_first_in_line(offer, now=now):
        status = offers.status_of(offer, nonce=nonce, now=now)
        if status.is_lost:
            raise SlotTaken
    offer = offers.lock(offer)
    round_ = offer.request
    if status.is_answered or not round_.is_live or offer.state != OfferState.LIVE:
        given = _given(round_, nonce, or_pick_of=offer)
        if given is not None:
            return given
    _must_be_takeable(offer, now=now)
    answer = Answer(
        request=round_,
        kind=AnswerKind.PICK,
        at=now,
        by=ActorKind(by.kind),
        recorded_by=recorded_by,
        nonce=nonce,
        offer=offer,
    )
    opened.to_answer(answer)
    to, facts = slot_of(offer, resource_ids=status.resource_ids), [_fact_of(answer, by=by)]
    if gift := giving.with_pick(offer, now=now):
        facts.append(giving.fact_of(gift, by=SYSTEM))
    locked = booking.lock_resources(round_.appointment, to.resource_ids)
    if status.is_limited:
        limits_of_days = {resource.pk: resource.most_a_day for resource in locked}
        booking.must_have_room([to], round_.appointment, most_a_day=limits_of_days, now=now)
    booking.move_locked(round_.appointment, to=to, locked=locked, by=by, now=now, round_=round_, besides=facts)
    answer.save(force_insert=True)
    end(round_, RequestState.ACCEPTED, how=noop("the customer chose a time"), now=now, answered=True, taken=offer)
    left = Slot(round_.was_starts_at, round_.was_ends_at, round_.was_provider_id, resource_ids=_left(locked))
    back_until = way_back.keep_open(round_, left, now=now) if recorded_by is None else None
    own, by_phone = after_move(round_, now=now).in_message(now=now), recorded_by is not None
    announce.confirm_move(round_, given=gift, by_phone=by_phone, own=own, back_until=back_until, now=now)
    return answer


def _left(locked: Mapping[Resource, bool]) -> tuple[int, ...]:
    """What the appointment occupied before it moved."""
    return tuple(resource.pk for resource, is_left in locked.items() if is_left)


@one_transaction
def keep(
    round_: RescheduleRequest, *, nonce: str, now: datetime, by: Actor = CUSTOMER, recorded_by: User | None = None
) -> Answer:
    """The customer keeps the original time, where it is still possible; or the later hour that stands by itself."""
    round_ = lock_round(round_)
    given = _given(round_, nonce) or round_.answers.filter(kind=AnswerKind.KEEP).first()
    if given is not None:
        return given
    _must_be_live(round_)
    if not affected.can_be_kept(round_) or round_.appointment.starts_at <= now:
        raise MoveRefused(_("The original time is no longer possible. Please choose one of the times below."))
    answer = _write(round_, AnswerKind.KEEP, nonce=nonce, now=now, by=by, recorded_by=recorded_by)
    end(round_, RequestState.KEPT, how=noop("the original time stands"), now=now, answered=True)
    affected.keep(round_.appointment, by=by, now=now)
    if not round_.stands_by_itself:  # else they have that hour in writing already
        announce.original_stands(round_, withdrawn=False, now=now)
    return answer


@one_transaction
def cancel(
    round_: RescheduleRequest,
    *,
    nonce: str,
    now: datetime,
    words: str = "",
    by: Actor = CUSTOMER,
    recorded_by: User | None = None,
) -> Answer:
    """The customer gives the appointment up. Our move never counts against them."""
    round_ = lock_round(round_)
    given = _given(round_, nonce) or round_.answers.filter(kind=AnswerKind.CANCEL).first()
    if given is not None:
        return given
    _must_be_live(round_)
    was = was_of(round_)
    answer = _write(round_, AnswerKind.CANCEL, nonce=nonce, now=now, by=by, recorded_by=recorded_by, words=words)
    end(round_, RequestState.CANCELLED, how=noop("the customer cancelled"), now=now, answered=True)
    left = Slot(
        round_.appointment.starts_at,
        round_.appointment.ends_at,
        round_.appointment.provider_id,
        resource_ids=tuple(booking.resources_of(round_.appointment)),
    )
    appointment = booking.cancel(round_.appointment, by=by, now=now, round_=round_)
    round_.appointment = appointment
    back_until = way_back.keep_open(round_, left, now=now) if recorded_by is None else None
    announce.cancelled(appointment, was=was, by=round_.contact, back_until=back_until, now=now)
    return answer


@one_transaction
def ask_other_times(
    round_: RescheduleRequest,
    *,
    wishes: Wishes,
    nonce: str,
    now: datetime,
    words: str = "",
    by: Actor = CUSTOMER,
    recorded_by: User | None = None,
) -> Answer:
    """The customer wants other times: a new round at once when there are some, a promise by a person when not.

    Own words are always read by a person, so they always get a promise of an answer.
    """
    round_ = lock_round(round_)
    given = _given(round_, nonce)
    if given is not None:
        return given
    _must_be_live(round_)
    said: dict[str, Any] = {"words": words, "wishes": wishes.to_json()}
    answer = _write(round_, AnswerKind.OTHER_TIMES, nonce=nonce, now=now, by=by, recorded_by=recorded_by, **said)
    wished = other_times.open_wished_round(round_, wishes, by=by, now=now)
    if wished is None:
        hand_to_us(round_, PromiseKind.FIND_TIMES, answer, now=now)
    elif answer.words:
        owe_for(wished, PromiseKind.REPLY, answer, now=now)
    return answer


@one_transaction
def call_me(
    round_: RescheduleRequest,
    *,
    nonce: str,
    now: datetime,
    words: str = "",
    reached: Collection[str] = (),
    phone: str = "",
    by: Actor = CUSTOMER,
    recorded_by: User | None = None,
) -> Answer:
    """The customer wants to be phoned; a named colleague owes the call by a stated time. Offers stay takeable.

    `reached`: when they are reached best (`reaching.HOURS`). `phone` (E.164) is taken where we have no number: no link
    changes one that we have.
    """
    round_ = lock_round(round_)
    given = _given(round_, nonce)
    if given is not None:
        return given
    common: dict[str, Any] = {"nonce": nonce, "now": now, "by": by, "recorded_by": recorded_by}
    answer = _write(round_, AnswerKind.CALL_ME, words=words, wishes=reaching.to_json(reached), **common)
    customer = round_.appointment.customer
    if phone and not customer.phone:
        customer.phone = phone
        customer.save(update_fields=["phone"])
    hand_to_us(round_, PromiseKind.CALL, answer, until=due_of_call(round_, reached, now=now), now=now)
    return answer


@one_transaction
def tell(
    round_: RescheduleRequest,
    *,
    words: str,
    nonce: str,
    now: datetime,
    mood: str = "",
    by: Actor = CUSTOMER,
    recorded_by: User | None = None,
) -> Answer:
    """The customer tells us something, now or after the round; a named colleague owes an answer to it.

    `mood` (`Mood`): how they feel about it, where they said so.
    """
    round_ = lock_round(round_)
    given = _given(round_, nonce)
    if given is not None:
        return given
    said = {"words": words, "mood": mood}
    answer = _write(round_, AnswerKind.TELL, nonce=nonce, now=now, by=by, recorded_by=recorded_by, **said)
    owe_for(round_, PromiseKind.REPLY, answer, now=now)
    return answer


def _given(round_: RescheduleRequest, nonce: str, *, or_pick_of: Offer | None = None) -> Answer | None:
    """The answer that this form has given already. Raises `NotOffered` for a form of somebody else's page.

    `or_pick_of`: choosing a time that the customer has chosen before is the same answer, whatever the form.
    """
    same = Q(nonce=nonce)
    if or_pick_of is not None:
        same |= Q(request=round_, kind=AnswerKind.PICK, offer=or_pick_of)
    found = list(Answer.objects.filter(same).select_related("offer", "request"))
    answer = next((one for one in found if one.nonce == nonce), found[0] if found else None)
    if answer is not None and answer.request.appointment_id != round_.appointment_id:
        raise NotOffered(_("This form does not belong to this page. Please try again from here."))
    return answer


def _must_be_live(round_: RescheduleRequest) -> None:
    if not round_.is_live or round_.appointment.state != AppointmentState.BOOKED:
        raise RoundOver


def _must_be_takeable(offer: Offer, *, now: datetime) -> None:
    _must_be_live(offer.request)
    if offer.state != OfferState.LIVE:
        raise SlotTaken if offer.state == OfferState.GONE else NotOffered
    if not offers.is_in_time(offer, offer.request, now=now):
        raise NotOffered(_("This time is too near now. Please choose a later one below, or ask us to call you."))


def _write(
    round_: RescheduleRequest,
    kind: AnswerKind,
    *,
    nonce: str,
    now: datetime,
    by: Actor,
    recorded_by: User | None,
    **fields: Any,
) -> Answer:
    if kind in limits.WITHOUT_END and by.kind == ActorKind.CUSTOMER and recorded_by is None:
        limits.must_allow_one_more(round_.appointment, now=now)
    fields["words"] = fields.get("words", "").strip()[: limits.LONGEST_WORDS]
    answer = Answer.objects.create(
        request=round_, kind=kind, at=now, by=ActorKind(by.kind), recorded_by=recorded_by, nonce=nonce, **fields
    )
    _fact_of(answer, by=by).save(force_insert=True)
    if opened.to_answer(answer):
        round_.save(update_fields=["seen_at"])
    return answer


def _fact_of(answer: Answer, *, by: Actor) -> AppointmentEvent:
    """That the customer answered, for the history; not saved yet."""
    note = in_source(answer.get_kind_display)
    return fact(answer.request.appointment, EventKind.ANSWERED, by=by, now=answer.at, round_=answer.request, note=note)
