"""What has had its time goes, whatever is still needed stays, and no figure changes."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from appointments.domain import actors, audit
from appointments.domain.history import record
from appointments.domain.privacy import purging
from appointments.domain.privacy.periods import change
from appointments.domain.privacy.purging import purge
from appointments.domain.reports.complaints import complaints_between
from appointments.domain.reports.facts import Dimension
from appointments.domain.reports.given import given_by_month
from appointments.domain.reports.promises import kept_by_kind
from appointments.domain.reports.reasons import reasons_report
from appointments.enums import AuditAction, DataKind, EventKind
from appointments.models import (
    Appointment,
    AppointmentEvent,
    AuditEntry,
    CasePoint,
    Compensation,
    Customer,
    Link,
    Promise,
    PurgeDay,
    RecoveryCase,
    RescheduleRequest,
    RetentionPeriod,
    Statement,
    WordsGone,
)
from notifications.models import Message
from tests.appointments.domain.privacy.test_forgetting import everything
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.compensation import compensation
from tests.factories.diary import PromiseFactory
from tests.factories.privacy import NUMBER, SAID, WORD, told_everything

pytestmark = pytest.mark.django_db
USUAL = {DataKind.MESSAGES: 365, DataKind.WORDS: 730, DataKind.NOTES: 730, DataKind.CUSTOMERS: 1095}


@pytest.fixture
def told(melati: Clinic) -> Customer:
    """Somebody of whom every table says something; all of it is over, and every message has ended."""
    customer = told_everything(melati)
    Customer.objects.update(created_at=NOW - days(1))
    Message.objects.update(state="cancelled", secrets={}, mime=None)
    return customer


def gone(kind: DataKind) -> int:
    return sum(PurgeDay.objects.filter(kind=kind).values_list("gone", flat=True))


def figures() -> list[Any]:
    first, last = date(2026, 11, 1), date(2026, 12, 31)
    return [
        *(reasons_report(start=first, end=last, group_by=one) for one in Dimension),
        complaints_between(first, last),
        given_by_month(first, last, now=NOW + days(30)),
        kept_by_kind(NOW - days(30), NOW + days(30)),
        list(Message.objects.order_by("pk").values_list("kind", "about", "to_ref", "state", "created_at", "key")),
        list(AppointmentEvent.objects.order_by("pk").values_list("kind", "at", "before", "after")),
        [model._default_manager.count() for model in (Appointment, RescheduleRequest, Promise, RecoveryCase)],
    ]


def test_each_kind_of_words_goes_when_its_time_is_over_and_no_figure_changes(melati: Clinic, told: Customer) -> None:
    """The usual periods: the texts of messages after a year, what was said and noted after two, who it was after
    three.
    """
    before = figures()
    assert Message.objects.exclude(email="").exists()
    purge(now=NOW + days(370))
    assert not Message.objects.exclude(to_name="", email="", phone="", context={}).exists()
    assert AppointmentEvent.objects.filter(note=SAID).exists()
    assert gone(DataKind.WORDS) == 0

    purge(now=NOW + days(740))
    assert not AppointmentEvent.objects.filter(note=SAID).exists()
    assert not CasePoint.objects.exclude(words="–", reply="–").exists()
    assert WORD not in str(Statement.objects.get().said)
    assert (gone(DataKind.WORDS), gone(DataKind.NOTES)) == (1, 1)
    assert Customer.objects.get().email == told.email

    purge(now=NOW + days(1105))
    forgotten = Customer.objects.get()
    assert (forgotten.name, forgotten.email, forgotten.forgotten_at) == ("–", "", NOW + days(1105))
    assert gone(DataKind.CUSTOMERS) == 1
    assert [word for word in (WORD, NUMBER, told.name, told.email, str(told.phone)) if word in everything()] == []
    after = figures()
    assert after[:-3] == before[:-3]
    assert after[-2:] == before[-2:]
    assert [row[:2] + row[3:] for row in after[-3]] == [row[:2] + row[3:] for row in before[-3]]


def test_a_second_sweep_finds_nothing_more(melati: Clinic, told: Customer) -> None:
    assert any(purge(now=NOW + days(1105)).values())
    assert not any(purge(now=NOW + days(1105)).values())


@pytest.mark.parametrize("open_", ["appointment", "promise", "complaint", "code", "round"])
def test_what_is_still_needed_stays_however_old_it_is(melati: Clinic, told: Customer, open_: str) -> None:
    late = NOW + days(1105)
    appointment = Appointment.objects.get()
    if open_ == "appointment":
        Appointment.objects.update(state="booked")
    elif open_ == "promise":
        PromiseFactory(appointment=appointment, due_at=late)
    elif open_ == "complaint":
        RecoveryCase.objects.create(appointment=appointment, opened_at=NOW, owner=melati.staff)
    elif open_ == "code":
        compensation(appointment, request=None, point=CasePoint.objects.get(), valid_until=late)
    else:
        RescheduleRequest.objects.update(state="open", closed_at=None)
    before = everything().replace("\n", "")
    took = purge(now=late)
    assert [took[kind] for kind in USUAL] == [0, 0, 0, 0]
    assert SAID in before
    assert SAID in everything()
    assert told.email in everything()


def test_a_message_that_has_not_left_keeps_its_words(melati: Clinic, told: Customer) -> None:
    waiting = Message.objects.latest("pk")
    Message.objects.filter(pk=waiting.pk).update(state="queued")
    purge(now=NOW + days(370))
    assert [one.pk for one in Message.objects.exclude(email="")] == [waiting.pk]


def test_what_is_written_afterwards_goes_in_its_turn(melati: Clinic, told: Customer) -> None:
    change({DataKind.CUSTOMERS: 3650}, by=actors.staff(melati.manager), now=NOW)
    purge(now=NOW + days(740))
    late = NOW + days(750)
    appointment = Appointment.objects.get()
    record(appointment, EventKind.CORRECTED, by=actors.staff(melati.staff), now=late, note=SAID)
    purge(now=late + days(729))
    assert AppointmentEvent.objects.filter(note=SAID).count() == 1
    purge(now=late + days(731))
    assert not AppointmentEvent.objects.filter(note=SAID).exists()
    assert WordsGone.objects.count() == 2


@pytest.mark.parametrize("lately", ["an event", "a message"])
def test_nobody_is_forgotten_while_an_answer_may_be_on_its_way(melati: Clinic, told: Customer, lately: str) -> None:
    late = NOW + days(1105)
    if lately == "an event":
        appointment = Appointment.objects.get()
        record(appointment, EventKind.CASE_CLOSED, by=actors.staff(melati.staff), now=late)
    else:
        Message.objects.filter(pk=Message.objects.latest("pk").pk).update(state="queued", held_since=NOW)
    purge(now=late)
    assert Customer.objects.filter(forgotten_at=None).count() == 1
    assert not Message.objects.filter(why__contains="forgotten").exists()


def test_what_a_later_file_says_again_goes_again(melati: Clinic, told: Customer) -> None:
    change({DataKind.CUSTOMERS: 3650}, by=actors.staff(melati.manager), now=NOW)
    purge(now=NOW + days(740))
    Statement.objects.update(said={"name": SAID, "note": SAID, "starts_at": "2026-11-24"})
    purge(now=NOW + days(741))
    assert [one.said for one in Statement.objects.all()] == [{"starts_at": "2026-11-24"}]


def test_whoever_came_again_is_known_on(melati: Clinic, told: Customer) -> None:
    last = NOW + days(800)
    Appointment.objects.update(starts_at=last - days(0.1), ends_at=last)
    purge(now=last + days(1095))
    assert Customer.objects.filter(forgotten_at=None).count() == 1
    purge(now=last + days(1096))
    assert Customer.objects.filter(forgotten_at=None).count() == 0


def test_in_small_steps_it_comes_to_the_same(melati: Clinic, told: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a sweep takes is left to the next one."""
    monkeypatch.setattr(purging, "BATCH", 1)
    monkeypatch.setattr(purging, "MOST_BATCHES", 1)
    messages = Message.objects.exclude(email="").count()
    assert messages > 1
    for left in reversed(range(messages)):
        assert purge(now=NOW + days(370))[DataKind.MESSAGES] == 1
        assert Message.objects.exclude(email="").count() == left
    assert gone(DataKind.MESSAGES) == messages


