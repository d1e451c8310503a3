"""Clearing away is cut off anywhere and done by several at once: nothing is half gone, and each row is counted once."""

import signal
import subprocess
import sys
from datetime import datetime

import pytest
from django.db import connection

from appointments.domain import actors
from appointments.domain.history import record
from appointments.domain.privacy.purging import purge
from appointments.enums import DataKind, EventKind
from appointments.models import Appointment, AppointmentEvent, Customer, PurgeDay, WordsGone
from notifications.models import Message
from tests.clock import NOW, days
from tests.factories import CustomerFactory, clinic
from tests.factories.privacy import over
from tests.reliability.purger import __file__ as program
from tests.reliability.site import ROOT, all_at_once

LATE = NOW + days(740)
"""Messages and words have had their time, customers have not."""
VERY_LATE = NOW + days(1200)
CUSTOMERS = 4
KILLS = 7


def long_over() -> None:
    """Customers with an appointment each, of which the history and a message say something; all of it is over."""
    here = clinic(rooms=2)
    for number in range(CUSTOMERS):
        customer = CustomerFactory(email=f"customer-{number}@mail.example")
        booked = here.booked(NOW + days(1 + number), customer=customer, note="Comes by bus.")
        here.told(booked)
        record(booked, EventKind.CORRECTED, by=actors.staff(here.staff), now=NOW, note="Phoned twice.")
    over()
    Customer.objects.update(created_at=NOW - days(1))
    Message.objects.update(state="cancelled", secrets={}, mime=None)


def gone(kind: DataKind) -> int:
    return sum(PurgeDay.objects.filter(kind=kind).values_list("gone", flat=True))


def wiped() -> int:
    return Message.objects.filter(to_name="", email="", text="", context={}).count()


def check() -> None:
    """Of everything that went all of it is gone and was counted, and nothing else is."""
    assert wiped() == gone(DataKind.MESSAGES)
    let_go = set(WordsGone.objects.filter(kind="notes").values_list("appointment", flat=True))
    assert len(let_go) == gone(DataKind.NOTES)
    assert WordsGone.objects.filter(kind="words").count() == gone(DataKind.WORDS)
    for appointment in Appointment.objects.all():
        notes = set(AppointmentEvent.objects.filter(appointment=appointment).exclude(note="").values_list("note"))
        assert appointment.note == ("–" if appointment.pk in let_go else "Comes by bus.")
        assert (notes == {("–",)}) == (appointment.pk in let_go)


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_wherever_it_is_cut_off_nothing_is_half_gone(child_environment: dict[str, str]) -> None:
    long_over()

    def run(lines: int, now: datetime) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, program, str(lines), now.isoformat()],
            cwd=ROOT,
            env={**child_environment, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    rehearsal = run(10**9, NOW)  # nothing is due yet
    assert rehearsal.returncode == 0, rehearsal.stderr
    idle = 10**9 + int(rehearsal.stdout.split()[-1])
    died = 0
    for kill in range(1, KILLS + 1):
        died += run(idle // 2 + kill * 23, LATE).returncode == -signal.SIGKILL
        check()
    assert died >= KILLS // 2
    assert wiped() + WordsGone.objects.count() > 0
    assert run(0, LATE).returncode == 0
    assert run(0, LATE).returncode == 0
    check()
    assert (wiped(), WordsGone.objects.count()) == (Message.objects.count(), 2 * CUSTOMERS)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_several_who_clear_away_at_once_each_row_is_taken_by_one() -> None:
    long_over()

    def at(now: datetime) -> dict[DataKind, int]:
        try:
            return purge(now=now)
        finally:
            connection.close()

    took = all_at_once(at, [LATE] * 4)
    check()
    for kind, count in ((DataKind.MESSAGES, wiped()), (DataKind.WORDS, CUSTOMERS), (DataKind.NOTES, CUSTOMERS)):
        assert sum(one[kind] for one in took) == gone(kind) == count
    took = all_at_once(at, [VERY_LATE] * 4)
    forgotten = Customer.objects.filter(name="–", email="", forgotten_at=VERY_LATE).count()
    assert (
        sum(one[DataKind.CUSTOMERS] for one in took)
        == gone(DataKind.CUSTOMERS)
        == forgotten
        == Customer.objects.count()
    )
