"""Opening a round: the request, its offers, the holds, the promises and the message, all or nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, promises
from appointments.domain.actors import Actor
from appointments.domain.moving import causes
from appointments.domain.moving.drafts import Draft, check_draft
from appointments.domain.moving.foretold import as_sentence
from appointments.domain.moving.rounds.ending import end
from appointments.domain.moving.rounds.known import Known
from appointments.domain.moving.rounds.writing import write_all
from appointments.domain.transactions import one_transaction, part_of_one
from appointments.enums import PromiseKind, RequestState
from appointments.errors import DomainError
from appointments.models import Appointment, RescheduleRequest
from notifications.text import languages

Move = tuple[Appointment, Draft]


@one_transaction
def open_round(appointment: Appointment, draft: Draft, *, by: Actor, now: datetime) -> RescheduleRequest:
    """Opens a round: the request, its offers, the holds, the promises and the message, all or nothing. Without times
    it is our turn from the beginning: the contact looks for some.

    A live earlier round is replaced. The same nonce again returns the same round. Raises `MoveRefused` or
    `DomainError` for a draft that breaks a rule, `SlotTaken` when a guaranteed time is no longer free.
    """
    return open_together([(booking.lock(appointment), draft)], by=by, now=now)[0]


@part_of_one
def open_together(
    moves: Sequence[Move],
    *,
    by: Actor,
    now: datetime,
    known: Known | None = None,
    untouched: Collection[int] = (),
) -> list[RescheduleRequest]:
    """The same for several appointments of one customer, who reads of all of them in one message.

    Each as it was locked in the caller's transaction. `untouched`: the ids of those that have never had a round and are
    hit by the disruption of their draft, as was read under their lock.
    """
    known = known or Known()
    before = _rounds_before(moves, untouched)
    rounds: list[RescheduleRequest] = []
    opened: list[tuple[Draft, RescheduleRequest]] = []
    for appointment, draft in moves:
        round_ = _opened_by(draft, appointment, before)
        if round_ is None:
            own = [one for one in before if one.appointment_id == appointment.pk]
            is_hit = appointment.pk in untouched
            round_ = _begin(appointment, draft, own, known, by=by, now=now, is_hit=is_hit)
            opened.append((draft, round_))
        rounds.append(round_)
    if opened:
        write_all(opened, known, by=by, now=now)
    return rounds


def _rounds_before(moves: Sequence[Move], untouched: Collection[int]) -> list[RescheduleRequest]:
    """All rounds of these appointments, the newest first, and those that their forms have opened elsewhere. Locked."""
    asked = [(appointment.pk, draft.nonce) for appointment, draft in moves if appointment.pk not in untouched]
    if not asked:
        return []
    about = Q(appointment__in=[pk for pk, _nonce in asked]) | Q(nonce__in=[nonce for _pk, nonce in asked if nonce])
    rounds = RescheduleRequest.objects.filter(about).order_by("-round", "pk")
    return list(rounds.select_for_update(no_key=True, of=("self",)))


def _opened_by(draft: Draft, appointment: Appointment, before: Sequence[RescheduleRequest]) -> RescheduleRequest | None:
    """The round that the same form has opened already. Raises `DomainError` when it did so for somebody else."""
    opened = next((one for one in before if draft.nonce and one.nonce == draft.nonce), None)
    if opened is not None and opened.appointment_id != appointment.pk:
        raise DomainError(_("This form belongs to another appointment. Please open the page again."))
    return opened


def _begin(
    appointment: Appointment,
    draft: Draft,
    before: Sequence[RescheduleRequest],
    known: Known,
    *,
    by: Actor,
    now: datetime,
    is_hit: bool,
) -> RescheduleRequest:
    """The round, not saved, in place of the live one `before` it, and because of what hits it."""
    check_draft(appointment, draft, now=now, outages=known.outages_for(appointment))
    for earlier in before[:1]:
        if earlier.state in (RequestState.ACCEPTED, RequestState.CANCELLED):
            booking.release_holds(earlier)  # the way back of its customer, who has gone another one
    for earlier in (one for one in before if one.is_live):
        earlier.appointment = appointment
        for promise in earlier.promises.open().filter(kind=PromiseKind.FIND_TIMES).for_display():
            promises.keep(promise, how=noop("new times offered"), by=by, now=now)
        end(earlier, RequestState.REPLACED, how=noop("replaced by a newer offer"), now=now)
    last = max((one.round for one in before), default=0)
    round_ = compose(appointment, draft, by=by, now=now, known=known, last=last)
    if is_hit and draft.missing is None:
        round_.disruption = draft.disruption
        return round_
    missing = draft.missing_for(appointment, now=now)
    round_.disruption = causes.because_of(missing, draft.disruption, appointment, reason=draft.reason, by=by, now=now)
    return round_


def opened_by(appointment: Appointment, *, nonce: str) -> RescheduleRequest | None:
    """The round that this form has opened already, if it has: a second click changes nothing."""
    return appointment.requests.filter(nonce=nonce).first() if nonce else None


def compose(
    appointment: Appointment,
    draft: Draft,
    *,
    by: Actor,
    now: datetime,
    known: Known | None = None,
    last: int | None = None,
) -> RescheduleRequest:
    """The round as it would be written, not saved: previews and sending go through here, so they say the same.

    `last`: the number of the one before it, for whoever has read it.
    """
    known = known or Known()
    if last is None:
        last = appointment.requests.order_by("-round").values_list("round", flat=True).first() or 0
    return RescheduleRequest(
        appointment=appointment,
        round=last + 1,
        reason=draft.reason,
        wording={code: draft.reason.wording_for(appointment, code) for code in languages.codes()},
        personal_note=draft.personal_note.strip(),
        could_change=as_sentence(draft.could_change),
        foretold=draft.foretold,
        contact=draft.contact,
        state=RequestState.WITH_US if draft.without_times else RequestState.OPEN,
        respond_by=draft.respond_by,
        call_by=draft.respond_by if draft.without_times else known.call_by(appointment.location, draft.respond_by),
        can_keep=draft.can_keep,
        wished=draft.wished,
        was_starts_at=appointment.starts_at,
        was_ends_at=appointment.ends_at,
        was_provider=appointment.provider,
        was_location=appointment.location,
        was_manner=appointment.manner,
        opened_at=now,
        opened_by=by.user,
        undo_until=now + timedelta(seconds=_time_to_undo(draft, known)),
        nonce=draft.nonce or None,
    )


def _time_to_undo(draft: Draft, known: Known) -> int:
    """Nobody takes back what the customer asked for or agreed to; of many at once the whole plan was counted down."""
    return 0 if draft.wished or draft.in_bulk or draft.agreed else known.business.undo_seconds
