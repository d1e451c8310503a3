"""The rows of rounds that open, a statement for each table: requests, offers, holds, promises, history, the message."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from appointments.domain import booking, history, own_words, prepared, promises
from appointments.domain.actors import Actor
from appointments.domain.compensation import promised
from appointments.domain.messages import announce
from appointments.domain.messages.written import AsWritten
from appointments.domain.moving.drafts import ChosenOffer, Draft, kept_until
from appointments.domain.moving.rounds.known import Known
from appointments.domain.schedule.slots import Slot
from appointments.enums import EventKind, PromiseKind
from appointments.models import AppointmentEvent, Offer, Promise, RescheduleRequest
from notifications.text import languages

Opened = tuple[Draft, RescheduleRequest]


def write_all(opened: Sequence[Opened], known: Known, *, by: Actor, now: datetime) -> None:
    """Writes these rounds of one customer, not saved yet, with all that belongs to them, and tells the customer."""
    prepared.insert([round_ for _draft, round_ in opened])
    offers = _write_offers([(round_, draft.offers, 0) for draft, round_ in opened], known)
    for draft, round_ in opened:
        if held := _held(round_, draft.offers):
            booking.hold(round_, held, now=now)
    owed = [promise for draft, round_ in opened if not draft.agreed for promise in _first_promises(draft, round_)]
    facts = promises.owe_first(owed, by=by, now=now)
    offered = [one for one in opened if not one[1].is_by_themselves]
    history.write([*facts, *(_fact(draft, round_, by=by, now=now) for draft, round_ in offered)])
    if told := [(draft, round_) for draft, round_ in opened if not draft.agreed]:
        _tell(told, offers, owed, known, now=now)


def _tell(
    opened: Sequence[Opened], offers: Sequence[Offer], owed: Sequence[Promise], known: Known, *, now: datetime
) -> None:
    """One message: what there are times for speaks first, then the soonest."""
    inorder = sorted(opened, key=lambda one: (one[0].without_times, one[1].was_starts_at, one[1].pk))
    (draft, first), *others = inorder
    besides = sorted((round_ for _draft, round_ in others), key=lambda one: (one.was_starts_at, one.pk))
    if besides:
        RescheduleRequest.objects.filter(pk__in=[one.pk for one in besides]).update(told_with=first)
    people = known.resources(offer.provider_id for offer in offers if offer.provider_id)
    for offer in offers:
        offer.provider = people[offer.provider_id] if offer.provider_id else None
    written = AsWritten(
        business=known.business,
        offers={round_.pk: [one for one in offers if one.request_id == round_.pk] for _draft, round_ in opened},
        besides=besides,
        owed=next((one for one in owed if one.request_id == first.pk and one.kind == PromiseKind.FIND_TIMES), None),
    )
    announce.the_move(first, now=now, in_bulk=draft.in_bulk, by_phone=draft.by_phone, written=written)


def _fact(draft: Draft, round_: RescheduleRequest, *, by: Actor, now: datetime) -> AppointmentEvent:
    kind = EventKind.TOLD if draft.without_times else EventKind.OFFERED
    note = draft.reason.label_in(languages.own())
    return history.fact(round_.appointment, kind, by=by, now=now, round_=round_, note=note)


def _first_promises(draft: Draft, round_: RescheduleRequest) -> Iterator[Promise]:
    """What the customer reads: who looks for a time; or until when one is held, and by when we phone."""

    def promise(kind: PromiseKind, due_at: datetime, details: str = "") -> Promise:
        return Promise(
            kind=kind,
            appointment=round_.appointment,
            request=round_,
            owner=draft.contact,
            details=details,
            made_at=round_.opened_at,
            due_at=due_at,
        )

    if draft.without_times:
        yield promise(PromiseKind.FIND_TIMES, round_.call_by, own_words.NO_TIME_YET)
        return
    if held := _held(round_, draft.offers):
        yield promise(PromiseKind.HOLD, max(until for _slot, until in held))
    yield promise(PromiseKind.ANSWER_OR_CALL, round_.call_by)


def offers_of(
    round_: RescheduleRequest, chosen: Sequence[ChosenOffer], *, known: Known | None = None, after: int = 0
) -> list[Offer]:
    """The rows for `chosen`, not saved, numbered from `after` + 1 in order of time, each with what comes with it."""
    offers = _rows_of(round_, chosen, after=after)
    promised.put_with(offers, round_, (known or Known()).table)
    return offers


def _rows_of(round_: RescheduleRequest, chosen: Sequence[ChosenOffer], *, after: int) -> list[Offer]:
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


def _held(round_: RescheduleRequest, offers: Sequence[ChosenOffer]) -> list[tuple[Slot, datetime]]:
    return [(one.slot, until) for one in offers if (until := _kept_until(round_, one))]


def add_offers(round_: RescheduleRequest, chosen: Sequence[ChosenOffer]) -> list[Offer]:
    """Adds offers to a round, after those it has."""
    after = round_.offers.order_by("-position").values_list("position", flat=True).first() or 0
    return _write_offers([(round_, chosen, after)], Known())


def _write_offers(chosen: Sequence[tuple[RescheduleRequest, Sequence[ChosenOffer], int]], known: Known) -> list[Offer]:
    """What each round offers, numbered after so many."""
    resources = {
        (round_.pk, *one.slot.when_and_whom): one.slot.resource_ids for round_, found, _ in chosen for one in found
    }
    rows = [offer for round_, found, after in chosen for offer in offers_of(round_, found, known=known, after=after)]
    prepared.insert(rows)
    through = Offer.resources.through
    prepared.insert(
        [
            through(offer_id=made.pk, resource_id=resource_id)
            for made in rows
            for resource_id in resources[made.request_id, *made.when_and_whom]
        ]
    )
    return rows
