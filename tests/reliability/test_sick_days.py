"""Two of five are away for two days, and everything else happens too: nobody stays untold, nobody is told twice.

The chance is seeded, so a failing life can be lived again.
"""

import random

import pytest

from appointments.domain import affected
from appointments.enums import DisruptionScope, LineState, PlanState, PromiseKind
from appointments.models import AffectedAppointment, Disruption, DisruptionPlan, PlanLine, Promise
from tests.reliability import acts_of_plans, invariants, invariants_of_plans
from tests.reliability.acts_of_plans import SickLife, quick_planner, tell_everybody
from tests.reliability.sick_days import practice, some_are_away
from tests.reliability.test_life import everybody_can_see_where_they_stand

pytestmark = pytest.mark.django_db

STEPS, LOOKS, FIRST_SENT = 60, 4, 8
"""So many acts; the slow rules, which look at every row, are asked each so many steps. The first plan is sent early."""


def live(seed: int, *, steps: int) -> SickLife:
    """One life from the morning on which two are away, with every rule asked on the way."""
    chance = random.Random(seed)
    here = practice(chance)
    some_are_away(here)
    life = SickLife(here.clinic, chance, practice=here, acts=acts_of_plans.ACTS)
    acts_of_plans.a_colleague_plans(life)
    told: list[str] = []
    for step in range(steps):
        told.append(f"{life.now:%d %H:%M} {life.step(acts_of_plans.a_colleague_sends if step == FIRST_SENT else None)}")
        try:
            invariants_of_plans.check(life.now)
            if step % LOOKS == 0:
                invariants.check(life.now)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, after {told[-8:]}: {error}") from error
    return life


def settle(life: SickLife) -> None:
    """The evening: whoever is still hit is told, or somebody owes them a call."""
    tell_everybody(life)
    invariants.check(life.now)
    invariants_of_plans.check(life.now)
    everybody_can_see_where_they_stand(life)
    owed = set(Promise.objects.open().exclude(kind=PromiseKind.HOLD).values_list("appointment", flat=True))
    assert set(affected.unreached().values_list("appointment", flat=True)) <= owed
    left = affected.untold().exclude(disruption__scope=DisruptionScope.APPOINTMENT)
    left = left.exclude(pk__in=affected.unreached().values("pk"))
    ahead = left.filter(appointment__ends_at__gt=life.now)
    faults = PlanLine.objects.filter(appointment__in=ahead.values("appointment"), state=LineState.FAILED)
    assert [str(row) for row in ahead] == [], list(faults.values_list("fault", flat=True))
    assert not DisruptionPlan.objects.filter(state__in=(PlanState.COUNTDOWN, PlanState.SENDING)).exists()


@pytest.mark.parametrize(
    "seed", [pytest.param(1, marks=pytest.mark.postgres_only), pytest.param(2, marks=pytest.mark.sqlite_only)]
)
def test_whatever_happens_on_sick_days_everybody_is_told_once(seed: int) -> None:
    with quick_planner():
        life = live(seed, steps=STEPS)
        settle(life)
    assert AffectedAppointment.objects.count() > 40
    assert PlanLine.objects.filter(state=LineState.SENT).count() > 10, life.happened
    assert Disruption.objects.exclude(scope=DisruptionScope.APPOINTMENT).count() > 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(10, marks=pytest.mark.postgres_only),
        pytest.param(11, marks=pytest.mark.sqlite_only),
        pytest.param(12, marks=pytest.mark.postgres_only),
    ],
)
def test_longer_lives_with_other_chances(seed: int) -> None:
    with quick_planner():
        settle(live(seed, steps=3 * STEPS))
