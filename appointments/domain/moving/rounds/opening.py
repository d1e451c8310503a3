"""Opening a round: the request, its offers, the holds, the promises and the message, all or nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, own_words, promises
from appointments.domain.actors import Actor
from appointments.domain.history import record
from appointments.domain.messages import announce
from appointments.domain.moving import causes
from appointments.domain.moving.drafts import ChosenOffer, Draft, check_draft, kept_until
from appointments.domain.moving.rounds.ending import end
from appointments.domain.transactions import one_transaction
from appointments.enums import (
    EventKind,
    PromiseKind,
    RequestState,
)
from appointments.errors import DomainError
from appointments.models import Appointment, Business, Offer, Promise, RescheduleRequest
from notifications.text import languages

HOURS_TO_CALL = 2


@one_transaction
def open_round(appointment: Appointment, draft: Draft, *, by: Actor, now: datetime) -> RescheduleRequest:
    """Opens a round: the request, its offers, the holds, the promises and the message, all or nothing. Without times
    it is our turn from the beginning: the contact looks for some.

    A live earlier round is replaced. The same nonce again returns the same round. Raises `MoveRefused` or
    `DomainError` for a draft that breaks a rule, `SlotTaken` when a guaranteed time is no longer free.
    """
    return open_together([(booking.lock(appointment), draft)], by=by, now=now)[0]


@one_transaction
def open_together(moves: Sequence[tuple[Appointment, Draft]], *, by: Actor, now: datetime) -> list[RescheduleRequest]:
    """The same for several appointments of one customer, who reads of all of them in one message.

    Each as `booking.lock` returned it in the caller's transaction.
    """
    rounds = [_open(appointment, draft, by=by, now=now) for appointment, draft in moves]
    drafts = [draft for _appointment, draft in moves]
    opened = [(draft, round_) for draft, (round_, is_new) in zip(drafts, rounds, strict=True) if is_new]
    if opened:
        # What there are times for speaks first, then the soonest.
        opened.sort(key=lambda one: (one[0].without_times, one[1].was_starts_at, one[1].pk))
        (draft, first), *besides = opened
        if besides:
            RescheduleRequest.objects.filter(pk__in=[one.pk for _draft, one in besides]).update(told_with=first)
        announce.the_move(first, now=now, in_bulk=draft.in_bulk, by_phone=draft.by_phone)
    return [round_ for round_, _is_new in rounds]


def _open(appointment: Appointment, draft: Draft, *, by: Actor, now: datetime) -> tuple[RescheduleRequest, bool]:
    """The round, and whether it was opened now; what its customer reads of it is not written yet."""
    if draft.nonce:
        opened = RescheduleRequest.objects.filter(nonce=draft.nonce).first()
        if opened is not None and opened.appointment_id == appointment.pk:
            return opened, False
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
    if draft.without_times:
        _promise_times(round_, by=by, now=now)
    else:
        _write_offers(round_, draft.offers, after=0)
        _hold_and_promise(round_, draft, by=by, now=now)
    kind = EventKind.TOLD if draft.without_times else EventKind.OFFERED
    record(appointment, kind, by=by, now=now, round_=round_, note=draft.reason.label_in(languages.own()))
    return round_, True


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
        was_provider=appointment.provider,
        opened_at=now,
        opened_by=by.user,
        undo_until=now + timedelta(seconds=_time_to_undo(draft)),
        nonce=draft.nonce or None,
    )


def _time_to_undo(draft: Draft) -> int:
    """Nobody takes back what the customer asked for, and of many at once the whole plan was counted down."""
    return 0 if draft.wished or draft.in_bulk else Business.current().undo_seconds


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
    return _write_offers(round_, chosen, after=after)


def _write_offers(round_: RescheduleRequest, chosen: Sequence[ChosenOffer], *, after: int) -> list[Offer]:
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

    common: dict[str, Any] = {"owner": draft.contact, "by": by, "now": now, "is_first": True}
    if held:
        promises.owe(PromiseKind.HOLD, round_, until=max(until for _slot, until in held), **common)
    promises.owe(PromiseKind.ANSWER_OR_CALL, round_, until=round_.call_by, **common)


def _promise_times(round_: RescheduleRequest, *, by: Actor, now: datetime) -> Promise:
    """The customer reads who looks for a time, and by when they hear of it."""
    details, until = own_words.NO_TIME_YET, round_.call_by
    return promises.owe(
        PromiseKind.FIND_TIMES, round_, owner=round_.contact, until=until, details=details, by=by, now=now
    )
