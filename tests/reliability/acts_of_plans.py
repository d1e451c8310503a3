"""What colleagues, customers and the clock do while two are away: each act is small, allowed or refused, and seeded."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest import mock

from appointments.domain import actors, overlooked
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import declare, sending
from appointments.domain.disruptions.declare import Entry
from appointments.domain.disruptions.planner.plan import Plan
from appointments.domain.disruptions.planner.problem import Problem
from appointments.domain.disruptions.planning import choices, placing, plans
from appointments.domain.disruptions.planning.plans import Wanted
from appointments.domain.disruptions.planning.questions import Limits
from appointments.enums import DisruptionScope, LineState, PlanState
from appointments.models import Business, Disruption, DisruptionPlan, PlanLine
from notifications import receipts
from notifications.delivery import deliver_due
from notifications.enums import Channel, MessageState
from notifications.models import Message
from tests.clock import hours, minutes
from tests.reliability import test_life
from tests.reliability.sick_days import Practice
from tests.reliability.test_life import Act, Life

LEAVE_AT_ONCE = 12
MOST_DISRUPTIONS = 5


@dataclass
class SickLife(Life):
    """The life of a practice in which something is always missing."""

    practice: Practice = field(kw_only=True)

    def disruption(self) -> Disruption | None:
        return _one_of(self.chance, Disruption.objects.in_force().exclude(scope=DisruptionScope.APPOINTMENT))

    def plan(self, *states: PlanState) -> DisruptionPlan | None:
        found = DisruptionPlan.objects.for_display().prefetch_related("stand_ins").filter(state__in=states)
        return _one_of(self.chance, found)

    def line(self, plan: DisruptionPlan) -> PlanLine | None:
        return _one_of(self.chance, plan.lines.for_display())


def _one_of(chance: random.Random, rows: Any) -> Any:
    found = list(rows.order_by("pk"))
    return chance.choice(found) if found else None


@contextmanager
def quick_planner() -> Iterator[None]:
    """The first plan that comes to mind, so that a life takes seconds: what is true of it is true of a better one."""
    at_once = partial(_at_once, placing.best_plan)
    with mock.patch.object(placing, "best_plan", at_once):
        yield


def _at_once(plan: Callable[..., Plan], problem: Problem, **options: Any) -> Plan:
    return plan(problem, **options | {"seconds": 0})


def send_some(now: datetime, customers: int) -> int:
    """The sweep, ended by its time after so many customers."""
    clock = count()
    with mock.patch.object(sending, "time", SimpleNamespace(monotonic=lambda: next(clock))):
        return sending.send_due(now=now, seconds=customers)


ACTS: list[Act] = []


def often(times: int) -> Callable[[Act], Act]:
    def add(act: Act) -> Act:
        ACTS.extend([act] * times)
        return act

    return add


@often(3)
def a_colleague_plans(life: SickLife) -> None:
    if disruption := life.disruption():
        plan = plans.begin(disruption, by=life.colleague(), now=life.now)
        plans.make(plan, now=life.now, anew=life.chance.random() < 0.3)


@often(4)
def a_colleague_adjusts(life: SickLife) -> None:
    plan = life.plan(PlanState.DRAFT)
    line = life.line(plan) if plan else None
    if plan is None or line is None:
        return
    key, chance = line.appointment_id, life.chance
    ways: list[Callable[[], object]] = [
        lambda: plans.pin(plan, key, pinned=chance.random() < 0.7),
        lambda: plans.leave_to(plan, key, chance.choice([None, life.colleague(), life.colleague()])),
        lambda: plans.write(plan, key, "It was a hard week for you."),
        lambda: [plans.place(plan, key, one.slot, now=life.now) for one in choices.of(line, now=life.now)[-1:]],
    ]
    chance.choice(ways)()


@often(2)
def a_colleague_sets_other_limits(life: SickLife) -> None:
    if plan := life.plan(PlanState.DRAFT):
        chance = life.chance
        limits = Limits(
            window_days=chance.choice([1, 2, 7, 14]),
            same_person=chance.random() < 0.2,
            outside_hours=chance.random() < 0.3,
            keep_free=chance.choice([0, 0, 30]),
        )
        wanted = Wanted(chance.choice([life.world.reason, life.world.reason, None]), life.colleague(), limits)
        plans.change(plan, wanted, now=life.now)


@often(4)
def a_colleague_sends(life: SickLife) -> None:
    if plan := life.plan(PlanState.DRAFT):
        sending.ask(plan, by=life.colleague(), now=life.now)


@often(2)
def a_second_one_agrees(life: SickLife) -> None:
    if plan := life.plan(PlanState.APPROVAL):
        sending.approve(plan, by=life.colleague(), now=life.now)


@often(1)
def somebody_stops_it(life: SickLife) -> None:
    if plan := life.plan(PlanState.APPROVAL, PlanState.COUNTDOWN, PlanState.SENDING):
        sending.stop(plan, now=life.now)


@often(1)
def what_failed_is_tried_again(life: SickLife) -> None:
    if plan := life.plan(PlanState.SENDING, PlanState.SENT):
        sending.try_again(plan, now=life.now)


@often(1)
def two_have_to_agree(life: SickLife) -> None:
    Business.objects.update(approve_above=life.chance.choice([None, 3]))


@often(3)
def some_are_told(life: SickLife) -> None:
    send_some(life.now, life.chance.choice([-1, 1, 5, LEAVE_AT_ONCE]))


@often(2)
def a_minute_passes(life: SickLife) -> None:
    life.now += minutes(1)


@often(2)
def hours_pass_and_everything_rings(life: SickLife) -> None:
    life.now += life.chance.choice([hours(0.5), hours(2), hours(5)])
    test_life.the_clock_rings(life)
    overlooked.look_again(now=life.now)


@often(3)
def something_else_is_missing(life: SickLife) -> None:
    """Now and then; most of it lies across what is missing already."""
    if Disruption.objects.exclude(scope=DisruptionScope.APPOINTMENT).count() >= MOST_DISRUPTIONS:
        return
    chance, here = life.chance, life.practice
    starts = life.now + hours(chance.choice([3, 20, 27, 44]))
    is_place = chance.random() < 0.15
    missing = WhatIsMissing(
        DisruptionScope.PLACE if is_place else DisruptionScope.RESOURCES,
        life.world.location,
        starts,
        None if chance.random() < 0.1 else starts + hours(chance.choice([3, 9, 30])),
        () if is_place else (chance.choice([*here.providers, *here.rooms]).pk,),
    )
    news = life.now + hours(chance.choice([0.05, 4, 14, 400])) if missing.ends_at is None else None
    entry = Entry(missing, life.world.reason, may_stand_in=chance.random() < 0.7, next_news_at=news)
    declare.declare(entry, by=actors.staff(life.colleague()), now=life.now)


@often(1)
def it_lasts_longer(life: SickLife) -> None:
    _ends(life, hours(life.chance.choice([6, 24])))


@often(1)
def it_is_over_sooner(life: SickLife) -> None:
    _ends(life, -hours(life.chance.choice([4, 24])))


def _ends(life: SickLife, later: timedelta) -> None:
    if (found := life.disruption()) and found.ends_at is not None:
        ends_at = found.ends_at + later
        by = actors.staff(life.colleague())
        declare.change_end(found, ends_at=ends_at, next_news_at=None, by=by, now=life.now)


def it_was_a_false_alarm(life: SickLife) -> None:
    if found := life.disruption():
        declare.false_alarm(found, by=actors.staff(life.colleague()), now=life.now)


@often(2)
def letters_leave(life: SickLife) -> None:
    deliver_due(now_fn=lambda: life.now, limit=LEAVE_AT_ONCE)


@often(1)
def a_letter_comes_back(life: SickLife) -> None:
    sent = Message.objects.filter(state=MessageState.SENT, channel=Channel.EMAIL)
    if message := _one_of(life.chance, sent):
        receipts.bounced(message, why="550 no such mailbox", now=life.now)


for _act, _times in (
    (it_was_a_false_alarm, 1),
    (test_life.customer_picks, 8),
    (test_life.customer_asks_for_other_times, 2),
    (test_life.customer_says_something, 2),
    (test_life.customer_keeps, 1),
    (test_life.customer_cancels, 2),
    (test_life.staff_offer_times, 1),
    (test_life.staff_tell_without_times, 1),
    (test_life.staff_undo, 1),
    (test_life.staff_withdraw, 1),
    (test_life.staff_move, 1),
    (test_life.staff_call_off, 1),
    (test_life.staff_phone, 3),
    (test_life.somebody_books, 1),
):
    often(_times)(_act)


def tell_everybody(life: SickLife, *, attempts: int = 4) -> None:
    """What colleagues do in the evening: plan for whoever is left, send it, and look who was refused."""
    Business.objects.update(approve_above=None)
    for _attempt in range(attempts):
        for plan in DisruptionPlan.objects.filter(state=PlanState.APPROVAL):
            sending.stop(plan, now=life.now)
        for disruption in Disruption.objects.in_force().exclude(scope=DisruptionScope.APPOINTMENT):
            _plan_and_send(life, disruption)
        life.now += minutes(1)
        sending.send_due(now=life.now)
        life.now += minutes(1)


def _plan_and_send(life: SickLife, disruption: Disruption) -> None:
    plan = plans.begin(disruption, by=life.world.staff, now=life.now)
    if plan.state != PlanState.DRAFT:
        return
    limits = replace(Limits.of(plan), window_days=14, same_person=False)
    plan = plans.change(plan, Wanted(life.world.reason, life.world.staff, limits), now=life.now)
    plan = plans.make(plan, now=life.now, anew=True)
    if plan.lines.filter(state=LineState.PLANNED).exists():
        sending.ask(plan, by=life.world.staff, now=life.now)
