"""What must be true of the whole database at any moment, whatever happened before."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from appointments.domain.limbo import in_limbo
from appointments.domain.messages import kinds
from appointments.domain.messages.context import time_of
from appointments.enums import LIVE_REQUEST_STATES, AppointmentState, OfferState, PromiseKind, RequestState
from appointments.models import Appointment, AppointmentEvent, Occupancy, Offer, Promise, RescheduleRequest
from notifications.enums import MessageState
from notifications.models import Message


def check(now: datetime) -> None:
    """Fails with every broken rule in one list."""
    assert [
        *overlaps(),
        *wrong_occupancies(),
        *lonely_customers(now),
        *rounds_that_disagree(),
        *rounds_that_fell_through(),
        *wrong_holds(now),
        *wrong_history(),
        *empty_words(now),
        *unconfirmed_bookings(now),
    ] == []


def overlaps() -> list[str]:
    """Two rows of one resource at one time: found by looking at every neighbour, not by asking the constraint."""
    timelines: dict[int, list[Occupancy]] = defaultdict(list)
    for row in Occupancy.objects.order_by("starts_at", "ends_at"):
        timelines[row.resource_id].append(row)
    return [
        f"resource {one.resource_id}: {one.starts_at}–{one.ends_at} and {two.starts_at}–{two.ends_at}"
        for timeline in timelines.values()
        for one, two in pairwise(timeline)
        if two.starts_at < one.ends_at
    ]


def wrong_occupancies() -> list[str]:
    """A booked appointment has one row for each thing it needs, over its span with buffers; a cancelled one none."""
    broken = []
    rows = Appointment.objects.select_related("service")
    for appointment in rows.prefetch_related("occupancies", "service__requirements"):
        own = [row for row in appointment.occupancies.all() if row.request_id is None]
        if appointment.state == AppointmentState.CANCELLED:
            if own:
                broken.append(f"cancelled appointment {appointment.pk} still occupies something")
            continue
        service = appointment.service
        span = (appointment.starts_at - service.before, appointment.ends_at + service.after)
        if {(row.starts_at, row.ends_at) for row in own} != {span}:
            broken.append(f"appointment {appointment.pk} does not occupy its own time")
        if len({row.resource_id for row in own}) != len(own) or len(own) != len(service.requirements.all()):
            broken.append(f"appointment {appointment.pk} occupies {len(own)} resources")
        if appointment.provider_id is not None and appointment.provider_id not in {row.resource_id for row in own}:
            broken.append(f"appointment {appointment.pk} does not occupy its provider")
    return broken


def lonely_customers(now: datetime) -> list[str]:
    """Nobody is in limbo, by the product's own count and by a count of our own."""
    broken = [f"appointment {one.pk} is in limbo" for one in in_limbo(now)]
    for round_ in RescheduleRequest.objects.undecided().prefetch_related("offers", "promises"):
        promised = [one for one in round_.promises.all() if one.state == "open" and one.kind != PromiseKind.HOLD]
        if not promised:
            broken.append(f"live round {round_.pk} ({round_.state}) without an open promise")
        offered = [one for one in round_.offers.all() if one.state == OfferState.LIVE]
        if round_.state == RequestState.OPEN and not offered:
            broken.append(f"round {round_.pk} waits for a choice among nothing")
    return broken


def rounds_that_disagree() -> list[str]:
    """One live round at most, only of a booked appointment; the taken offer is the round's end and the new time."""
    broken = []
    live: dict[int, int] = defaultdict(int)
    for round_ in RescheduleRequest.objects.select_related("appointment").prefetch_related("offers", "promises"):
        states = [offer.state for offer in round_.offers.all()]
        live[round_.appointment_id] += round_.state in LIVE_REQUEST_STATES
        if round_.is_live and round_.appointment.state != AppointmentState.BOOKED:
            broken.append(f"round {round_.pk} is live, its appointment {round_.appointment.state}")
        if (states.count(OfferState.TAKEN) == 1) != (round_.state == RequestState.ACCEPTED):
            broken.append(f"round {round_.pk} is {round_.state}, its offers are {states}")
        if not round_.is_live and OfferState.LIVE in states:
            broken.append(f"round {round_.pk} is over and still offers times")
        if not round_.is_live and any(
            one.state == "open" and one.kind in (PromiseKind.HOLD, PromiseKind.ANSWER_OR_CALL)
            for one in round_.promises.all()
        ):
            broken.append(f"round {round_.pk} is over and still promises to hold or to phone for an answer")
    broken += [f"appointment {pk} has {count} live rounds" for pk, count in live.items() if count > 1]
    for offer in Offer.objects.filter(state=OfferState.TAKEN).select_related("request__appointment"):
        appointment = offer.request.appointment
        newest = appointment.events.filter(kind="moved").order_by("at", "pk").last()
        if newest and newest.request_id == offer.request_id and appointment.starts_at != offer.starts_at:
            broken.append(f"offer {offer.pk} was taken, its appointment is elsewhere")
    return broken


def rounds_that_fell_through() -> list[str]:
    """A round that was replaced is followed by one that the customer read of; what was undone does not count."""
    broken = []
    of: dict[int, list[RescheduleRequest]] = defaultdict(list)
    for round_ in RescheduleRequest.objects.order_by("appointment", "round"):
        closed_at = round_.closed_at
        taken_back = round_.state == RequestState.WITHDRAWN or round_.stands_by_itself
        undone = taken_back and closed_at is not None and closed_at <= round_.undo_until
        if not undone:
            of[round_.appointment_id].append(round_)
    for pk, rounds in of.items():
        if rounds[-1].state == RequestState.REPLACED and rounds[-1].appointment.state == AppointmentState.BOOKED:
            broken.append(f"appointment {pk}: round {rounds[-1].round} was replaced by nothing")
    return broken


