"""Somebody with everything that can happen to a customer, written by what writes it: handed over whole, and forgotten.

What stands anywhere is read from the database itself, column by column, whatever our models know of it.
"""

import json
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from appointments.domain import actors
from appointments.domain.messages import announce
from appointments.domain.privacy.forgetting import forget
from appointments.domain.privacy.handing_over import export
from appointments.models import AuditEntry, CorrectiveAction, Customer, Promise, RecoveryCase
from notifications.models import DeliveryAttempt, Message
from tests.appointments.admin.pages import form_values, page
from tests.appointments.domain.imports.page.runs import brought_in
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory, PromiseFactory
from tests.factories.people import together
from tests.factories.privacy import NUMBER, SAID, WORD, over, told_everything

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE, ADDRESS = "Kartini Wulandari", "kartini@mail.example", "+628125557788", "Jalan Cempaka 9"
BEFORE = ("K. Wulan", "wulan.lama@mail.example")
"""The same person, as a record called her that went into hers."""
KNOWN = (NAME, EMAIL, PHONE, ADDRESS, *BEFORE, WORD, NUMBER, "Wulandari")


def cells() -> dict[str, str]:
    """What stands in each column of each table, as text; sessions as what they hold."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own tables
            names = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    found[f"{table}.{name}"] = f"{found.get(f'{table}.{name}', '')}\n{_read(value)}"
    found["sessions"] = str([one.get_decoded() for one in Session.objects.all()])
    return found


def _read(value: Any) -> str:
    """JSON writes some letters in another way; bytes are a mail as it leaves."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    text = str(value)
    try:
        return f"{text} {json.loads(text)}"
    except ValueError:
        return text


def where(words: tuple[str, ...] = KNOWN) -> list[str]:
    """The columns in which one of the words stands, whatever the case."""
    return sorted({column for column, text in cells().items() for word in words if word.lower() in text.lower()})


@pytest.fixture
def kartini(melati: Clinic) -> Customer:
    """Two records of hers; moves, a complaint, a gift, calls and notes; letters to her and to colleagues about her;
    what managers wrote of her in the administration; a file of another system; pages of hers that colleagues had open.
    """
    Customer.objects.filter(pk=melati.customer.pk).update(
        name=NAME, email=EMAIL, phone=PHONE, address=ADDRESS, note=SAID, sought=f"{NAME} {EMAIL}"
    )
    melati.customer.refresh_from_db()
    told = told_everything(melati)
    old = CustomerFactory(name=BEFORE[0], email=BEFORE[1])
    melati.offered(melati.booked("2026-11-27 10:00", customer=old))
    _letters(melati, told)
    with time_machine.travel(NOW + days(1), tick=False):
        _administration(melati, told)
    brought_in(melati, f"Name,Phone,Date,Time,Service\n{NAME},{NUMBER},2026-11-28,09:00,Check-up\n")
    over()
    together(told, old, by=melati.staff)
    return Customer.objects.get(pk=told.pk)


def _letters(melati: Clinic, told: Customer) -> None:
    appointment = told.appointments.get()
    own, other = (
        PromiseFactory(appointment=appointment),
        PromiseFactory(appointment=melati.booked("2026-11-30 10:00", customer=CustomerFactory(name="Somebody Else"))),
    )
    for first, *others in ([own], [other, own]):
        announce.escalate(first, *others, to=melati.staff, now=NOW)
    alarms = Message.objects.filter(kind="escalation")
    alarms.filter(about=appointment.about).update(
        state="sent", sent_at=NOW, text=f"Call {NAME}", subject=f"Call {NAME}", secrets={}, mime=None
    )
    letter = Message.objects.filter(to_ref=f"customer:{told.pk}").earliest("pk")
    refused = f"550 5.1.1 <{EMAIL}>: user unknown"
    rows = Message.objects.filter(pk=letter.pk)
    rows.update(state="bounced", sent_at=NOW, why=refused, text=f"Dear {NAME}", secrets={}, mime=None)
    DeliveryAttempt.objects.create(
        message=letter, at=NOW, channel="email", outcome="bounced", detail=refused, duration_ms=1
    )


def _administration(melati: Clinic, told: Customer) -> None:
    browser = Client()
    browser.force_login(melati.manager)
    browser.get(f"/customers/{told.pk}/")
    address = page("customer", "change", told.pk)
    filled = form_values(browser.get(address), "customer_form")
    filled |= {"note": f"{SAID} Twice.", "misuse_notes-TOTAL_FORMS": "1", "misuse_notes-0-why": SAID}
    assert browser.post(address, filled).status_code == 302
    appointment = told.appointments.get()
    address = page("appointment", "change", appointment.pk)
    assert browser.post(address, {"note": f"{SAID} Again."}).status_code == 302
    action = {"what": "Ring the day before", "cause": melati.reason.pk, "owner": melati.manager.pk}
    action |= {"due_on": "2026-12-24", "case": RecoveryCase.objects.get().pk}
    assert browser.post(page("correctiveaction", "add"), action).status_code == 302
    browser.get(page("customer", "export", "csv"))


def test_of_somebody_who_was_forgotten_nothing_stands_anywhere(melati: Clinic, kartini: Customer) -> None:
    before = where()
    for table in ("customer.name", "message.text", "message.why", "message.context", "deliveryattempt.detail"):
        assert any(column.endswith(table) for column in before), table
    forget(kartini, by=actors.staff(melati.manager), now=NOW + days(60))
    assert where() == []


def test_an_alarm_about_somebody_else_too_is_still_rung(melati: Clinic, kartini: Customer) -> None:
    """And says of the one who was forgotten only that there was something."""
    forget(kartini, by=actors.SYSTEM, now=NOW + days(60))
    alarm = Message.objects.get(kind="escalation", state="queued")
    assert alarm.context["promise"]["customer"] == "Somebody Else"
    assert [one["customer"] for one in alarm.context["others"]] == ["–"]


def test_a_change_that_was_learned_from_a_complaint_names_it_by_its_number(melati: Clinic, kartini: Customer) -> None:
    entry = AuditEntry.objects.get(noun="correctiveaction")
    assert entry.after["case"] == RecoveryCase.objects.get().number
    assert CorrectiveAction.objects.get().case == RecoveryCase.objects.get()


def test_all_of_it_is_handed_over_and_no_secret_with_it(melati: Clinic, kartini: Customer) -> None:
    given = export(kartini)
    text = json.dumps(given, ensure_ascii=False)
    assert [word for word in (NAME, EMAIL, PHONE, ADDRESS, *BEFORE, WORD) if word not in text] == []
    assert [word for word in ("Somebody Else", "nonce", "token", "secret", "[[") if word in text] == []
    for name in ("offer", "statement", "customermerge", "compensation", "recoverycase", "answer", "messages"):
        assert given[name], name
    assert len(given["records"]) == 2
    assert Promise.objects.filter(appointment__customer=kartini).count() <= len(given["promise"])
