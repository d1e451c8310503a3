"""Which offers of a live round can be taken now, and fresh ones for those that went to somebody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, own_words, promises
from appointments.domain.messages import announce, sent
from appointments.domain.moving import capacity, causes
from appointments.domain.moving.drafts import ChosenOffer, takeable_until
from appointments.domain.moving.reopening import hold_again
from appointments.domain.moving.rounds import WITH_A_ROUND, add_offers, lock_round
from appointments.domain.schedule.slots import Alternative, find_alternatives, slot_of
from appointments.domain.schedule.stored import sql
from appointments.domain.transactions import line_up, one_transaction
from appointments.enums import (
    LIVE_REQUEST_STATES,
    AnswerKind,
    DisruptionScope,
    DisruptionSource,
    OfferState,
    PromiseKind,
    RequestState,
)
from appointments.models import Appointment, Occupancy, Offer, RescheduleRequest

ENOUGH_TO_CHOOSE_FROM = 3
MINUTES_TO_TAP = 30
LIVE_ROUND = ", ".join(f"'{state}'" for state in sorted(LIVE_REQUEST_STATES))
# By hand, because building it by the ORM takes several times as long as the database needs for the answer. Hours and
# what recurs cannot be said in SQL: `strike_out` looks after those.
STATUS = f"""
    SELECT wanted.resource_id, round.state IN ({LIVE_ROUND}),
    EXISTS (
        SELECT 1 FROM appointments_answer answer WHERE answer.nonce = %(nonce)s
        OR (answer.offer_id = offer.id AND answer.kind = '{AnswerKind.PICK}')
    ),
    EXISTS (
        SELECT 1 FROM appointments_occupancy taken
        WHERE taken.resource_id = wanted.resource_id AND taken.appointment_id <> round.appointment_id
        AND taken.starts_at < %(ends_at)s AND taken.ends_at > %(starts_at)s
        AND (taken.expires_at IS NULL OR taken.expires_at > %(now)s)
    ), wanted.resource_id IN (SELECT id FROM appointments_resource WHERE NOT is_active)
    OR NOT place.is_active OR NOT service.is_active
    OR EXISTS (
        SELECT 1 FROM appointments_absence away
        WHERE away.resource_id = wanted.resource_id AND away.rrule = '' AND NOT offer.outside_hours
        AND away.starts_at < %(ends_at)s AND away.ends_at > %(starts_at)s
    )
    OR EXISTS (
        SELECT 1 FROM appointments_closure closed
        WHERE closed.location_id = place.id AND closed.rrule = '' AND NOT offer.outside_hours
        AND closed.starts_at < %(ends_at)s AND closed.ends_at > %(starts_at)s
    )
    OR EXISTS (
        SELECT 1 FROM appointments_disruption said
        LEFT JOIN appointments_disruption_resources missing ON missing.disruption_id = said.id
        WHERE said.location_id = place.id AND said.source = '{DisruptionSource.SAID}' AND said.ended_at IS NULL
        AND (
            said.scope = '{DisruptionScope.PLACE}'
            OR (said.scope = '{DisruptionScope.RESOURCES}' AND missing.resource_id = wanted.resource_id)
        )
        AND said.starts_at < %(ends_at)s AND (said.ends_at IS NULL OR said.ends_at > %(starts_at)s)
    )
    FROM appointments_offer offer
    JOIN appointments_reschedulerequest round ON round.id = offer.request_id
    JOIN appointments_appointment appointment ON appointment.id = round.appointment_id
    JOIN appointments_location place ON place.id = appointment.location_id
    JOIN appointments_service service ON service.id = appointment.service_id
    LEFT JOIN appointments_offer_resources wanted ON wanted.offer_id = offer.id
    WHERE offer.id = %(offer)s
