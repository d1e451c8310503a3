"""Many at once on a sick day: customers pick while the rest is told, colleagues enter, send and stop the same."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from appointments.domain import actors
from appointments.domain.disruptions import declare, sending
from appointments.domain.disruptions.declare import Entry
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers, offers
from appointments.enums import LineState, OfferState, PlanState
from appointments.errors import DomainError, SlotTaken
from appointments.models import Disruption, DisruptionPlan, Offer, RescheduleRequest
from notifications.models import Message
from tests.appointments.domain.disruptions.world import away, booked_on_tuesday, planned
from tests.clock import NOW, minutes
from tests.factories import clinic
from tests.reliability import invariants, invariants_of_plans
from tests.reliability.acts_of_plans import quick_planner, send_some
from tests.reliability.sick_days import practice, some_are_away
from tests.reliability.site import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PICKERS, SENDERS, FIRST_TOLD = 60, 2, 60
NOW_SENT, PICKED = NOW + minutes(1), NOW + minutes(2)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them came to: its result, or the refusal."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    return all_at_once(run, acts)


def contested(count: int) -> list[Offer]:
    """So many open offers; those most wanted first, and no two times among them that touch one another."""
    live = Offer.objects.filter(guaranteed=False, state=OfferState.LIVE).prefetch_related("resources").order_by("pk")
    by_time: dict[Any, list[Offer]] = {}
    for offer in live:
        by_time.setdefault((*offer.when_and_whom, offer.ends_at), []).append(offer)
    rows: list[Offer] = []
    spans: list[tuple[Any, Any, set[int]]] = []
    for wanted in sorted(by_time.values(), key=lambda those: (-len(those), those[0].pk)):
        one = wanted[0]
        ids = {resource.pk for other in wanted for resource in other.resources.all()}
        if any(start < one.ends_at and one.starts_at < end and ids & taken for start, end, taken in spans):
            continue
        spans.append((one.starts_at, one.ends_at, ids))
        rows += [offer for offer in wanted if offer.request_id not in {other.request_id for other in rows}]
    return rows[:count]


@pytest.mark.slow
def test_customers_pick_while_two_processes_tell_the_rest() -> None:
    here = practice(random.Random(3), customers=200)
    with quick_planner():
        plan = plans.make(plans.begin(some_are_away(here, 3, for_days=3), by=here.clinic.staff, now=NOW), now=NOW)
    plan = sending.ask(plan, by=here.clinic.staff, now=NOW)
    send_some(NOW_SENT, FIRST_TOLD)
    picks = contested(PICKERS)
    assert len(picks) == PICKERS
    wanted = {one.when_and_whom for one in picks}

    def pick(offer: Offer) -> Any:
        try:
            return answers.accept(offer, nonce=f"pick-{offer.pk}", now=PICKED)
        except SlotTaken:
            offers.refresh(offer.request, gone=offer, now=PICKED)
            raise

    acts: list[Callable[[], Any]] = [lambda offer=one: pick(offer) for one in picks]  # type: ignore[misc]
    came_to = at_once(*(lambda: sending.send_due(now=PICKED) for _ in range(SENDERS)), *acts)

    told, picked = came_to[:SENDERS], came_to[SENDERS:]
    winners = Counter(one.offer.when_and_whom for one in picked if not isinstance(one, DomainError))
    assert winners == Counter(wanted)
    assert {type(one) for one in picked if isinstance(one, DomainError)} <= {SlotTaken}
    plan.refresh_from_db()
    assert plan.state == PlanState.SENT
    assert set(plan.lines.values_list("state", flat=True)) == {LineState.SENT}
    people = plan.lines.values("appointment__customer").distinct().count()
    assert sum(told) == people - FIRST_TOLD
    openings = Message.objects.filter(kind__in=invariants_of_plans.OPENINGS)
    assert openings.exclude(key__endswith=":again").count() == people  # those of whom one of two had chosen unread
    invariants.check(PICKED)
    invariants_of_plans.check(PICKED)


def test_of_two_colleagues_who_send_a_plan_at_once_one_does() -> None:
    melati = clinic()
    booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)

    came_to = at_once(
        *(lambda who=who: sending.ask(plan, by=who, now=NOW) for who in (melati.staff, melati.manager) * 4)
    )

    (sent,) = (one for one in came_to if isinstance(one, DisruptionPlan))
    plan.refresh_from_db()
    assert (plan.state, plan.asked_by) == (PlanState.COUNTDOWN, sent.asked_by)
    assert sending.send_due(now=NOW_SENT) == 2
    assert Message.objects.count() == 2


def test_a_plan_that_is_stopped_while_its_countdown_ends_is_stopped_or_sent() -> None:
    melati = clinic()
    booked_on_tuesday(melati, 9, 10, 11)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)
    assert plan.send_at is not None
    last = plan.send_at - minutes(0.01)

    def stop() -> bool:
        return sending.stop(plan, now=last)

    def send() -> int:
        return sending.send_due(now=last + minutes(1))

    stopped, *told = at_once(stop, send, send)

    plan.refresh_from_db()
    assert (plan.state, sum(told)) == ((PlanState.DRAFT, 0) if stopped else (PlanState.SENT, 3))
    assert RescheduleRequest.objects.count() == sum(told)
    invariants_of_plans.check(NOW_SENT)


def test_what_several_enter_and_plan_at_once_is_one_disruption_with_one_plan() -> None:
    melati = clinic()
    hit = booked_on_tuesday(melati, 9, 10)
    entry = Entry(away(melati), melati.reason)

    def enter() -> bool:
        disruption, is_new = declare.declare(entry, by=actors.staff(melati.staff), now=NOW)
        plan = plans.begin(disruption, by=melati.staff, now=NOW)
        plans.make(plan, now=NOW, seconds=0)
        return is_new

    came_to = at_once(*[enter] * 4)

    assert Counter(one for one in came_to if isinstance(one, bool))[True] == 1
    assert [one for one in came_to if isinstance(one, DomainError)] == []
    assert (Disruption.objects.count(), DisruptionPlan.objects.count()) == (1, 1)
    assert [line.appointment for line in DisruptionPlan.objects.get().lines.all()] == hit


def test_two_sweeps_at_once_tell_each_customer_once() -> None:
    melati = clinic(rooms=2)
    booked_on_tuesday(melati, 9, 10, 11, 12, 13, 14)
    plan = sending.ask(planned(melati), by=melati.staff, now=NOW)

    told = at_once(*[lambda: sending.send_due(now=NOW_SENT)] * 4)

    assert sum(told) == 6
    assert set(plan.lines.values_list("state", flat=True)) == {LineState.SENT}
    assert Message.objects.count() == 6
    invariants_of_plans.check(NOW_SENT)
