"""What is written down of who changed how the business is set up."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from i18nfield.strings import LazyI18nString

from appointments.domain import actors, audit
from appointments.enums import AuditAction
from appointments.models import AuditEntry
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.places import AbsenceFactory

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_when_to_what_and_how_it_was(melati: Clinic) -> None:
    by = actors.staff(melati.manager)
    values: dict[str, Any] = {"before": {"minutes": 30}, "after": {"minutes": 45}}
    entry = audit.record(AuditAction.CHANGED, melati.service, by=by, now=NOW, **values)
    entry.refresh_from_db()
    assert (entry.at, entry.actor_kind, entry.actor, entry.action) == (NOW, "staff", melati.manager, "changed")
    assert (entry.noun, entry.key, entry.name) == ("service", str(melati.service.pk), str(melati.service))
    assert (entry.before, entry.after) == ({"minutes": 30}, {"minutes": 45})


def test_only_what_differs_is_kept(melati: Clinic) -> None:
    by = actors.staff(melati.manager)
    before, after = {"minutes": 30, "name": "x"}, {"minutes": 45, "name": "x"}
    entry = audit.changed(melati.service, before=before, after=after, by=by, now=NOW)
    assert entry is not None
    assert (entry.before, entry.after) == ({"minutes": 30}, {"minutes": 45})
    assert audit.changed(melati.service, before=after, after=after, by=by, now=NOW) is None
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["password", "new_password1", "api_token", "token_hash", "client_secret", "session_key"]
)
def test_no_secret_is_ever_in_it(melati: Clinic, name: str) -> None:
    entry = audit.changed(
        melati.service, before={name: "garden"}, after={name: "gate"}, by=actors.staff(melati.manager), now=NOW
    )
    assert entry is not None
    assert (entry.before, entry.after) == ({name: "•••"}, {name: "•••"})


def test_of_a_customer_it_says_that_and_not_what(melati: Clinic) -> None:
    booked = melati.booked()
    for row in (booked.customer, booked):
        entry = audit.record(
            AuditAction.CHANGED, row, by=actors.SYSTEM, now=NOW, before={"note": "Ana"}, after={"note": "Pratiwi"}
        )
        assert (entry.name, entry.before, entry.after) == ("", {"note": "•••"}, {"note": "•••"})


def test_why_somebody_is_away_is_not_for_everybody_who_reads_it(melati: Clinic) -> None:
    absence = AbsenceFactory(resource=melati.provider, title="Kemoterapi")
    entry = audit.changed(
        absence,
        before={"title": "old", "rrule": ""},
        after={"title": "Kemoterapi", "rrule": "x"},
        by=actors.SYSTEM,
        now=NOW,
    )
    assert entry is not None
    assert (entry.before, entry.after) == ({"title": "•••", "rrule": ""}, {"title": "•••", "rrule": "x"})


def test_whatever_is_given_can_be_stored_and_read(melati: Clinic) -> None:
    values = {
        "words": LazyI18nString({"en": "Ill", "id": "Sakit"}), "places": [melati.location], "at": NOW, "none": None,
        "nasty": "a\x00b\ud800", "long": "x" * 501, "many": range(51),
    }  # fmt: skip
    entry = audit.record(AuditAction.ADDED, melati.service, by=actors.SYSTEM, now=NOW, after=values)
    entry.refresh_from_db()
    assert entry.after == {
        "words": {"en": "Ill", "id": "Sakit"}, "places": ["Melati Jakarta"], "at": NOW.isoformat(), "none": "",
        "nasty": "ab\N{REPLACEMENT CHARACTER}", "long": "x" * 500, "many": list(range(50)),
    }  # fmt: skip


def test_what_is_no_row_has_a_noun_and_a_name(melati: Clinic) -> None:
    by = actors.staff(melati.manager)
    entry = audit.record(AuditAction.EXPORTED, noun="report", name="moves.csv", by=by, now=NOW)
    assert (entry.noun_label, entry.name, entry.key) == ("Report", "moves.csv", "")
    assert str(entry) == "exported: Report moves.csv"


def test_nobody_rewrites_it_in_code(melati: Clinic) -> None:
    audit.record(AuditAction.ADDED, melati.service, by=actors.SYSTEM, now=NOW)
    for rewrite in (lambda: AuditEntry.objects.update(name="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(TypeError, match="append-only"):
            rewrite()


@pytest.mark.parametrize(
    "statement", ["UPDATE appointments_auditentry SET name = 'x'", "DELETE FROM appointments_auditentry"]
)
def test_nobody_rewrites_it_in_the_database(melati: Clinic, statement: str) -> None:
    audit.record(AuditAction.ADDED, melati.service, by=actors.SYSTEM, now=NOW)
    with pytest.raises(IntegrityError, match="history_is_append_only"), transaction.atomic(), connection.cursor() as at:
        at.execute(statement)
    assert AuditEntry.objects.get().name == str(melati.service)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("audit_names_a_noun", {"actor_kind": "system", "noun": ""}),
        ("audit_of_staff_names_them", {"actor_kind": "staff", "noun": "service"}),
    ],
)
def test_the_database_refuses_half_an_entry(melati: Clinic, constraint: str, fields: dict[str, str]) -> None:
    with pytest.raises((IntegrityError, ValidationError), match=constraint), transaction.atomic():
        AuditEntry.objects.create(at=NOW, action="added", **fields)
