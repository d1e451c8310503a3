"""What went to somebody else, or can no longer take place, is struck out, and fresh times take its place."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, own_words, promises
from appointments.domain.messages import announce, sent
from appointments.domain.moving import causes
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.moving.offers import capacity
from appointments.domain.moving.offers.looks import in_time, is_in_time, takeable
from appointments.domain.moving.reopening import hold_again
from appointments.domain.moving.rounds import add_offers, lock_round
from appointments.domain.schedule.slots import Alternative, find_alternatives, slot_of
from appointments.domain.transactions import one_transaction
from appointments.enums import OfferState, PromiseKind, RequestState
from appointments.models import Appointment, Occupancy, Offer, RescheduleRequest

ENOUGH_TO_CHOOSE_FROM = 3
MINUTES_TO_TAP = 30


def refresh(round_: RescheduleRequest, *, gone: Offer | None, now: datetime) -> list[Offer]:
    """Marks `gone`, what else went and what can no longer take place; adds fresh free times; returns what can be taken.

    The search is done between two short transactions: when hundreds lose one race, nobody waits for another's search.
    """
    live = _strike_out(round_, gone=gone, now=now)
    if live is None or len(live) >= ENOUGH_TO_CHOOSE_FROM:
        return live or []
    known = {one.when_and_whom for one in round_.offers.all()}
    appointment = Appointment.objects.for_display().get(pk=round_.appointment_id)
    soonest = soonest_for(appointment, now)
    fresh = find_alternatives(
        appointment,
        now=now,
        limit=ENOUGH_TO_CHOOSE_FROM,
        excluding=known,
        not_before=soonest,
        outages=causes.out_of_reach_of(appointment),
    )
    return _add_fresh(round_, fresh, now=now)


def strike_out(*, now: datetime) -> int:
    """Every round in which an offer can no longer take place gets fresh ones, and so does one that waits for a customer
    who has none left, because each has passed at its own hour. Returns how many rounds. A sweep.
    """
    rows = Offer.objects.filter(state=OfferState.LIVE, request__in=RescheduleRequest.objects.live())
    live: list[Offer] = []
    late: list[Offer] = []
    for offer in rows.select_related("request__appointment__service", "request__appointment__location"):
        (live if is_in_time(offer, offer.request, now=now) else late).append(offer)
    Offer.objects.filter(pk__in=[offer.pk for offer in late], state=OfferState.LIVE).update(state=OfferState.LAPSED)
    still = capacity.possible(live)
    left = {offer.request_id for offer in live}
    hit = {offer.request_id: offer.request for offer in live if offer.pk not in still}
    hit |= {offer.request_id: offer.request for offer in late if _waits_in_vain(offer.request, left, now=now)}
    for round_ in hit.values():
        if refresh(round_, gone=None, now=now):
            _tell_if_all_are_fresh(round_, now=now)
    return len(hit)


def _waits_in_vain(round_: RescheduleRequest, left: set[int], *, now: datetime) -> bool:
    """Whether a customer is still asked to choose, and not one of `left` is about them."""
    return is_waiting(round_, now=now) and round_.pk not in left


@one_transaction
def _tell_if_all_are_fresh(round_: RescheduleRequest, *, now: datetime) -> None:
    """Of all that we wrote to the customer nothing can be chosen any more: we write what can be instead.

    What has not left yet is written anew; what has left is followed by a message that reminds them, too, so that the
    first reminder is left out.
    """
    round_ = lock_round(round_)
    told, left = sent.positions_told(round_), {offer.position for offer in takeable(round_, now=now)}
    promise = round_.promises.open().filter(kind=PromiseKind.ANSWER_OR_CALL).select_related("owner").first()
    if promise is None or not left or not told or told & left or not is_waiting(round_, now=now):
        return
    if sent.can_be_written_anew(round_) and announce.take_back(round_, now=now, kinds=("offer",)):
        announce.apologise_and_offer(round_, now=now, again=True)
        return
    announce.times_gone(promise, round_, now=now)
    round_.nudges = max(round_.nudges, 1)
    round_.save(update_fields=["nudges"])


def is_waiting(round_: RescheduleRequest, *, now: datetime) -> bool:
    """Whether the customer is asked to choose, and has the time to."""
    return round_.state == RequestState.OPEN and not round_.stands and now < round_.respond_by


@one_transaction
def _strike_out(round_: RescheduleRequest, *, gone: Offer | None, now: datetime) -> list[Offer] | None:
    """The offers that are still free, after the others are marked as gone; None when the round is over."""
    round_ = lock_round(round_)
    if not round_.is_live:
        return None
    live = in_time(round_, now=now)
    still = capacity.possible(live)
    dead = [offer for offer in live if offer.pk not in still]
    lost = {offer.pk for offer in live if offer in dead or not _is_free(offer, round_, now=now)}
    lost |= _on_full_days(live, round_, now=now) | ({gone.pk} if gone else set())
    round_.offers.filter(pk__in=lost, state=OfferState.LIVE).update(state=OfferState.GONE)
    if any(offer.guaranteed for offer in dead):
        _give_up_holds(round_, now=now)
    return [offer for offer in live if offer.pk not in lost]


def _give_up_holds(round_: RescheduleRequest, *, now: datetime) -> None:
    """A time that we held cannot take place: we did not do what we said, and hold what is left of it."""
    if round_.expired_at is None:
        hold_again(round_, now=now, held_before=True)
    promises.give_up(round_, PromiseKind.HOLD, how=noop("a time that was reserved can no longer take place"), now=now)


def _is_free(offer: Offer, round_: RescheduleRequest, *, now: datetime) -> bool:
    span = booking.occupied_span(round_.appointment.service, slot_of(offer))
    others = Occupancy.objects.in_force(now).exclude(appointment=round_.appointment_id)
    return not others.filter(resource__in=offer.resources.all()).overlapping(span.start, span.end).exists()


def _on_full_days(offers: Iterable[Offer], round_: RescheduleRequest, *, now: datetime) -> set[int]:
    """Those that are kept for nobody, on a day on which others have the last place. Two queries at most."""
    open_to_all = [offer for offer in offers if not offer.is_kept(now)]
    prefetch_related_objects(open_to_all, "resources")
    needed = {offer.pk: list(offer.resources.all()) for offer in open_to_all}
    most_a_day = {one.pk: one.most_a_day for each in needed.values() for one in each}
    slots = {slot_of(one, resource_ids=[need.pk for need in needed[one.pk]]): one.pk for one in open_to_all}
    return {slots[slot] for slot in booking.on_full_days(slots, round_.appointment, most_a_day=most_a_day, now=now)}


@one_transaction
def _add_fresh(round_: RescheduleRequest, found: list[Alternative], *, now: datetime) -> list[Offer]:
    round_ = lock_round(round_)
    known = {one.when_and_whom for one in round_.offers.all()}
    fresh = [one for one in found if one.slot.when_and_whom not in known]
    if round_.is_live:
        add_offers(round_, [ChosenOffer(one.slot, one.why, guaranteed=False) for one in fresh])
    live = takeable(round_, now=now)
    if not live and round_.state == RequestState.OPEN and not round_.stands:
        _look_for_times(round_, now=now)
    return live


def _look_for_times(round_: RescheduleRequest, *, now: datetime) -> None:
    """Nothing is left to choose from: a named colleague looks for times, and the customer is told so."""
    round_.state = RequestState.WITH_US
    round_.save(update_fields=["state"])
    promises.release(round_, how=noop("no time was left"), now=now, kinds=(PromiseKind.ANSWER_OR_CALL,))
    promise = promises.owe(PromiseKind.FIND_TIMES, round_, owner=round_.contact, details=own_words.NONE_LEFT, now=now)
    announce.times_gone(promise, round_, now=now)


def soonest_for(appointment: Appointment, now: datetime) -> datetime:
    """Nothing earlier is offered to somebody who is on the page: it could be gone into the notice time at the tap."""
    return now + timedelta(minutes=appointment.service.notice_minutes + MINUTES_TO_TAP)
