"""A plan leaves: counted down, perhaps agreed to by a second colleague, then one transaction for each customer.

Nothing here runs long: every call does as much as its time allows, and whoever comes next goes on where it ended, be
it after a crash. What each line became stands in the line, so nobody is told twice and nobody is left out.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.contrib.auth.models import User
from django.db.models import Count, F
from django.utils.translation import gettext as _

from appointments.domain import actors, affected, booking, promises
from appointments.domain.actors import Actor
from appointments.domain.disruptions.planning import placing
from appointments.domain.moving import drafts, rounds
from appointments.domain.moving.drafts import FEWEST, LONGEST_TO_LOOK, MOST, TOO_SHORT, ChosenOffer, Draft
from appointments.domain.schedule.outages import Outage, said_at
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.waking import soonest_hour
from appointments.domain.transactions import one_transaction
from appointments.enums import LineState, PlanState, Why
from appointments.errors import DomainError
from appointments.models import Appointment, Business, DisruptionPlan, Occupancy, PlanLine

SECONDS = 40
"""A sweep ends after so long, well before the worker's own limit."""


@one_transaction
def ask(plan: DisruptionPlan, *, by: User, now: datetime) -> DisruptionPlan:
    """It is to leave: after the countdown, or once a second colleague has agreed where so many are told at once.

    Raises `DomainError` when there is no reason to tell, nobody to tell, or the plan is not a draft any more.
    """
    plan = _locked(plan)
    if plan.state != PlanState.DRAFT:
        raise DomainError(_("A colleague has sent this plan already."))
    if plan.reason is None:
        raise DomainError(_("Choose the reason: the customers are told it."))
    told = customers_in(plan)
    if not told:
        raise DomainError(_("Nobody has to be told of anything here."))
    needs_another = _needs_a_second(told)
    plan.asked_by, plan.approved_by = by, None
    plan.state = PlanState.APPROVAL if needs_another else PlanState.COUNTDOWN
    plan.send_at = None if needs_another else _leaves(now)
    _keep(plan)
    return plan


@one_transaction
def approve(plan: DisruptionPlan, *, by: User, now: datetime) -> DisruptionPlan:
    """A second colleague agrees. Raises `DomainError` for the one who asked, and when it does not wait for anybody."""
    plan = _locked(plan)
    if plan.state != PlanState.APPROVAL:
        raise DomainError(_("This plan does not wait for anybody's consent."))
    if plan.asked_by_id == by.pk:
        raise DomainError(_("A second colleague has to agree: you have asked for it yourself."))
    plan.approved_by, plan.state, plan.send_at = by, PlanState.COUNTDOWN, _leaves(now)
    _keep(plan)
    return plan


@one_transaction
def stop(plan: DisruptionPlan, *, now: datetime) -> bool:
    """Back to a draft, as long as nobody has been told. False when it is too late for that."""
    plan = _locked(plan)
    if not plan.can_be_stopped(now):
        return False
    plan.state, plan.send_at, plan.asked_by, plan.approved_by = PlanState.DRAFT, None, None, None
    _keep(plan)
    return True


@one_transaction
def try_again(plan: DisruptionPlan, *, now: datetime) -> int:
    """What failed is sent once more. Returns how many lines."""
    plan = _locked(plan)
    failed = plan.lines.filter(state=LineState.FAILED)
    count = int(failed.update(state=LineState.PLANNED, fault=""))
    if count and plan.state == PlanState.SENT:
        plan.state, plan.ended_at = PlanState.SENDING, None
        _keep(plan)
    return count


def send_due(*, now: datetime, seconds: float = SECONDS) -> int:
    """Sends what has been counted down, plan by plan, the soonest appointments first. Returns how many were told.

    A sweep: safe to run twice at once.
    """
    until = time.monotonic() + seconds
    told = 0
    DisruptionPlan.objects.filter(state=PlanState.COUNTDOWN, send_at__lte=now).update(state=PlanState.SENDING)
    leaving = DisruptionPlan.objects.filter(state=PlanState.SENDING).for_display().order_by("send_at", "pk")
    for plan in leaving.prefetch_related("disruption__resources", "disruption__location__resources"):
        for lines in _by_customer(plan):
            if time.monotonic() > until:
                return told
            told += _tell(plan, lines, now=now)
        _finish(plan, now=now)
    return told


