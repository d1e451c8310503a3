"""What the planner is asked: rows of the database as whole minutes, and its answers as times on the timeline again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from appointments.domain.disruptions import inconvenience
from appointments.domain.disruptions.planner.plan import Placement
from appointments.domain.disruptions.planner.problem import NOBODY, Job, Kind, Present, Problem
from appointments.domain.moving.drafts import answerable_by
from appointments.domain.schedule import many
from appointments.domain.schedule.many import Wanted, Ways, spare
from appointments.domain.schedule.slots import Slot
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.wallclock import (
    DAY,
    WallClock,
    day_span,
    midnight,
    minute_from,
    minute_of,
    moment_of,
)
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import AnswerKind, AppointmentState
from appointments.models import Answer, Appointment, DisruptionPlan, Occupancy, Offer, PlanLine

EARLIEST_OUTSIDE, LATEST_OUTSIDE = 7 * 60, 20 * 60
"""Minutes of the day between which a time may lie that is outside the open hours."""


@dataclass(frozen=True)
class Limits:
    """What a plan has to keep to, as a colleague has set it. `stand_ins`: who may take over; empty: whoever can."""

    window_days: int
    same_person: bool = False
    outside_hours: bool = False
    keep_free: int = 0
    stand_ins: frozenset[int] = frozenset()

    def own(self, appointment: Appointment) -> int | None:
        """Whose appointment it is, where that decides who may take it over."""
        return appointment.provider_id if self.stand_ins else None

    def may_lead(self, own: int | None) -> frozenset[int] | None:
        """Who may take over what is `own`'s now; None: whoever can."""
        if not self.stand_ins:
            return None
        return self.stand_ins | {NOBODY if own is None else own}

    @classmethod
    def of(cls, plan: DisruptionPlan) -> "Limits":
        return cls(
            window_days=plan.window_days,
            same_person=plan.same_person or not plan.disruption.may_stand_in,
            outside_hours=plan.outside_hours,
            keep_free=plan.keep_free,
            stand_ins=frozenset(one.pk for one in plan.stand_ins.all()),
        )


def problem_of(
    appointments: Sequence[Appointment], limits: Limits, *, now: datetime, most_days: int | None = None
) -> Problem:
    """How all of `appointments` (each with its customer, service and location) can be moved.

    `most_days`: as if there were so many days; `within` narrows it again. Read in a number of queries that depends on
    the number of places only.
    """
    windows = {one.pk: _window(one, most_days or limits.window_days, now) for one in appointments}
    window = Span(min(one.start for one in windows.values()), max(one.end for one in windows.values()))
    wanted = {one.pk: Wanted(one.service, one.location, _minutes(one)) for one in appointments}
    moved = [one.pk for one in appointments]
    outside = Span(EARLIEST_OUTSIDE, LATEST_OUTSIDE) if limits.outside_hours else None
    ways = many.ways_for_many(set(wanted.values()), window=window, now=now, ignoring=moved, outside=outside)
    about = _about(appointments, window, now)
    order: dict[tuple[Wanted, int | None], int] = {}
    for one in appointments:
        order.setdefault((wanted[one.pk], limits.own(one)), len(order))
    kinds = [_kind(one, ways[one], limits.may_lead(own)) for one, own in order]
    jobs = [_job(one, order[wanted[one.pk], limits.own(one)], windows[one.pk], limits, about) for one in appointments]
    resources = sorted({int(pk) for found in ways.values() for pk in set(found.resources.ravel().tolist())})
    return Problem(
        kinds=tuple(kinds),
        jobs=tuple(jobs),
        present=(*_present(moved), *_about_to_be_promised(window)),
        most=_most(resources, window, moved, now),
        minutes_left=spare.minutes_to_give(resources, window=window, now=now, keep_free=limits.keep_free),
        same_customer=_groups(appointments),
    )


def within(problem: Problem, appointments: Iterable[Appointment], *, days: int, now: datetime) -> Problem:
    """The same with so many days only."""
    latest = {one.pk: _window(one, days, now).end for one in appointments}
    return replace(problem, jobs=tuple(replace(job, latest=min(job.latest, latest[job.key])) for job in problem.jobs))


def slot_of(placement: Placement, appointment: Appointment) -> Slot:
    """The time that the planner found, as the timeline needs it."""
    starts_at = moment_of(placement.start)
    return Slot(
        starts_at,
        starts_at + appointment.duration,
        placement.leader if placement.leader != NOBODY else None,
        tuple(sorted(placement.resources)),
        placement.outside,
    )


def placement_of(slot: Slot) -> Placement:
    """The other way round, for what stands in a plan already."""
    leader = NOBODY if slot.provider_id is None else slot.provider_id
    return Placement(minute_of(slot.starts_at), leader, tuple(sorted(slot.resource_ids)), slot.outside_hours)


@dataclass(frozen=True)
class _About:
    """What has to be known of customers, by appointment or by customer."""

    wishes: Mapping[int, Wishes]
    refused: Mapping[int, frozenset[tuple[int, int]]]
    busy: Mapping[int, tuple[Span[int], ...]]
    costs: Mapping[int, float]


def _about(appointments: Sequence[Appointment], window: Span[int], now: datetime) -> _About:
    customers = {one.customer_id for one in appointments}
    return _About(
        wishes=_wishes(appointments),
        refused=_refused(appointments),
        busy=_busy(appointments, customers, window),
        costs=inconvenience.of_customers(customers, now=now),
    )


