"""What each customer of a plan is offered when it leaves, as a single move would offer it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from appointments.domain import booking, promises
from appointments.domain.disruptions.planning import placing
from appointments.domain.moving import drafts
from appointments.domain.moving.drafts import FEWEST, LONGEST_TO_LOOK, MOST, TOO_SHORT, ChosenOffer, Draft
from appointments.domain.schedule.outages import Outage, said_at
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.waking import soonest_hour
from appointments.enums import Why
from appointments.errors import DomainError
from appointments.models import Appointment, DisruptionPlan, Occupancy, PlanLine


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
