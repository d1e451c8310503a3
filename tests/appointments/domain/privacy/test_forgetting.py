"""Somebody is forgotten wholly, with the records that went into theirs; what we count stays as it was."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, connection, transaction

from appointments import roles
from appointments.domain import actors
from appointments.domain.customers import merging
from appointments.domain.customers.undoing import undo
from appointments.domain.imports.reading import ImportedRow
from appointments.domain.imports.statements import why_not_read
from appointments.domain.privacy.forgetting import forget, standing, why_not
from appointments.domain.privacy.inventory import WORDS
from appointments.domain.reports.facts import Dimension
from appointments.domain.reports.reasons import reasons_report
from appointments.errors import DomainError
from appointments.models import (
    Appointment,
    AppointmentEvent,
    AuditEntry,
    CasePoint,
    Compensation,
    Customer,
    ImportRun,
    Location,
    MisuseNote,
    RecoveryCase,
)
from notifications.models import Message
from tests.appointments.domain.imports.page.runs import brought_in, uploaded
from tests.clock import NOW, days
from tests.factories import AppointmentFactory, Clinic, CustomerFactory, LocationFactory
from tests.factories.people import colleague, together
from tests.factories.privacy import NUMBER, SAID, WORD, over, told_everything

pytestmark = pytest.mark.django_db
LATER = NOW + days(60)


@pytest.fixture
def twice(melati: Clinic) -> Customer:
    """Another record of the clinic's customer, who was written to by either name; everything is long over."""
    twice = CustomerFactory(name="A. Pratiwi", email="old@mail.example")
    for booked in [melati.booked("2026-11-24 10:00", customer=twice), melati.booked("2026-11-25 10:00")]:
        melati.offered(booked)
    over()
    return twice


def everything() -> str:
    """All rows of all tables, as text."""
    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    return "\n".join(serializers.serialize("json", model._default_manager.all()) for model in models)


def test_both_records_and_all_messages_are_forgotten(melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff, email="gone")
    assert forget(melati.customer, by=actors.SYSTEM, now=LATER) == 2
    for one in Customer.objects.filter(pk__in=[melati.customer.pk, twice.pk]):
        assert (one.name, one.email, str(one.phone or ""), one.address, one.note, one.sought) == ("–", *[""] * 4, "–")
        assert one.forgotten_at == LATER
    merge.refresh_from_db()
    assert (merge.before, merge.after) == ({}, {})
    assert not Message.objects.exclude(to_name="", email="").exists()


def test_undoing_brings_nothing_back_that_was_forgotten(melati: Clinic, twice: Customer) -> None:
    merge = together(melati.customer, twice, by=melati.staff, email="gone")
    forget(melati.customer, by=actors.SYSTEM, now=LATER)
    merge.refresh_from_db()
    with pytest.raises(DomainError, match="was forgotten"):
        undo(merge, by=melati.staff, now=NOW)
    assert set(Customer.objects.filter(pk__in=[melati.customer.pk, twice.pk]).values_list("email")) == {("",)}


def test_a_merge_that_was_undone_keeps_nothing_of_who_was_forgotten(melati: Clinic, twice: Customer) -> None:
    """What was chosen from their record stands in the row of the other one, who stays."""
    merge = together(melati.customer, twice, by=melati.staff, email="gone")
    undo(merge, by=melati.staff, now=NOW)
    forget(twice, by=actors.SYSTEM, now=LATER)
    assert "old@mail.example" not in everything()
    assert Customer.objects.get(pk=melati.customer.pk).email == melati.customer.email


