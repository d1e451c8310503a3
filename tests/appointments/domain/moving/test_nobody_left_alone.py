"""What could leave a customer alone or tell them something untrue, each as it was once possible."""

from datetime import datetime
from typing import Any

import pytest

from appointments.domain import watchdog
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import (
    answers,
)
from appointments.domain.schedule.slots import Wishes
from appointments.models import (
    Promise,
)
from tests.clock import NOW, hours
from tests.factories import (
    Clinic,
)

pytestmark = pytest.mark.django_db


def limbo(now: datetime = NOW) -> int:
    return in_limbo(now).count()


@pytest.mark.parametrize("answer", ["other_times", "call_me", "tell"])
def test_a_colleague_who_left_leaves_nobody_behind(melati: Clinic, answer: str) -> None:
    round_ = melati.offered(melati.booked())
    melati.staff.is_active = False
    melati.staff.save()
    watchdog.watch(now=NOW)
    give: dict[str, Any] = {"nonce": "n", "now": NOW}
    if answer == "other_times":
        answers.ask_other_times(round_, wishes=Wishes(parts=frozenset({"afternoon"})), **give)
    elif answer == "call_me":
        answers.call_me(round_, **give)
    else:
        answers.tell(round_, words="Hello", **give)
    assert all(promise.owner.is_active for promise in Promise.objects.open())
    assert limbo(NOW + hours(3)) == 0
