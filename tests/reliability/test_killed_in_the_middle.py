"""A process killed in the middle of a move leaves the old time or the new one: never both, never neither."""

import signal
import subprocess
import sys

import pytest
from django.utils import timezone

from appointments.domain.moving import answers
from appointments.enums import RequestState
from appointments.models import Answer, AppointmentEvent, Occupancy, RescheduleRequest
from notifications.models import Message
from tests.factories import clinic
from tests.reliability import invariants
from tests.reliability.mover import __file__ as program
from tests.reliability.site import ROOT
from tests.reliability.test_same_again import opened

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash, pytest.mark.slow]

KILLS = 9


def run(environment: dict[str, str], *, lines: int, round_: RescheduleRequest) -> subprocess.CompletedProcess[str]:
    offer = round_.offers.get(position=2)
    return subprocess.run(
        [sys.executable, program, str(lines), str(offer.pk)],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def state_of(round_: RescheduleRequest) -> dict[str, object]:
    """What is there of a move: all of it or nothing of it."""
    round_ = RescheduleRequest.objects.select_related("appointment").get(pk=round_.pk)
    appointment = round_.appointment
    rows = Occupancy.objects.filter(appointment=appointment, request__isnull=True)
    return {
        "at": appointment.starts_at,
        "sequence": appointment.sequence,
        "occupies": {row.starts_at for row in rows},
        "round": round_.state,
        "held": round_.holds.exists(),
        "moves": AppointmentEvent.objects.filter(appointment=appointment, kind="moved").count(),
        "answers": Answer.objects.filter(request=round_).count(),
        "confirmations": Message.objects.filter(kind="confirmation", about=appointment.about).count(),
    }


def test_wherever_a_move_is_cut_off_it_has_happened_wholly_or_not_at_all(child_environment: dict[str, str]) -> None:
    world = clinic(rooms=2)
    rehearsal = opened(world)
    done = run(child_environment, lines=0, round_=rehearsal)
    assert done.returncode == 0, done.stderr
    whole = count_lines(child_environment, world_round=opened(world))
    assert whole > 300

    round_ = opened(world)
    before = state_of(round_)
    for kill in range(1, KILLS + 1):
        died = run(child_environment, lines=kill * whole // (KILLS + 1), round_=round_)
        assert died.returncode == -signal.SIGKILL, died.stderr
        assert state_of(round_) == before
        invariants.check(timezone.now())

    assert run(child_environment, lines=0, round_=round_).returncode == 0
    wanted = round_.offers.get(position=2).starts_at
    assert state_of(round_) == {
        "at": wanted,
        "sequence": 1,
        "occupies": {wanted},
        "round": RequestState.ACCEPTED,
        "held": False,
        "moves": 1,
        "answers": 1,
        "confirmations": 1,
    }
    after = state_of(round_)
    answers.accept(round_.offers.get(position=2), nonce="tap again", now=timezone.now())
    assert state_of(round_) == after
    invariants.check(timezone.now())


def count_lines(environment: dict[str, str], *, world_round: RescheduleRequest) -> int:
    """How many lines one whole move runs through."""
    done = run(environment, lines=10**9, round_=world_round)
    assert done.returncode == 0, done.stderr
    return 10**9 + int(done.stdout.split()[-1])
