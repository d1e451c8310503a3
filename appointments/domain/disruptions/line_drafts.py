"""What each customer of a plan is offered when it leaves, as a single move would offer it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from appointments.domain import booking, promises
from appointments.domain.disruptions.planning import placing
from appointments.domain.moving import causes, drafts, rounds
from appointments.domain.moving.drafts import FEWEST, LONGEST_TO_LOOK, MOST, TOO_SHORT, ChosenOffer, Draft
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.waking import soonest_hour
from appointments.enums import Why
from appointments.errors import DomainError
from appointments.models import Appointment, DisruptionPlan, Occupancy, PlanLine


class LineDrafts:
    """The drafts of some lines of a plan (as `for_display`), with what is read once for all of them.

    That this is some seconds old when a customer is told does no harm: times that are open to everybody, and what
    cannot take place, are looked at again when a customer sees and chooses them, and the timeline refuses a time that
    is kept.
    """

    def __init__(self, plan: DisruptionPlan, lines: Sequence[PlanLine], *, now: datetime) -> None:
        self._plan, self._now = plan, now
        self._open = {line.pk: [one for one in placing.others_of(line) if one.starts_at > now] for line in lines}
        slots = [slot for line in lines for slot in _slots(line, self._open[line.pk])]
        last = max((one.ends_at for one in slots), default=now)
        self.known = rounds.Known(causes.Written([line.appointment for line in lines], now, last))
        self.known.resources(one.provider_id for one in slots if one.provider_id)
        self._taken = _Taken(lines, self._open, now=now)

    def of(self, line: PlanLine) -> Draft:
        """What this customer is offered. Raises `DomainError` while the plan has no reason."""
        plan = self._plan
        if plan.reason is None:
            raise DomainError(_("Choose the reason: the customers are told it."))
        offers = self._offers(line)
        return Draft(
            reason=plan.reason,
            offers=tuple(offers),
            respond_by=self._respond_by(line.appointment, [one.slot.starts_at for one in offers]),
            contact=promises.stand_in_for(line.caller or plan.contact),
            personal_note=line.personal_note or plan.personal_note,
            nonce=f"plan:{plan.pk}:{line.appointment_id}",
            without_times=not offers,
            disruption=plan.disruption,
            in_bulk=True,
            by_phone=line.caller_id is not None,
        )

    def was_told(self, lines: Sequence[PlanLine]) -> None:
        """What these keep is nobody else's any more."""
        for line in lines:
            self._taken.add(line)

    def _respond_by(self, appointment: Appointment, starts: Sequence[datetime]) -> datetime:
        if not starts:
            return _news_by(self._plan, appointment, now=self._now)
        return drafts.proposed_respond_by(appointment, starts, now=self._now, business=self.known.business)

    def _offers(self, line: PlanLine) -> list[ChosenOffer]:
        """The kept time and the open ones, each with its true line; where that is no choice, more are looked for."""
        kept, appointment = placing.slot_of(line), line.appointment
        slots = [*([kept] if kept else []), *self._still_open(line)][:MOST]
        known = {slot.when_and_whom for slot in slots}
        if len(slots) < FEWEST:
            found = drafts.propose(appointment, now=self._now, limit=MOST)
            slots += [one.slot for one in found if one.slot.when_and_whom not in known][: MOST - len(slots)]
        return [ChosenOffer(slot, _why(appointment, slot), guaranteed=slot is kept) for slot in slots]

    def _still_open(self, line: PlanLine) -> list[Slot]:
        """The open times that can be had: others choose, and more is missing, while a plan is made and sent."""
        missing = self.known.outages_for(line.appointment) or ()
        left = [
            slot
            for slot in self._open[line.pk]
            if not self._taken.has(slot, line.appointment)
            and not any(one.takes(slot.resource_ids, Span(slot.starts_at, slot.ends_at)) for one in missing)
        ]
        full = booking.on_full_days(left, line.appointment, most_a_day=self._most_a_day, now=self._now)
        return [slot for slot in left if slot not in full]

    @cached_property
    def _most_a_day(self) -> dict[int, int | None]:
        return {one.pk: one.most_a_day for one in self._plan.disruption.location.resources.all()}


class _Taken:
    """What else lies on the timeline around the open times of `lines`. One query."""

    def __init__(self, lines: Sequence[PlanLine], opened: dict[int, list[Slot]], *, now: datetime) -> None:
        self._rows: dict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
        slots = [
            (slot, booking.occupied_span(line.appointment.service, slot)) for line in lines for slot in opened[line.pk]
        ]
        if not slots:
            return
        first, last = min(span.start for _slot, span in slots), max(span.end for _slot, span in slots)
        around = Occupancy.objects.in_force(now).overlapping(first, last)
        around = around.filter(resource__in={pk for slot, _span in slots for pk in slot.resource_ids})
        for resource, start, end, whose in around.values_list("resource", "starts_at", "ends_at", "appointment"):
            self._rows[resource].append((start, end, whose))

    def has(self, slot: Slot, appointment: Appointment) -> bool:
        """Whether somebody else is there."""
        start, end = booking.occupied_span(appointment.service, slot)
        return any(
            begins < end and ends > start and whose != appointment.pk
            for resource in slot.resource_ids
            for begins, ends, whose in self._rows[resource]
        )

    def add(self, line: PlanLine) -> None:
        """The kept time of a customer who has been told of it."""
        if (kept := placing.slot_of(line)) is not None:
            span = booking.occupied_span(line.appointment.service, kept)
            for resource in kept.resource_ids:
                self._rows[resource].append((span.start, span.end, line.appointment_id))


def _slots(line: PlanLine, opened: Sequence[Slot]) -> list[Slot]:
    kept = placing.slot_of(line)
    return [*opened, kept] if kept else [*opened]


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
