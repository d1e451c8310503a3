"""What must be true of disruptions, their plans and whoever was told, at any moment; counted by hand, row by row."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from appointments.domain import affected
from appointments.enums import (
    LIVE_REQUEST_STATES,
    AppointmentState,
    EventKind,
    LineState,
    OfferState,
    PlanState,
    RequestState,
)
from appointments.models import AffectedAppointment, AppointmentEvent, CallAttempt, Offer, PlanLine, RescheduleRequest
from notifications.enums import Channel, MessageState
from notifications.models import Message

STOPPED = (MessageState.CANCELLED, MessageState.DROPPED)
OPENINGS = ("offer", "no_time")


def check(now: datetime) -> None:
    """Fails with every broken rule in one list."""
    broken = [*miscounted(), *given_twice(now), *told_twice(), *lines_that_lie(), *called_and_written()]
    assert broken == []


def standing() -> tuple[set[int], set[int]]:
    """Appointments that have to move, and those of whom nobody has been told: without one query of the product's."""
    newest_move: dict[int, int] = defaultdict(int)
    for pk, event in AppointmentEvent.objects.filter(kind=EventKind.MOVED).values_list("appointment", "pk"):
        newest_move[pk] = max(newest_move[pk], event)
    rounds: dict[int, list[RescheduleRequest]] = defaultdict(list)
    for round_ in RescheduleRequest.objects.all():
        rounds[round_.appointment_id].append(round_)
    to_move, untold, told = set(), set(), _told()
    for row in AffectedAppointment.objects.select_related("disruption", "appointment"):
        pk = row.appointment_id
        is_over = row.disruption.ended_at is not None or row.kept_at is not None
        has_moved = newest_move[pk] > row.last_event
        if is_over or has_moved or row.appointment.state != AppointmentState.BOOKED:
            continue
        if not any(one.state in LIVE_REQUEST_STATES for one in rounds[pk]):
            to_move.add(pk)
        since = [one for one in rounds[pk] if one.opened_at >= row.found_at or (one.is_live and not one.stands)]
        if not any(_was_read(one) and one.pk in told for one in since):
            untold.add(pk)
    return to_move, untold


def _told() -> set[int]:
    """The rounds that a customer has heard of, or is about to: a message that did not come back, they, or a call."""
    spoken = CallAttempt.objects.exclude(outcome__in=("no_answer", "wrong_number"))
    told = set(spoken.values_list("promise__request", flat=True))
    written = set()
    for message in Message.objects.filter(kind__in=(*OPENINGS, "running_late")).exclude(channel=Channel.CALL):
        if message.state in ("queued", "sending", "sent", "delivered"):
            written.add(int(message.key.split(":")[2]))
    for one in RescheduleRequest.objects.all():
        if one.seen_at or one.answered_at or (one.told_with_id or one.pk) in written:
            told.add(one.pk)
    return told


def _was_read(round_: RescheduleRequest) -> bool:
    taken_back = round_.state in (RequestState.WITHDRAWN, RequestState.REPLACED)
    return not (taken_back and round_.closed_at is not None and round_.closed_at <= round_.undo_until)


def miscounted() -> list[str]:
    """The two counters that have to read 0 say what is so."""
    to_move, untold = standing()
    ours, theirs = {"to_move": len(to_move), "untold": len(untold)}, affected.counts()
    named = set(affected.untold().values_list("appointment", flat=True))
    broken = [] if ours == theirs else [f"counted {ours}, the product says {theirs}"]
    return broken if named == untold else [*broken, f"untold {sorted(untold)}, the product names {sorted(named)}"]


def given_twice(now: datetime) -> list[str]:
    """No time that is kept for one is kept for another as well, by what was promised and not by what is held."""
    kept = Offer.objects.filter(
        state=OfferState.LIVE,
        kept_until__gt=now,
        request__state__in=LIVE_REQUEST_STATES,
        request__expired_at__isnull=True,
    ).select_related("request__appointment__service")
    of: dict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    for offer in kept.prefetch_related("resources"):
        service, whose = offer.request.appointment.service, offer.request.appointment_id
        for resource in offer.resources.all():
            of[resource.pk].append((offer.starts_at - service.before, offer.ends_at + service.after, whose))
    return [
        f"resource {pk}: {one} and {two} are both promised"
        for pk, spans in of.items()
        for one, two in pairwise(sorted(spans))
        if two[0] < one[1] and one[2] != two[2]
    ]


def told_by(message: Message) -> Iterator[int]:
    """The rounds of which a message tells."""
    yield message.true_if["request"]
    yield from (one["request"] for one in message.context.get("besides", ()))


def told_twice() -> list[str]:
    """Each round is opened by one message, and the customers of a plan get one each. What came back is told anew."""
    openings = Message.objects.filter(kind__in=OPENINGS, replaces__isnull=True).exclude(state__in=STOPPED)
    told_in: dict[int, list[int]] = defaultdict(list)
    for message in openings:
        for round_ in told_by(message):
            told_in[round_].append(message.pk)
    broken = [f"round {pk} is opened by the messages {those}" for pk, those in told_in.items() if len(those) > 1]
    of: dict[tuple[int, int], set[int]] = defaultdict(set)
    for line in PlanLine.objects.filter(request__isnull=False).select_related("appointment"):
        of[line.plan_id, line.appointment.customer_id].update(told_in[line.request_id or 0])
    return broken + [
        f"customer {who} of plan {plan} got {those}" for (plan, who), those in of.items() if len(those) > 1
    ]


def lines_that_lie() -> list[str]:
    """Each line says what became of it: a round and its message, or a sentence and somebody who is still untold."""
    broken = []
    with_a_message = {pk for one in Message.objects.filter(kind__in=OPENINGS) for pk in told_by(one)}
    hit = set(AffectedAppointment.objects.values_list("disruption", "appointment"))
    for line in PlanLine.objects.select_related("plan", "request"):
        said, round_ = f"line {line.pk} ({line.state})", line.request
        if line.state in (LineState.SENT, LineState.CALL):
            if round_ is None or round_.appointment_id != line.appointment_id:
                broken.append(f"{said} has no round of its own")
            elif round_.pk not in with_a_message:
                broken.append(f"{said}: nothing was written about round {round_.pk}")
        elif round_ is not None:
            broken.append(f"{said} has a round")
        if line.state == LineState.PLANNED and line.plan.state == PlanState.SENT:
            broken.append(f"{said} was forgotten")
        if line.state == LineState.FAILED and (line.plan.disruption_id, line.appointment_id) not in hit:
            broken.append(f"{said} stands nowhere")
    counted = Counter(RescheduleRequest.objects.filter(nonce__startswith="plan:").values_list("nonce", flat=True))
    named = set(PlanLine.objects.filter(request__isnull=False).values_list("request__nonce", flat=True))
    return broken + [f"the round of {nonce} stands in no line" for nonce in counted if nonce not in named]


def called_and_written() -> list[str]:
    """Whom a colleague phones gets no message, also when another appointment of theirs is told with it."""
    called = set(PlanLine.objects.filter(state=LineState.CALL).values_list("request", flat=True))
    openings = Message.objects.filter(kind__in=OPENINGS).exclude(channel=Channel.CALL)
    return [
        f"round {pk} is left to a colleague, and message {one.pk} goes by {one.channel}"
        for one in openings
        for pk in told_by(one)
        if pk in called
    ]