def test_links_go_when_they_have_long_been_dead(melati: Clinic, told: Customer) -> None:
    last = min(min(filter(None, (one.revoked_at, one.expires_at))) for one in Link.objects.all())
    Link.objects.update(expires_at=last, revoked_at=None)
    links = Link.objects.count()
    purge(now=last + days(180))
    assert Link.objects.count() == links > 0
    purge(now=last + days(181))
    assert Link.objects.count() == 0


def test_the_past_lets_words_go_only_for_nothing_and_only_of_their_kind(melati: Clinic, told: Customer) -> None:
    """Whoever writes: the database itself."""
    appointment, event = Appointment.objects.get(), AppointmentEvent.objects.filter(note=SAID).latest("pk")

    def refuses(rows: Any, rule: str, **values: Any) -> None:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            QuerySet.update(rows, **values)

    events, points = AppointmentEvent.objects.filter(pk=event.pk), CasePoint.objects.all()
    WordsGone.objects.create(appointment=appointment, kind="words", at=NOW)
    refuses(events, "history_is_append_only", note="–")
    refuses(points, "case_point_of_an_open_case", reply="–")
    refuses(points, "case_point_of_an_open_case", words="Something else")
    refuses(points, "case_point_of_an_open_case", words="–", done_at=NOW + days(1))
    assert points.update(words="–") == 1
    WordsGone.objects.create(appointment=appointment, kind="notes", at=NOW)
    refuses(events, "history_is_append_only", note="Something else")
    refuses(events, "history_is_append_only", kind="moved")
    refuses(Compensation.objects.all(), "compensation_has_ended", note="Something else")
    refuses(Compensation.objects.all(), "compensation_has_ended", note="–", state="issued")
    assert QuerySet.update(events, note="–") == 1
    assert Compensation.objects.update(note="–") == 1