"""  # noqa: S608  states of our own


@dataclass(frozen=True)
class OfferStatus:
    """How things stand for an offer, and for the form that it is chosen on."""

    resource_ids: tuple[int, ...]
    is_live: bool
    is_answered: bool
    is_taken: bool
    is_dead: bool
    """Somebody or something that it needs cannot be had then."""

    @property
    def is_lost(self) -> bool:
        """Nobody can have this time any more, while the round is live and the form has not been answered yet."""
        return self.is_live and (self.is_taken or self.is_dead) and not self.is_answered


def is_in_time(offer: Offer, round_: RescheduleRequest, *, now: datetime) -> bool:
    """Whether `offer` can still be taken: not past, and not inside the notice time it was outside of when offered."""
    return now < takeable_until(offer.starts_at, round_.appointment.service, offered_at=round_.opened_at)


def takeable(round_: RescheduleRequest, *, now: datetime) -> list[Offer]:
    """The offers of a live round that a customer can take at `now`."""
    return looked_at(round_, now=now)[0]


def looked_at(round_: RescheduleRequest, *, now: datetime) -> tuple[list[Offer], list[Offer]]:
    """What a customer can take at `now`, and what was offered, lies ahead and cannot be taken any more."""
    if not round_.is_live:
        return [], []
    ahead = list(_shown().filter(request=round_, starts_at__gt=now))
    live = [offer for offer in ahead if offer.state == OfferState.LIVE and is_in_time(offer, round_, now=now)]
    for offer in live:
        offer.request = round_
    still = capacity.possible(live)
    return [offer for offer in live if offer.pk in still], [offer for offer in ahead if offer.pk not in still]


@cache
def _shown() -> QuerySet[Offer]:
    """Put together once, for every look at a page asks it."""
    states = (OfferState.LIVE, OfferState.GONE, OfferState.LAPSED)
    return Offer.objects.filter(state__in=states).select_related("provider").order_by("starts_at", "position")


def _in_time(round_: RescheduleRequest, *, now: datetime) -> list[Offer]:
    """Those that nobody has marked and for which it is not too late."""
    live = round_.offers.filter(state=OfferState.LIVE).select_related("provider").order_by("starts_at", "position")
    found = [offer for offer in live if is_in_time(offer, round_, now=now)]
    for offer in found:
        offer.request = round_
    return found


def status_of(offer: Offer, *, nonce: str, now: datetime) -> OfferStatus:
    """How things stand for `offer` and for the form with `nonce`.

    One query and no lock: when hundreds want one time, those who come too late wait for nobody. That it is not taken
    is no promise: buffers are left out, and only the transaction that takes the time knows.
    """
    values = {
        "offer": offer.pk,
        "starts_at": sql.moment(offer.starts_at),
        "ends_at": sql.moment(offer.ends_at),
        "nonce": nonce,
        "now": sql.moment(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(STATUS, values)
        rows = cursor.fetchall()
    (_resource_id, is_live, is_answered, _is_taken, _is_dead), *_others = rows
    resource_ids = tuple(sorted(row[0] for row in rows if row[0] is not None))
    is_taken, is_dead = (any(row[place] for row in rows) for place in (3, 4))
    return OfferStatus(resource_ids, bool(is_live), bool(is_answered), is_taken=is_taken, is_dead=is_dead)


def is_first_in_line(offer: Offer, *, now: datetime) -> bool:
    """Whether nobody else is just taking this time; otherwise waits until they have, or have not: look again then.

    Others wait until this transaction ends. A held time is nobody else's, so nobody waits for it.
    """
    return offer.is_kept(now) or line_up(offer.provider_id or 0, int(offer.starts_at.timestamp()) // 60)


def lock(offer: Offer) -> Offer:
    """The offer with its round and appointment, locked as by `lock_round`, in one statement."""
    rows = Offer.objects.select_for_update(no_key=True, of=("request__appointment", "request", "self"))
    rows = rows.annotate(tells_others=Exists(RescheduleRequest.objects.filter(told_with=OuterRef("request"))))
    locked: Offer = rows.select_related(*(f"request__{name}" for name in WITH_A_ROUND)).get(pk=offer.pk)
    locked.request.tells_others = locked.tells_others  # type: ignore[attr-defined]  # as of `lock_round`
    return locked


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
        outages=causes.outages_for(appointment),
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
    live = _in_time(round_, now=now)
    still = capacity.possible(live)
    dead = [offer for offer in live if offer.pk not in still]
    lost = {offer.pk for offer in live if offer in dead or not _is_free(offer, round_, now=now)}
    lost |= {gone.pk} if gone else set()
    round_.offers.filter(pk__in=lost, state=OfferState.LIVE).update(state=OfferState.GONE)
    if any(offer.guaranteed for offer in dead):
        _give_up_holds(round_, now=now)
    return [offer for offer in live if offer.pk not in lost]


def _give_up_holds(round_: RescheduleRequest, *, now: datetime) -> None:
    """A time that we held cannot take place: we did not do what we said, and hold what is left of it."""
    if round_.expired_at is None:
        hold_again(round_, now=now)
    promises.give_up(round_, PromiseKind.HOLD, how=noop("a time that was reserved can no longer take place"), now=now)


def _is_free(offer: Offer, round_: RescheduleRequest, *, now: datetime) -> bool:
    span = booking.occupied_span(round_.appointment.service, slot_of(offer))
    others = Occupancy.objects.in_force(now).exclude(appointment=round_.appointment_id)
    return not others.filter(resource__in=offer.resources.all()).overlapping(span.start, span.end).exists()


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
