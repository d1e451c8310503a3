"""The list of all disruptions: what needs somebody stands first, and each says what to do with it."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions import closing
from appointments.domain.disruptions.planning import plans
from appointments.domain.moving import answers
from appointments.domain.pages.disruptions import Entry, Listed, NextStep, Numbers, listed, live_plans
from appointments.enums import DisruptionScope, DisruptionState, PlanState
from appointments.models import Disruption, DisruptionPlan
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, letters_have_left
from tests.factories.disruptions import booked_in_a_row, provider_away

OVER = at("2026-11-24 23:59")
"""When the disruption of these stories has passed."""


def shown(now: datetime = NOW) -> Listed:
    of_many = Disruption.objects.exclude(scope=DisruptionScope.APPOINTMENT)
    return listed(of_many.for_display().with_state(), now=now)


def only(now: datetime = NOW) -> Entry:
    (entry,) = (*shown(now).current, *shown(now).past)
    return entry


def close(world: Clinic, disruption: Disruption, *, now: datetime = NOW) -> None:
    closing.close(disruption, lessons="", by=world.staff, now=now)


def test_each_number_counts_what_it_says(melati: Clinic) -> None:
    chose, kept, cancelled, choosing, _waits, told = booked_in_a_row(melati, 6)
    provider_away(melati)
    by = actors.staff(melati.staff)
    answers.accept(melati.offered(chose).offers.get(position=1), nonce="p", now=NOW)
    affected.keep(kept, by=by, now=NOW)
    booking.cancel(cancelled, by=by, now=NOW)
    melati.offered(choosing, guaranteed=False)
    melati.offered(told, guaranteed=False)
    told.requests.update(state="withdrawn", closed_at=NOW + hours(1))
    numbers = only().numbers
    assert numbers == Numbers(hit=6, unsettled=3, to_move=2, untold=1, cancelled=1)
    assert numbers.with_a_time == 2


def test_the_next_step_follows_how_far_it_is(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    assert only().next_step == NextStep.BEGIN
    plan = plans.begin(disruption, by=melati.staff, now=NOW)
    assert only().next_step == NextStep.PLAN
    DisruptionPlan.objects.filter(pk=plan.pk).update(state=PlanState.COUNTDOWN, send_at=NOW)
    assert only().next_step == NextStep.PROGRESS
    DisruptionPlan.objects.filter(pk=plan.pk).update(state=PlanState.SENT, ended_at=NOW)
    round_ = melati.offered(hit)
    letters_have_left()
    assert only().next_step == NextStep.WATCH
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    assert only().next_step == NextStep.CLOSE
    close(melati, disruption)
    assert only().next_step == NextStep.REPORT


def test_a_draft_for_nobody_leads_nowhere(melati: Clinic) -> None:
    plans.begin(provider_away(melati), by=melati.staff, now=NOW)
    assert only().next_step == NextStep.CLOSE


def test_what_is_closed_stays_above_while_it_lasts(melati: Clinic) -> None:
    close(melati, provider_away(melati))
    assert [len(shown(OVER - minutes(1)).current), len(shown(OVER).current), len(shown(OVER).past)] == [1, 0, 1]


def test_nobody_knows_until_when_is_lasting(melati: Clinic) -> None:
    disruption = provider_away(melati)
    close(melati, disruption)
    Disruption.objects.update(ends_at=None)
    assert len(shown(OVER + days(200)).current) == 1
    affected.call_off(disruption, now=OVER)
    assert [len(shown(OVER + days(89)).current), len(shown(OVER + days(89)).past)] == [0, 1]


def test_whoever_was_hit_since_opens_it_again(melati: Clinic) -> None:
    close(melati, provider_away(melati))
    booked_in_a_row(melati, 1)
    provider_away(melati, now=NOW + hours(1))
    assert (only().state, only().next_step, only().is_open) == (DisruptionState.AGAIN, NextStep.BEGIN, True)


@pytest.mark.parametrize("how", ["not closed", "closed", "called off"])
def test_after_ninety_days_it_is_out_of_the_way(melati: Clinic, how: str) -> None:
    disruption = provider_away(melati)
    if how == "closed":
        close(melati, disruption)
    elif how == "called off":
        affected.call_off(disruption, now=OVER)
    latest, current = OVER + days(90), how == "not closed"
    found = shown(latest - minutes(1))
    assert (len(found.current), len(found.past)) == (int(current), int(not current))
    assert shown(latest) == Listed((), ())


def test_it_stays_for_as_long_as_somebody_is_left_in_it(melati: Clinic) -> None:
    booked_in_a_row(melati, 1)
    provider_away(melati)
    assert len(shown(OVER + days(365)).current) == 1


def test_who_knows_nothing_comes_first_then_who_waits_for_a_plan(melati: Clinic) -> None:
    early, later, last = (booked_in_a_row(melati, 1, since=f"2026-11-{day} 08:00")[0] for day in (25, 26, 27))
    untold, told, choosing = (provider_away(melati, day=f"2026-11-{day}") for day in (25, 26, 27))
    nobody = provider_away(melati, day="2026-11-28")
    melati.offered(later, guaranteed=False)
    later.requests.update(state="withdrawn", closed_at=NOW + hours(1))
    melati.offered(last, guaranteed=False)
    assert early.requests.count() == 0
    assert [one.disruption for one in shown().current] == [untold, told, nobody, choosing]


def test_the_live_plans_are_known_by_what_they_are_for(melati: Clinic) -> None:
    planned, other = provider_away(melati), provider_away(melati, day="2026-11-25")
    plans.begin(planned, by=melati.staff, now=NOW)
    plans.drop(plans.begin(other, by=melati.staff, now=NOW), now=NOW)
    assert live_plans([planned, other]) == {planned.pk: PlanState.DRAFT}


def test_many_are_asked_like_one(melati: Clinic, django_assert_num_queries: Any) -> None:
    for count in (1, 29):
        for number in range(count):
            provider_away(melati, day=f"20{26 + count}-12-{number + 1:02}")
        with django_assert_num_queries(4):
            shown()