def customers_in(plan: DisruptionPlan) -> int:
    """How many people would hear of it."""
    counted = plan.lines.waiting().aggregate(people=Count("appointment__customer", distinct=True))
    return int(counted["people"])


def progress(plan: DisruptionPlan) -> dict[str, int]:
    """How many lines are in which state. One query."""
    rows = plan.lines.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(LineState.values, 0) | dict(rows)


def draft_of(plan: DisruptionPlan, line: PlanLine, *, now: datetime) -> Draft:
    """What this customer is offered, as a single move would offer it."""
    if plan.reason is None:
        raise DomainError(_("Choose the reason: the customers are told it."))
    appointment, offers = line.appointment, _offers(plan, line, now=now)
    starts = [one.slot.starts_at for one in offers]
    by = drafts.proposed_respond_by(appointment, starts, now=now) if offers else _news_by(plan, appointment, now=now)
    return Draft(
        reason=plan.reason,
        offers=tuple(offers),
        respond_by=by,
        contact=promises.stand_in_for(line.caller or plan.contact),
        personal_note=line.personal_note or plan.personal_note,
        nonce=f"plan:{plan.pk}:{line.appointment_id}",
        without_times=not offers,
        disruption=plan.disruption,
        in_bulk=True,
        by_phone=line.caller_id is not None,
    )


def _offers(plan: DisruptionPlan, line: PlanLine, *, now: datetime) -> list[ChosenOffer]:
    """The kept time and the open ones, each with its true line; where that is no choice, more are looked for."""
    kept, appointment = placing.slot_of(line), line.appointment
    slots = [*([kept] if kept else []), *_still_open(plan, appointment, placing.others_of(line), now=now)][:MOST]
    known = {slot.when_and_whom for slot in slots}
    if len(slots) < FEWEST:
        found = drafts.propose(appointment, now=now, limit=MOST)
        slots += [one.slot for one in found if one.slot.when_and_whom not in known][: MOST - len(slots)]
    return [ChosenOffer(slot, _why(appointment, slot), guaranteed=slot is kept) for slot in slots]


def _still_open(plan: DisruptionPlan, appointment: Appointment, slots: Sequence[Slot], *, now: datetime) -> list[Slot]:
    """Those of `slots` that can be had: others choose, and more is missing, while a plan is made and sent."""
    ahead = [slot for slot in slots if slot.starts_at > now]
    if not ahead:
        return []
    spans = [booking.occupied_span(appointment.service, slot) for slot in ahead]
    window = Span(min(span.start for span in spans), max(span.end for span in spans))
    missing = said_at(appointment.location, span=window)
    others = Occupancy.objects.in_force(now).exclude(appointment=appointment)
    rows = others.overlapping(*window).filter(resource__in={pk for slot in ahead for pk in slot.resource_ids})
    taken = [Outage(frozenset([pk]), *times) for pk, *times in rows.values_list("resource", "starts_at", "ends_at")]
    most_a_day = {one.pk: one.most_a_day for one in plan.disruption.location.resources.all()}
    full = booking.on_full_days(ahead, appointment, most_a_day=most_a_day, now=now)
    return [
        slot
        for slot, span in zip(ahead, spans, strict=True)
        if slot not in full
        and not any(one.takes(slot.resource_ids, span) for one in taken)
        and not any(one.takes(slot.resource_ids, Span(slot.starts_at, slot.ends_at)) for one in missing)
    ]


def _why(appointment: Appointment, slot: Slot) -> Why:
    """The most telling line that is true of it. That it is the soonest is said of none: others have sooner ones."""
    zone = appointment.location.tzinfo
    was, at = (moment.astimezone(zone) for moment in (appointment.starts_at, slot.starts_at))
    same_person = slot.provider_id == appointment.provider_id
    if slot.starts_at == appointment.starts_at and not same_person:
        return Why.SAME_TIME_OTHER_PERSON
    if at.time() == was.time():
        return Why.SAME_HOUR
    if same_person and slot.provider_id is not None:
        return Why.SAME_PERSON
    return Why.SAME_DAY if at.date() == was.date() else Why.ANOTHER


