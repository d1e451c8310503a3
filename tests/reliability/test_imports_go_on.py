"""Imports of the page under hard conditions: killed on the way, asked for at once, undone while somebody books."""

import signal
import subprocess
import sys
from typing import Any

import pytest
from django.db import connections

from appointments.domain.imports.page import undoing, uploads, work
from appointments.enums import ImportState
from appointments.errors import DomainError
from appointments.models import (
    Appointment,
    AppointmentEvent,
    Customer,
    ImportedFile,
    ImportRun,
    Location,
    Occupancy,
    Statement,
)
from tests.appointments.domain.imports.page.runs import TWO, brought_in, checked, uploaded
from tests.clock import NOW, minutes
from tests.factories import clinic
from tests.reliability.importer import __file__ as program
from tests.reliability.site import ROOT, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 6
WRITTEN = (Appointment, AppointmentEvent, Occupancy, Statement, ImportedFile)


def asked() -> ImportRun:
    run = checked(uploaded(clinic(rooms=2)))
    work.bring_in(run)
    return run


def carry_out(environment: dict[str, str], run: ImportRun, *, lines: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, program, str(lines), str(run.pk)],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.crash
@pytest.mark.slow
def test_wherever_a_worker_dies_nothing_is_half_there_and_another_one_goes_on(
    child_environment: dict[str, str],
) -> None:
    run = asked()
    people = Customer.objects.count()
    rehearsal = carry_out(child_environment, run, lines=10**9)
    assert rehearsal.returncode == 0, rehearsal.stderr
    whole = 10**9 + int(rehearsal.stdout.split()[-1])
    assert whole > 300
    run.refresh_from_db()
    undoing.undo(run, by=run.by, now=NOW)

    again = checked(uploads.keep(TWO.encode(), name="again.csv", place=Location.objects.get(), by=run.by, now=NOW))
    work.bring_in(again)
    files = ImportedFile.objects.count()
    for kill in range(1, KILLS + 1):
        ImportRun.objects.filter(pk=again.pk).update(begun_at=None, tries=0)
        died = carry_out(child_environment, again, lines=kill * whole // (KILLS + 1))
        assert died.returncode == -signal.SIGKILL, died.stderr
        again.refresh_from_db()
        assert again.state == ImportState.WAITING
        assert [model.objects.count() for model in WRITTEN] == [0, 0, 0, 0, files]
        assert Customer.objects.count() == people

    assert work.work_off(now=NOW + work.CLAIM + minutes(1)) == 1
    again.refresh_from_db()
    assert (again.state, Appointment.objects.count()) == (ImportState.DONE, 2)


def _in_a_thread(act: Any) -> Any:
    def run(thing: Any) -> Any:
        try:
            return act(thing)
        except DomainError:
            return False
        finally:
            connections.close_all()

    return run


def _click(run: ImportRun) -> bool:
    work.bring_in(run)
    return True


@pytest.mark.race
def test_of_many_clicks_and_many_workers_one_brings_it_in() -> None:
    run = checked(uploaded(clinic(rooms=2)))
    clicked = all_at_once(_in_a_thread(_click), [run] * 8)
    assert clicked.count(True) == 1
    done = all_at_once(_in_a_thread(lambda pk: work.carry_out(pk, now=NOW)), [run.pk] * 8)
    assert done.count(True) == 1
    run.refresh_from_db()
    assert (run.state, Appointment.objects.count(), ImportedFile.objects.count()) == (ImportState.DONE, 2, 1)


@pytest.mark.race
def test_of_many_who_undo_one_does() -> None:
    world = clinic(rooms=2)
    run = brought_in(world)
    undone = all_at_once(_in_a_thread(lambda one: len(undoing.undo(one, by=world.manager, now=NOW).goes)), [run] * 6)
    assert sorted(undone) == [0, 0, 0, 0, 0, 2]
    assert [model.objects.count() for model in WRITTEN[:4]] == [0, 0, 0, 0]
