"""A whole import taken back: as if it had never been, but for what was built on it."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from appointments.domain import actors, booking, customers
from appointments.domain.imports.page import undoing
from appointments.domain.privacy import words
from appointments.domain.schedule.slots import Slot
from appointments.enums import DataKind, ImportState
from appointments.errors import DomainError
from appointments.models import Appointment, AppointmentEvent, Customer, ImportRun, Occupancy, Statement, WordsGone
from notifications.models import Message
from tests.appointments.domain.imports.page.runs import HEAD, TWO, brought_in
from tests.clock import NOW, at, days, hours
from tests.factories import Clinic, PromiseFactory

pytestmark = pytest.mark.django_db


def ana() -> Appointment:
    found: Appointment = Appointment.objects.get(customer__name="Ana Putri")
    return found


def undo(run: ImportRun, melati: Clinic) -> undoing.Outcome:
    outcome = undoing.undo(run, by=melati.manager, now=NOW + hours(1))
    run.refresh_from_db()
    return outcome


def test_appointments_and_customers_go_their_times_are_free_and_the_file_is_new_again(melati: Clinic) -> None:
    run = brought_in(melati)
    undo(run, melati)
    for model in (Appointment, AppointmentEvent, Occupancy, Statement, Message):
        assert not model.objects.exists(), model
    assert list(Customer.objects.all()) == [melati.customer]
    assert (run.state, run.undone_at, run.undone_by) == (ImportState.UNDONE, NOW + hours(1), melati.manager)
    assert run.undone == {"appointments": 2, "customers": 2, "stays": []}
    again = brought_in(melati)
    assert again.report is not None
    assert again.report["counts"] == {"new": 2}
    assert again != run


def test_it_is_undone_once(melati: Clinic) -> None:
    run = brought_in(melati)
    undo(run, melati)
    with pytest.raises(DomainError, match="nothing to undo"):
        undo(run, melati)


def _moved(melati: Clinic) -> None:
    slot = Slot(at("2026-11-27 10:00"), at("2026-11-27 10:30"), melati.provider.pk, (melati.provider.pk,))
    booking.move(ana(), to=slot, by=actors.staff(melati.staff), now=NOW)


def _cancelled(melati: Clinic) -> None:
    booking.cancel(ana(), by=actors.staff(melati.staff), now=NOW, note="off")


def _corrected(melati: Clinic) -> None:
    person = ana().customer
    by = actors.staff(melati.staff)
    customers.correct(person, {"name": "Ana P."}, seen=customers.state_of(person), by=by, now=NOW)


def _written(melati: Clinic) -> None:
    Message.objects.create(
        key="x",
        kind="reminder",
        about=ana().about,
        language="en",
        zone="Asia/Jakarta",
        due_at=NOW,
        created_at=NOW,
    )


def _promised(melati: Clinic) -> None:
    PromiseFactory(appointment=ana())


def _noted(melati: Clinic) -> None:
    Appointment.objects.filter(pk=ana().pk).update(note="allergic")


def _told_anew(melati: Clinic) -> None:
    brought_in(melati, TWO.replace("09:00", "11:00"))


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (_moved, "changed"), (_cancelled, "changed"), (_corrected, "changed"), (_written, "written"),
        (_promised, "linked"), (_noted, "note"), (_told_anew, "changed"),
    ],
)  # fmt: skip
def test_what_something_was_built_on_stays_and_is_named(melati: Clinic, build: Any, why: str) -> None:
    run = brought_in(melati)
    build(melati)
    one = Appointment.objects.order_by("pk")[0]
    outcome = undo(run, melati)
    assert dict(outcome.stays)[one] == why
    assert Appointment.objects.filter(pk=one.pk).exists()
    assert Customer.objects.filter(pk=one.customer_id).exists()
    assert run.undone["stays"][0] == [one.pk, why]
    if build is not _told_anew:
        assert (run.undone["appointments"], run.undone["customers"]) == (1, 1)


def test_what_a_later_file_says_without_changing_it_stays_too(melati: Clinic) -> None:
    run = brought_in(melati)
    head, *rows = TWO.splitlines()
    later = "\n".join((f"{head},Note", f"{rows[0]},", f"{rows[1]},knee")) + "\n"
    brought_in(melati, later)
    assert [why for _one, why in undoing.look(run).stays] == ["changed"]
    assert [one.customer.name for one in undoing.look(run).goes] == ["Ana Putri"]


def test_who_was_known_before_or_has_something_else_or_was_corrected_stays(melati: Clinic) -> None:
    Customer.objects.create(name="Ana Putri", phone="+6281255500101", language="en")
    run = brought_in(melati, TWO + "a3,Citra,0812 5550 0103,2026-11-27,09:00,Check-up\n")
    citra = Customer.objects.get(name="Citra")
    Customer.objects.filter(pk=citra.pk).update(note="prefers mornings")
    joko = Customer.objects.get(name="Joko Susilo")
    slot = Slot(at("2026-11-30 10:00"), at("2026-11-30 10:30"), melati.provider.pk, (melati.provider.pk,))
    booking.book(
        customer=joko, service=melati.service, location=melati.location, slot=slot,
        by=actors.staff(melati.staff), now=NOW,
    )  # fmt: skip
    outcome = undo(run, melati)
    assert (len(outcome.goes), outcome.customers) == (3, [])
    assert {"Ana Putri", "Citra", "Joko Susilo"} <= set(Customer.objects.values_list("name", flat=True))


def test_what_has_had_its_time_does_not_keep_the_rest(melati: Clinic) -> None:
    run = brought_in(melati)
    Appointment.objects.update(note="Kursi roda")
    for kind in (DataKind.WORDS, DataKind.NOTES):
        words.let_go(Appointment.objects.all(), kind, now=NOW)
    assert ana().note == words.NOTHING
    assert len(undo(run, melati).goes) == 2
    assert not WordsGone.objects.exists()


def test_what_the_file_only_changed_is_not_its_own(melati: Clinic) -> None:
    brought_in(melati)
    second = brought_in(melati, TWO.replace("09:30", "13:00") + "a3,Citra,,2026-11-27,09:00,Check-up\n")
    assert second.report is not None
    assert second.report["counts"] == {"new": 1, "moved": 1, "unchanged": 1}
    undo(second, melati)
    starts = Appointment.objects.order_by("pk").values_list("starts_at", flat=True)
    assert list(starts) == [at("2026-11-26 09:00"), at("2026-11-26 13:00")]


@pytest.mark.parametrize("rows", [1, 30])
def test_one_or_thirty_are_looked_at_by_as_many_questions(
    melati: Clinic, rows: int, django_assert_num_queries: Any
) -> None:
    lines = [f"a{n},Person {n},,{at('2026-11-26 00:00') + days(n):%Y-%m-%d},09:00,Check-up" for n in range(rows)]
    run = brought_in(melati, HEAD.replace("Number", "Booking number") + "\n".join(lines), last_day="2027-12-31")
    with django_assert_num_queries(_QUESTIONS):
        assert len(undoing.look(run).goes) == rows


def _tables(model: type[Model], own: int) -> int:
    return len([one for one in model._meta.related_objects if not one.many_to_many]) - own


_QUESTIONS = 5 + _tables(Appointment, 4) + _tables(Customer, 1)
"""The appointments, their history, their messages, the customers, what else these have; and every other table."""


def _delete_history() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM appointments_appointmentevent")


def test_the_database_lets_no_history_go_but_that_of_an_import_being_undone(melati: Clinic) -> None:
    run = brought_in(melati)
    with pytest.raises(DatabaseError, match="history_is_append_only"):
        _delete_history()
    being = {"state": ImportState.UNDOING, "undone_at": NOW, "undone_by": melati.manager}
    ImportRun.objects.filter(pk=run.pk).update(**being)
    booking.cancel(ana(), by=actors.staff(melati.staff), now=NOW, note="off")
    with pytest.raises(DatabaseError, match="history_is_append_only"):
        _delete_history()
    assert AppointmentEvent.objects.count() == 3
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM appointments_appointmentevent WHERE appointment_id <> %s", [ana().pk])
    assert AppointmentEvent.objects.count() == 2
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.UNDONE)
    with pytest.raises(DatabaseError, match="history_is_append_only"):
        _delete_history()