def _news_by(plan: DisruptionPlan, appointment: Appointment, *, now: datetime) -> datetime:
    """By when whoever has no time yet hears of us: when we know more ourselves, or the first hour after it that one can
    tell people; where that is no hour for a promise, as we usually promise.
    """
    location, news = appointment.location, plan.disruption.next_news_at
    if news and now + TOO_SHORT < (hour := soonest_hour(news, location.tzinfo)) <= now + LONGEST_TO_LOOK:
        return hour
    return promises.usually_due(location, now=now)


def _by_customer(plan: DisruptionPlan) -> Iterable[list[PlanLine]]:
    """The lines that wait, together by customer: who has to know soonest comes first."""
    lines = list(plan.lines.waiting().for_display().order_by("appointment__starts_at", "pk"))
    turn: dict[int, int] = {}
    for line in lines:
        turn.setdefault(line.appointment.customer_id, len(turn))
    lines.sort(key=lambda line: turn[line.appointment.customer_id])
    for _customer, group in groupby(lines, key=lambda line: line.appointment.customer_id):
        yield list(group)


def _tell(plan: DisruptionPlan, lines: Sequence[PlanLine], *, now: datetime) -> int:
    """One customer. What is refused is written down with its sentence and stops nobody else."""
    try:
        return _tell_together(plan, lines, now=now)
    except DomainError as error:
        waiting = PlanLine.objects.waiting().filter(pk__in=[line.pk for line in lines])
        waiting.update(state=LineState.FAILED, fault=error.message[:300])
        return 0


@one_transaction
def _tell_together(plan: DisruptionPlan, lines: Sequence[PlanLine], *, now: datetime) -> int:
    ids = sorted(line.appointment_id for line in lines)
    appointments = {pk: booking.lock(Appointment(pk=pk)) for pk in ids}
    waiting = PlanLine.objects.waiting().filter(pk__in=[line.pk for line in lines]).select_related("caller")
    to_move = affected.to_move().filter(disruption=plan.disruption_id, appointment__in=ids)
    hit = set(to_move.values_list("appointment", flat=True))
    needless: list[PlanLine] = []
    left: list[PlanLine] = []
    for line in waiting.order_by("appointment__starts_at", "pk"):
        line.appointment = appointments[line.appointment_id]
        (left if line.appointment_id in hit else needless).append(line)
    if needless:
        PlanLine.objects.filter(pk__in=[line.pk for line in needless]).update(state=LineState.NEEDLESS)
    if not left:
        return 0
    moves = [(line.appointment, draft_of(plan, line, now=now)) for line in left]
    for line, round_ in zip(left, rounds.open_together(moves, by=_sender(plan), now=now), strict=True):
        state = LineState.CALL if line.caller_id else LineState.SENT
        PlanLine.objects.filter(pk=line.pk).update(state=state, request=round_)
    return 1


def _sender(plan: DisruptionPlan) -> Actor:
    return actors.staff(plan.asked_by) if plan.asked_by else actors.SYSTEM


@one_transaction
def _finish(plan: DisruptionPlan, *, now: datetime) -> None:
    plan = _locked(plan)
    if plan.state == PlanState.SENDING and not plan.lines.waiting().exists():
        plan.state, plan.ended_at = PlanState.SENT, now
        _keep(plan)


def _needs_a_second(told: int) -> bool:
    most = Business.current().approve_above
    return most is not None and told > most


def _leaves(now: datetime) -> datetime:
    return now + timedelta(seconds=Business.current().undo_seconds)


def _locked(plan: DisruptionPlan) -> DisruptionPlan:
    found: DisruptionPlan = (
        DisruptionPlan.objects.select_for_update(no_key=True, of=("self",)).for_display().get(pk=plan.pk)
    )
    return found


def _keep(plan: DisruptionPlan) -> None:
    """Writes how far it has come, and counts its version on."""
    fields = ["state", "send_at", "ended_at", "asked_by", "approved_by"]
    plan.save(update_fields=fields)
    DisruptionPlan.objects.filter(pk=plan.pk).update(version=F("version") + 1)
