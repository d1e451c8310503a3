"""What the pages of imports show."""

from typing import Any

import pytest

from appointments.domain.imports.page import listed, undoing, work
from appointments.models import ImportRun
from tests.appointments.domain.imports.page.runs import HEAD, TWO, brought_in, checked, uploaded
from tests.clock import NOW, at, days
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_a_draft_shows_its_columns_and_what_would_happen(melati: Clinic) -> None:
    run = checked(uploaded(melati, TWO + "a3,,,2026-11-27,09:00,Check-up\na4,Citra,,2026-11-27,09:00,Yoga\n"))
    page = listed.page_of(run)
    assert (page.is_draft, page.is_busy, page.written) == (True, False, 2)
    assert [one.heading for one in page.columns] == ["Booking number", "Name", "Phone", "Date", "Time", "Service"]
    assert [(str(label), count) for label, count in page.counts] == [("new", 2), ("wrong", 2)]
    assert page.unknown == [("service", "Yoga", 1)]
    assert [one.line for one in page.errors] == [4, 5]


def test_what_is_said_of_many_rows_stands_there_once(melati: Clinic) -> None:
    rows = "".join(
        f"a{n},Ana,,2026-11-{day},09:00,{what}\n"
        for n, (day, what) in enumerate([(26, "Yoga"), (27, "Pilates"), (27, "Yoga"), (30, "Yoga")])
    )
    page = listed.page_of(checked(uploaded(melati, HEAD + rows)))
    assert [(one.line, one.alike, "Yoga" in one.words) for one in page.errors] == [(2, 2, True), (3, 0, False)]
    assert page.more == 0


def test_of_very_many_faults_the_first_are_shown_and_the_others_counted(melati: Clinic) -> None:
    rows = "".join(f"a{n},Ana,,2026-11-27,09:00,Yoga {n}\n" for n in range(listed.SHOWN + 3))
    page = listed.page_of(checked(uploaded(melati, HEAD + rows)))
    assert (len(page.errors), page.more) == (listed.SHOWN, 3)


def test_what_is_asked_for_is_busy_and_nothing_of_the_file_is_read(melati: Clinic) -> None:
    run = checked(uploaded(melati))
    work.bring_in(run)
    page = listed.page_of(ImportRun.objects.for_display().get())
    assert (page.is_draft, page.is_busy, page.columns) == (False, True, ())


def test_what_stays_is_named_afterwards(melati: Clinic) -> None:
    run = brought_in(melati)
    run.brought.order_by("appointment")[0].appointment.promises.create(
        kind="call", owner=melati.staff, due_at=NOW + days(1), made_at=NOW
    )
    shown = listed.shown(undoing.look(run))
    assert (shown.appointments, shown.customers, shown.more) == (1, 1, 0)
    assert [one.appointment.customer.name for one in shown.stays] == ["Ana Putri"]
    undoing.undo(run, by=melati.manager, now=NOW)
    run.refresh_from_db()
    assert listed.can_be_undone(run) is False
    assert [one.appointment.customer.name for one in listed.page_of(run).stays] == ["Ana Putri"]


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_of_one_or_thirty_is_one_question(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        uploaded(melati, name=f"{number}.csv")
    with django_assert_num_queries(1):
        assert len([(one.by.username, one.file, one.changed) for one in listed.newest(melati.manager)]) == count


def test_the_hours_are_told_on_the_clock_of_a_place(melati: Clinic) -> None:
    assert (listed.zone_of(melati.location), listed.zone_of(None)) == ("Asia/Jakarta", "UTC")
    assert at("2026-11-23 09:00") == NOW