def an_entry(at: datetime) -> AuditEntry:
    return audit.record(AuditAction.CHANGED, by=actors.SYSTEM, now=at, noun="service", name="Massage")


def test_the_audit_goes_by_time_and_nobody_else_takes_anything_of_it(melati: Clinic) -> None:
    old, young = an_entry(NOW - days(1826)), an_entry(NOW - days(1824))

    def delete(entry: AuditEntry) -> None:
        rows: Any = AuditEntry.objects.filter(pk=entry.pk)
        with transaction.atomic():
            QuerySet.delete(rows)

    with pytest.raises(IntegrityError, match="history_is_append_only"):
        delete(old)
    assert purge(now=NOW)[DataKind.AUDIT] == 1
    assert [one.pk for one in AuditEntry.objects.all()] == [young.pk]
    with pytest.raises(IntegrityError, match="history_is_append_only"):
        delete(young)
    # What is not a year old stays, whatever the book of the sweep says.
    late = an_entry(NOW - days(300))
    PurgeDay.objects.filter(kind="audit").update(before=NOW - days(10))
    with pytest.raises(IntegrityError, match="history_is_append_only"):
        delete(late)


def test_nothing_goes_before_a_period_is_in_force(melati: Clinic, told: Customer) -> None:
    for kind, usual in USUAL.items():
        RetentionPeriod.objects.create(kind=kind, days=usual, since=NOW + days(2000))
    took = purge(now=NOW + days(1999))
    assert [took[kind] for kind in USUAL] == [0, 0, 0, 0]
    took = purge(now=NOW + days(2000))
    assert [took[kind] for kind in USUAL] == [3, 1, 1, 1]