def _job(appointment: Appointment, kind: int, window: Span[int], limits: Limits, about: _About) -> Job:
    start = minute_of(appointment.starts_at)
    leader = NOBODY if appointment.provider_id is None else appointment.provider_id
    return Job(
        key=appointment.pk,
        kind=kind,
        start=start,
        wall=WallClock(appointment.location.tzinfo, Span(start, start + 1)).wall(start),
        leader=leader,
        priority=inconvenience.weight(about.costs.get(appointment.customer_id, 0.0)),
        earliest=window.start,
        latest=window.end,
        same_person=limits.same_person and leader != NOBODY,
        wishes=about.wishes.get(appointment.pk),
        refused=about.refused.get(appointment.pk, frozenset()) | {(start, leader)},
        busy=about.busy.get(appointment.customer_id, ()),
    )


def _kind(wanted: Wanted, ways: Ways, leaders: frozenset[int] | None) -> Kind:
    kept = slice(None) if leaders is None else np.isin(ways.leaders, list(leaders))
    service = wanted.service
    return Kind(
        before=service.buffer_before,
        minutes=wanted.minutes,
        after=service.buffer_after,
        starts=ways.starts[kept],
        walls=ways.walls[kept],
        leaders=ways.leaders[kept],
        resources=ways.resources[kept],
        outside=ways.outside[kept],
    )


def _window(appointment: Appointment, days: int, now: datetime) -> Span[int]:
    """From when its customer has had the time to answer, and the service's notice is over, until the last day."""
    zone, service = appointment.location.tzinfo, appointment.service
    soonest = max(now + timedelta(minutes=service.notice_minutes), answerable_by(now, zone))
    last_day = (appointment.starts_at + timedelta(days=days)).astimezone(zone).date()
    latest = min(day_span(last_day, zone).end, now + timedelta(days=service.horizon_days))
    return Span(minute_from(soonest), max(minute_of(latest), minute_from(soonest)))


def _minutes(appointment: Appointment) -> int:
    return -(-appointment.duration // timedelta(minutes=1))


def _wishes(appointments: Iterable[Appointment]) -> dict[int, Wishes]:
    """What each customer asked for last; who asked for nothing in particular is missing."""
    asked = Answer.objects.filter(request__appointment__in=appointments, kind=AnswerKind.OTHER_TIMES)
    newest = dict(asked.order_by("at", "pk").values_list("request__appointment", "wishes"))
    read = {pk: Wishes.from_json(stored or {}) for pk, stored in newest.items()}
    return {pk: wishes for pk, wishes in read.items() if not wishes.is_empty}


def _refused(appointments: Iterable[Appointment]) -> dict[int, frozenset[tuple[int, int]]]:
    """The times that each customer has seen and asked for others instead."""
    answered = Answer.objects.filter(request__appointment__in=appointments, kind=AnswerKind.OTHER_TIMES)
    rows = Offer.objects.filter(request__in=answered.values("request"))
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for pk, starts_at, provider in rows.values_list("request__appointment", "starts_at", "provider"):
        found[pk].add((minute_of(starts_at), NOBODY if provider is None else provider))
    return {pk: frozenset(times) for pk, times in found.items()}


def _busy(
    appointments: Iterable[Appointment], customers: Collection[int], window: Span[int]
) -> dict[int, tuple[Span[int], ...]]:
    """What else each customer has with us; that of the plan itself is kept apart by `same_customer`."""
    others = Appointment.objects.filter(state=AppointmentState.BOOKED, customer__in=customers)
    others = others.overlapping(moment_of(window.start), moment_of(window.end))
    found: dict[int, list[Span[int]]] = defaultdict(list)
    rows = others.exclude(pk__in=[one.pk for one in appointments])
    for customer, starts_at, ends_at in rows.values_list("customer", "starts_at", "ends_at"):
        found[customer].append(Span(minute_of(starts_at), minute_from(ends_at)))
    return {customer: tuple(spans) for customer, spans in found.items()}


def _present(moved: Collection[int]) -> tuple[Present, ...]:
    """What they occupy until they have moved: nobody else can be put there."""
    rows = Occupancy.objects.filter(appointment__in=moved, request__isnull=True)
    facts = rows.order_by("pk").values_list("appointment", "resource", "starts_at", "ends_at")
    return tuple(Present(key, resource, minute_of(start), minute_from(end)) for key, resource, start, end in facts)


def _about_to_be_promised(window: Span[int]) -> Iterator[Present]:
    """What another plan that is on its way gives to others: held only when each of them is told, and theirs already."""
    since, until = moment_of(window.start), moment_of(window.end)
    near = PlanLine.objects.about_to_be_told().filter(starts_at__lt=until, ends_at__gt=since)
    for line in near.select_related("appointment__service").order_by("pk"):
        if line.occupied:
            start, end = line.occupied
            span = minute_of(start), minute_from(end)
            yield from (Present(line.appointment_id, resource, *span) for resource in line.resource_ids)


def _most(
    resources: Collection[int], window: Span[int], moved: Collection[int], now: datetime
) -> dict[tuple[int, int], int]:
    """How many more each may take on each day, counted as the planner counts days."""
    left = many.limits_left(resources, window=window, now=now, ignoring=moved)
    return {(pk, midnight(day) // DAY): count for (pk, day), count in left.items()}


def _groups(appointments: Iterable[Appointment]) -> tuple[tuple[int, ...], ...]:
    by_customer: dict[int, list[int]] = defaultdict(list)
    for one in appointments:
        by_customer[one.customer_id].append(one.pk)
    return tuple(tuple(keys) for keys in by_customer.values() if len(keys) > 1)