def test_a_record_that_goes_over_in_the_same_moment_is_not_passed_by(
    melati: Clinic, twice: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody puts the two together after their records were looked up, and before they were locked."""
    lock = merging._locked

    def late(pks: Any) -> Any:
        monkeypatch.undo()
        together(melati.customer, twice, by=melati.staff)
        return lock(pks)

    monkeypatch.setattr(merging, "_locked", late)
    with pytest.raises(DomainError, match="put together with somebody meanwhile"):
        forget(melati.customer, by=actors.SYSTEM, now=LATER)
    assert not Customer.objects.filter(forgotten_at__isnull=False).exists()


def test_somebody_else_is_left_alone(melati: Clinic, twice: Customer) -> None:
    assert forget(twice, by=actors.SYSTEM, now=LATER) == 1
    assert Customer.objects.get(pk=melati.customer.pk).email == melati.customer.email
    assert Message.objects.filter(email=melati.customer.email).exists()


def test_whoever_is_still_waited_for_is_not_forgotten(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-25 10:00")
    melati.offered(appointment)
    open_ = standing(melati.customer, now=NOW)
    assert (open_.booked, open_.rounds, open_.is_settled) == (1, 1, False)
    with pytest.raises(DomainError, match="settle it first"):
        forget(melati.customer, by=actors.SYSTEM, now=NOW)
    over()
    assert standing(melati.customer, now=NOW).is_settled
    forget(melati.customer, by=actors.SYSTEM, now=NOW)


@pytest.fixture
def told(melati: Clinic) -> Customer:
    return told_everything(melati)


def test_no_row_of_any_table_says_who_it_was(melati: Clinic, told: Customer) -> None:
    known = [WORD, NUMBER, told.name, told.email, str(told.phone)]
    before = everything()
    assert [word for word in known if word not in before] == []
    forget(told, by=actors.SYSTEM, now=LATER)
    after = everything()
    assert [word for word in known if word in after] == []


def test_that_it_was_done_is_written_down_and_nothing_of_whom(melati: Clinic, told: Customer) -> None:
    forget(told, by=actors.staff(melati.manager), now=LATER)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.noun, entry.key, entry.actor) == ("removed", "customer", str(told.pk), melati.manager)
    assert (entry.name, entry.before, entry.after) == ("", {}, {})


def test_what_we_count_stays_as_it_was(melati: Clinic, told: Customer) -> None:
    def figures() -> list[Any]:
        return [
            reasons_report(start=date(2026, 11, 1), end=date(2026, 11, 30), group_by=Dimension.REASON),
            [model._default_manager.count() for model in {words.model for words in WORDS} - {MisuseNote}],
            list(RecoveryCase.objects.values_list("stage", "concern", "apology", "cause")),
        ]

    before = figures()
    forget(told, by=actors.SYSTEM, now=LATER)
    assert figures() == before


@pytest.mark.parametrize("change", ["kind", "at", "note"])
def test_history_lets_only_words_go_and_only_of_who_is_forgotten(melati: Clinic, told: Customer, change: str) -> None:
    """Whoever writes: the database itself."""
    event = AppointmentEvent.objects.filter(note=SAID).latest("pk")
    value: Any = {"kind": "moved", "at": LATER, "note": "–"}[change]

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            sql = f"UPDATE appointments_appointmentevent SET {change} = %s WHERE id = %s"  # noqa: S608
            cursor.execute(sql, [value, event.pk])

    with pytest.raises(IntegrityError, match="history_is_append_only"):
        write()
    Customer.objects.update(forgotten_at=LATER)
    if change == "note":
        write()
    else:
        with pytest.raises(IntegrityError, match="history_is_append_only"):
            write()


def test_an_answer_in_a_closed_complaint_and_an_ended_gift_stay_otherwise(melati: Clinic, told: Customer) -> None:
    def refuses(rows: Any, rule: str, **values: Any) -> None:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            rows.update(**values)

    points, gifts = CasePoint.objects.all(), Compensation.objects.all()
    refuses(points, "case_point_of_an_open_case", words="–")
    refuses(gifts, "compensation_has_ended", note="–")
    Customer.objects.update(forgotten_at=LATER)
    assert (points.update(words="–"), gifts.update(note="–")) == (1, 1)
    refuses(points, "case_point_of_an_open_case", done_at=LATER)
    refuses(gifts, "compensation_has_ended", state="issued")


def test_for_who_was_forgotten_the_database_keeps_no_new_appointment(melati: Clinic, told: Customer) -> None:
    forget(told, by=actors.SYSTEM, now=LATER)
    with pytest.raises(IntegrityError, match="customer_is_gone"), transaction.atomic():
        AppointmentFactory(customer=told)


def test_a_file_brings_nobody_back_who_was_forgotten(melati: Clinic, told: Customer) -> None:
    forget(told, by=actors.SYSTEM, now=LATER)
    appointment = Appointment.objects.get(customer=told)
    row = ImportedRow(line=2, uid="a@x.example", starts_at=appointment.starts_at, customer_name=WORD)
    assert why_not_read(row, None, appointment, same_file=None) == "of somebody who was forgotten here"
    told.forgotten_at = None
    appointment.customer = told
    assert why_not_read(row, None, appointment, same_file=None) == ""


def test_of_files_nothing_is_kept_that_may_be_about_them(melati: Clinic) -> None:
    wrong = f"{melati.customer.name},12345,2026-11-27,09:00,Check-up\n"
    done = brought_in(melati, f"Name,Phone,Date,Time,Service\n{wrong}")
    waiting = uploaded(melati, f"Name,Start\n{melati.customer.name},soon\n")
    assert "12345" in str(done.report)

    over()
    forget(melati.customer, by=actors.SYSTEM, now=NOW)

    done.refresh_from_db()
    assert not ImportRun.objects.filter(pk=waiting.pk).exists()
    assert done.report is not None
    assert done.report["counts"] == {"new": 1}
    assert "12345" not in str(done.report)


@pytest.fixture
def elsewhere(melati: Clinic, twice: Customer) -> Location:
    """Where somebody came once, by the record that went into theirs."""
    place = LocationFactory(name="Melati Bandung")
    Appointment.objects.filter(customer=twice).update(location=place)
    together(melati.customer, twice, by=melati.staff)
    return place


def test_whoever_looks_after_one_place_forgets_nobody_of_another_one(melati: Clinic, elsewhere: Location) -> None:
    own = colleague(roles.MANAGERS, melati.location)
    with pytest.raises(DomainError, match=r"comes to other places than yours, too\. Only a manager of all places"):
        forget(melati.customer, by=actors.staff(own), now=LATER)
    colleague(roles.MANAGERS, elsewhere, first_name="Cut", last_name="Meutia")
    colleague(roles.LEADS, first_name="Lia", last_name="Lestari")
    colleague(roles.MANAGERS, first_name="Gone", last_name="Away", is_active=False)
    colleague(roles.MANAGERS, first_name="Budi", last_name="Santoso")
    colleague(roles.MANAGERS, first_name="Ana", last_name="Putri")
    with pytest.raises(DomainError, match=r"Ask a manager of all places: Ana Putri or Budi Santoso\."):
        forget(melati.customer, by=actors.staff(own), now=LATER)
    assert not Customer.objects.filter(forgotten_at__isnull=False).exists()


def test_whoever_looks_after_both_places_or_all_of_them_may(melati: Clinic, elsewhere: Location) -> None:
    both, every = colleague(roles.MANAGERS, melati.location, elsewhere), colleague(roles.MANAGERS)
    records = list(Customer.objects.all())
    assert [why_not(one, records) for one in (both, every)] == ["", ""]
    forget(melati.customer, by=actors.staff(both), now=LATER)
    assert Customer.objects.get(pk=melati.customer.pk).forgotten_at == LATER
