"""A file is checked and brought in once, whoever comes by, and nothing is half done."""

import logging
from typing import Any

import pytest

from appointments.domain.imports.page import work
from appointments.enums import ImportState
from appointments.errors import DomainError
from appointments.models import Appointment, Customer, ImportRun
from notifications.models import Message
from tests.appointments.domain.imports.page.runs import HEAD, TWO, brought_in, carried_out, checked, chosen, uploaded
from tests.clock import NOW, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_a_check_says_what_would_be_and_writes_nothing(melati: Clinic) -> None:
    run = checked(uploaded(melati))
    assert run.state == ImportState.DRAFT
    assert run.report is not None
    assert (run.report["counts"], run.report["new_customers"], run.report["can_be_written"]) == ({"new": 2}, 2, True)
    assert (Appointment.objects.count(), Customer.objects.count()) == (0, 1)


def test_it_is_brought_in_as_it_was_checked_and_nobody_is_told(melati: Clinic) -> None:
    run = brought_in(melati)
    assert (run.state, run.ended_at, run.data) == (ImportState.DONE, NOW, None)
    assert run.file is not None
    assert run.file.name == "bookings.csv"
    assert Appointment.objects.filter(statement__brought_by=run).count() == 2
    assert set(map(int, run.created)) == set(
        Customer.objects.exclude(pk=melati.customer.pk).values_list("pk", flat=True)
    )
    assert not Message.objects.exists()


def test_asked_for_twice_it_is_done_once(melati: Clinic) -> None:
    run = checked(uploaded(melati))
    work.bring_in(run)
    with pytest.raises(DomainError, match="being imported"):
        work.bring_in(run)
    assert [work.carry_out(run.pk, now=NOW), work.carry_out(run.pk, now=NOW)] == [True, False]
    assert Appointment.objects.count() == 2
    with pytest.raises(DomainError, match="being imported"):
        work.check(run, chosen(run))


def test_what_was_not_looked_at_is_not_brought_in(melati: Clinic) -> None:
    run = uploaded(melati)
    with pytest.raises(DomainError, match="Look at what would happen"):
        work.bring_in(run)
    wrong = checked(uploaded(melati, HEAD + "a1,,,2026-11-26,09:00,Check-up\n"))
    with pytest.raises(DomainError, match="Look at what would happen"):
        work.bring_in(wrong)


def test_what_has_become_wrong_since_it_was_checked_is_not_written(melati: Clinic) -> None:
    run = checked(uploaded(melati))
    melati.service.is_active = False
    melati.service.save()
    work.bring_in(run)
    carried_out(run)
    assert run.state == ImportState.DRAFT
    assert run.report is not None
    assert (run.report["errors"], run.report["can_be_written"]) == (2, False)
    assert not Appointment.objects.exists()


def test_while_somebody_is_at_it_nobody_else_is_and_when_they_are_dead_somebody_goes_on(melati: Clinic) -> None:
    run = checked(uploaded(melati))
    work.bring_in(run)
    ImportRun.objects.filter(pk=run.pk).update(begun_at=NOW, tries=1)
    assert work.work_off(now=NOW + work.CLAIM - minutes(1)) == 0
    assert work.work_off(now=NOW + work.CLAIM + minutes(1)) == 1
    run.refresh_from_db()
    assert (run.state, Appointment.objects.count()) == (ImportState.DONE, 2)


def test_what_breaks_off_again_and_again_is_said_and_not_tried_for_ever(melati: Clinic) -> None:
    run = checked(uploaded(melati))
    work.bring_in(run)
    ImportRun.objects.filter(pk=run.pk).update(begun_at=NOW, tries=work.MOST_TRIES)
    assert work.work_off(now=NOW + work.CLAIM + minutes(1)) == 0
    run.refresh_from_db()
    assert (run.state, run.fault, Appointment.objects.count()) == (ImportState.DRAFT, work.BROKE_OFF, 0)


def test_a_fault_of_ours_is_said_and_noted(
    melati: Clinic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError("no such luck")

    run = checked(uploaded(melati))
    work.bring_in(run)
    monkeypatch.setattr(work, "run_file", broken)
    with caplog.at_level(logging.ERROR, logger="appointments.imports"):
        carried_out(run)
    assert (run.state, run.fault, run.report) == (ImportState.DRAFT, work.OUR_FAULT, None)
    assert "no such luck" in caplog.text


def test_without_its_place_a_file_is_not_read(melati: Clinic) -> None:
    run = uploaded(melati)
    ImportRun.objects.filter(pk=run.pk).update(choices={**run.choices, "location": 0})
    checked(run)
    assert (run.state, run.fault) == (ImportState.DRAFT, work.NO_PLACE)


def test_the_sentences_are_in_the_language_of_whoever_asked(melati: Clinic) -> None:
    run = checked(uploaded(melati, TWO.replace("Check-up", "Yoga")), reader="id")
    assert run.report is not None
    assert run.report["unknown"] == [["service", "Yoga", 2]]
    assert "Tidak ada layanan “Yoga”" in run.report["problems"][0][2]


@pytest.mark.parametrize(("size", "at_once"), [(work.AT_ONCE, True), (work.AT_ONCE + 1, False)])
def test_what_is_small_is_done_while_somebody_waits(melati: Clinic, size: int, at_once: bool) -> None:
    run = uploaded(melati)
    run.size = size
    work.check_as_kept(run)
    work.at_once(run, now=NOW)
    run.refresh_from_db()
    assert (run.report is not None) == at_once


def test_a_line_that_says_the_same_for_every_date_says_it_once(melati: Clinic) -> None:
    event = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:s@x.example\nDTSTART;TZID=Asia/Jakarta:20261126T090000\nDURATION:PT30M\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Ana\nATTENDEE;CN=Ana:mailto:a@x.example\n"
        "ATTENDEE;CN=Ben:mailto:b@x.example\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    run = checked(uploaded(melati, event, name="a.ics"), service=melati.service.pk)
    assert run.report is not None
    assert run.report["counts"] == {"new": 3}
    assert len(run.report["problems"]) == 1
