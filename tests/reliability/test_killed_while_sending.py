"""A process killed while it sends a plan leaves each customer told or not: never half, and never twice by the next."""

import random
import signal
import subprocess
import sys
from datetime import datetime

import pytest

from appointments.domain import affected
from appointments.domain.disruptions import sending
from appointments.domain.disruptions.planning import plans
from appointments.enums import LineState, PlanState
from appointments.models import DisruptionPlan, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, minutes
from tests.reliability import invariants, invariants_of_plans
from tests.reliability.acts_of_plans import quick_planner
from tests.reliability.sender import __file__ as program
from tests.reliability.sick_days import practice, some_are_away
from tests.reliability.site import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash, pytest.mark.slow]

MOST_KILLS, ALL = 40, 10**6
AT_MOST_A_TIME = 4.0
"""So many customers a process tells at most before it dies."""


def run(environment: dict[str, str], *, lines: int, now: datetime, customers: int = ALL) -> tuple[int, str]:
    """How the process ended, and what it said."""
    done = subprocess.run(
        [sys.executable, program, str(lines), now.isoformat(), str(customers)],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, done.stdout


def told(plan: DisruptionPlan) -> dict[int, int | None]:
    """By the appointment: the round of whom it has been told."""
    return dict(plan.lines.exclude(state=LineState.PLANNED).values_list("appointment", "request"))


@pytest.mark.parametrize("seed", [5])
def test_whoever_comes_next_goes_on_where_the_last_one_was_killed(child_environment: dict[str, str], seed: int) -> None:
    chance = random.Random(seed)
    here = practice(chance, customers=40, with_two=20)
    with quick_planner():
        plan = plans.make(plans.begin(some_are_away(here), by=here.clinic.staff, now=NOW), now=NOW)
    plan, now = sending.ask(plan, by=here.clinic.staff, now=NOW), NOW + minutes(1)
    _ended, said = run(child_environment, lines=ALL, now=now, customers=1)
    people, left = map(int, said.split())
    assert people == 1

    kills, before = 0, told(plan)
    for _turn in range(MOST_KILLS):
        ended, _said = run(child_environment, lines=int(chance.uniform(1, AT_MOST_A_TIME * (ALL - left))), now=now)
        kills += ended != 0
        after = told(plan)
        assert after.items() >= before.items()
        invariants.check(now)
        invariants_of_plans.check(now)
        before = after
        if ended == 0:
            break
    assert kills >= 3, "too tame"

    plan.refresh_from_db()
    assert plan.state == PlanState.SENT
    assert set(plan.lines.values_list("state", flat=True)) == {LineState.SENT}
    assert RescheduleRequest.objects.count() == plan.lines.count()
    customers = set(plan.lines.values_list("appointment__customer", flat=True))
    assert Message.objects.count() == len(customers) < plan.lines.count()
    assert affected.counts()["to_move"] == 0
    # Only whom a colleague phones is still to be told.
    by_phone = {f"customer:{pk}" for pk in affected.untold().values_list("appointment__customer", flat=True)}
    assert by_phone == set(Message.objects.filter(channel="call").values_list("to_ref", flat=True))