def wrong_holds(now: datetime) -> list[str]:
    """What is promised to be held is held, and nothing is held for a round that is over but the way back."""
    broken = [
        f"round {row.request_id} is over and still holds {row}"
        for row in Occupancy.objects.filter(request__isnull=False).select_related("request__appointment", "resource")
        if row.request is not None and not row.request.is_live and not is_way_back(row)
    ]
    promised = Offer.objects.filter(
        state=OfferState.LIVE,
        guaranteed=True,
        request__state__in=LIVE_REQUEST_STATES,
        request__expired_at__isnull=True,
        kept_until__gt=now,
    ).select_related("request__appointment__service")
    own: dict[tuple[int, int], list[Occupancy]] = defaultdict(list)
    for row in Occupancy.objects.order_by("starts_at"):
        own[row.resource_id, row.appointment_id].append(row)
    for offer in promised.prefetch_related("resources"):
        service = offer.request.appointment.service
        start, end = offer.starts_at - service.before, offer.ends_at + service.after
        for resource in offer.resources.all():
            reached = start
            for row in own[resource.pk, offer.request.appointment_id]:
                if row.starts_at <= reached:
                    reached = max(reached, row.ends_at)
            if reached < end:
                broken.append(f"offer {offer.pk} is guaranteed and {resource} is not held for it")
    return broken


def is_way_back(row: Occupancy) -> bool:
    """Whether it is what a customer has left in the newest round of theirs, and no longer than was said."""
    round_, service = row.request, row.appointment.service
    if round_ is None or not round_.is_newest or round_.state not in (RequestState.ACCEPTED, RequestState.CANCELLED):
        return False
    was = (round_.was_starts_at - service.before, round_.was_ends_at + service.after)
    inside = was[0] <= row.starts_at and row.ends_at <= was[1]
    said = round_.closed_at is not None and row.expires_at is not None
    return bool(inside and said and row.expires_at <= round_.closed_at + timedelta(hours=2))  # type: ignore[operator]


def wrong_history() -> list[str]:
    """The last move that history knows is where the appointment is, and SEQUENCE counts what happened."""
    broken = []
    changes = AppointmentEvent.objects.filter(kind__in=("moved", "cancelled", "reinstated")).order_by("at", "pk")
    of: dict[int, list[AppointmentEvent]] = defaultdict(list)
    for event in changes:
        of[event.appointment_id].append(event)
    for appointment in Appointment.objects.filter(pk__in=of):
        events = of[appointment.pk]
        if appointment.sequence != len(events):
            broken.append(f"appointment {appointment.pk}: SEQUENCE {appointment.sequence}, {len(events)} changes")
        moved = [event.after for event in events if event.kind in ("moved", "reinstated")]
        if moved and datetime.fromisoformat((moved[-1] or {})["starts_at"]) != appointment.starts_at:
            broken.append(f"appointment {appointment.pk} is not where history says")
    return broken


def empty_words(now: datetime) -> list[str]:
    """Every time named in a message that can still leave has a row that makes it true."""
    broken = []
    for message in Message.objects.filter(state=MessageState.QUEUED):
        if kinds.why_stale(message.kind, message.true_if, now=now):
            continue  # it stays here
        context = message.context
        if message.kind in ("acknowledgement", "no_time"):
            promise = Promise.objects.filter(pk=message.true_if["promise"]).first()
            told = context["promise_due" if message.kind == "acknowledgement" else "call_by"]
            if promise is None or (promise.state == "open" and promise.due_at > told):
                broken.append(f"message {message.key} promises a time that nobody keeps")
        round_ = RescheduleRequest.objects.filter(pk=message.true_if.get("request")).first()
        if message.kind in ("offer", "nudge") and round_ is not None and round_.is_live:
            if context["respond_by"] != round_.respond_by:
                broken.append(f"message {message.key} names another time to answer by")
            phoned = round_.promises.exclude(kind=PromiseKind.HOLD).filter(state="open")
            if not phoned.exists():
                broken.append(f"message {message.key} says that we phone, and nobody does")
        if message.kind == "confirmation":
            appointment = Appointment.objects.get(pk=message.true_if["appointment"])
            true = appointment.sequence != message.true_if["sequence"] or (
                context["time"]["starts_at"] == time_of(appointment)["starts_at"]
            )
            if not true:
                broken.append(f"message {message.key} confirms another time than the one booked")
    return broken


def unconfirmed_bookings(now: datetime) -> list[str]:
    """What the desk has booked for somebody who can be written to stands in one confirmation that has left or will."""
    confirmed: dict[int, int] = defaultdict(int)
    told = Message.objects.filter(kind="booked").exclude(state=MessageState.CANCELLED)
    for pk, _sequence in (pair for true_if in told.values_list("true_if", flat=True) for pair in true_if["times"]):
        confirmed[pk] += 1
    standing = Appointment.objects.exclude(booked_by_form="").filter(state=AppointmentState.BOOKED, sequence=0)
    standing = standing.filter(starts_at__gt=now).exclude(customer__email="")
    return [f"appointment {pk} is in {confirmed[pk]} confirmations" for pk in standing.values_list("pk", flat=True)
            if confirmed[pk] != 1]  # fmt: skip
