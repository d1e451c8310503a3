"""A complaint is taken up once, has one owner, and somebody owes the customer an answer from then on."""

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import actors, promises
from appointments.domain.messages import kinds
from appointments.domain.moving import answers
from appointments.domain.recovery import cases
from appointments.enums import CaseOrigin, EventKind, PromiseKind
from appointments.errors import DomainError
from appointments.models import CaseEntry, Promise, RecoveryCase
from notifications.models import Message
from tests.clock import NOW, hours, minutes
from tests.factories import Clinic, StaffFactory

pytestmark = pytest.mark.django_db


def taken_up(clinic: Clinic, *, words: str = "") -> RecoveryCase:
    by, appointment = actors.staff(clinic.staff), clinic.offered().appointment
    case = cases.take_up(appointment, CaseOrigin.STAFF, key="staff:1", now=NOW, by=by, words=words)
    assert case is not None
    return case


def test_the_contact_of_the_move_owns_it_and_owes_an_answer(melati: Clinic) -> None:
    case = taken_up(melati, words="Nobody told me.")
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)

    assert (case.owner, case.stage, case.number) == (melati.staff, "hear", case.request.case_number)  # type: ignore[union-attr]
    assert (owed.owner, owed.request, owed.details) == (melati.staff, case.request, "Nobody told me.")
    opened = case.appointment.events.get(kind=EventKind.CASE_OPENED)
    assert (opened.note, opened.actor) == ("written down by a colleague", melati.staff)


def test_the_same_again_is_the_same_and_more_joins_the_open_one(melati: Clinic) -> None:
    first = taken_up(melati, words="One.")
    for key in ("staff:1", "staff:2"):
        again = cases.take_up(first.appointment, CaseOrigin.STAFF, key=key, now=NOW, by=actors.SYSTEM, words="Two.")
        assert again == first

    assert list(first.entries.values_list("key", "words")) == [("staff:1", "One."), ("staff:2", "Two.")]
    assert Promise.objects.open().filter(kind=PromiseKind.REPLY).count() == 1


def test_what_is_owed_already_is_not_owed_twice(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    cases.take_up(round_.appointment, CaseOrigin.TOLD, key="answer:1", now=NOW, by=actors.SYSTEM)

    assert list(Promise.objects.open().exclude(kind=PromiseKind.HOLD).values_list("kind", flat=True)) == ["call"]


def test_where_nobody_works_nobody_owns_it(melati: Clinic) -> None:
    appointment = melati.booked()
    for one in (melati.staff, melati.manager):
        one.is_active = False
        one.save()

    assert cases.take_up(appointment, CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM) is None
    assert not CaseEntry.objects.exists()


def test_an_appointment_that_was_never_moved_has_a_number_of_its_own(melati: Clinic) -> None:
    case = cases.take_up(melati.booked(), CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert case is not None
    assert (case.number, case.request) == (f"K-{1000 + case.pk}", None)


def test_whoever_takes_it_over_owes_the_answer(melati: Clinic) -> None:
    case, lead = taken_up(melati), StaffFactory(first_name="Sinta")
    due = Promise.objects.open().get(kind=PromiseKind.REPLY).due_at
    case = cases.hand_over(case, to=lead, by=actors.staff(melati.staff), now=NOW + hours(1), note="She knows her.")
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)

    assert (case.owner, owed.owner, owed.due_at) == (lead, lead, due)
    assert case.appointment.events.get(kind=EventKind.CASE_HANDED).note.endswith("She knows her.")
    assert cases.hand_over(case, to=lead, by=actors.SYSTEM, now=NOW + hours(2)) == case
    assert case.appointment.events.filter(kind=EventKind.CASE_HANDED).count() == 1


def test_the_customer_reads_who_has_it_now_and_that_the_hour_holds(melati: Clinic) -> None:
    case, lead = taken_up(melati, words="Nobody told me."), StaffFactory(first_name="Sinta", last_name="Dewi")
    due = Promise.objects.open().get(kind=PromiseKind.REPLY).due_at
    cases.hand_over(case, to=lead, by=actors.staff(melati.staff), now=NOW + minutes(5))
    told = Message.objects.get(kind="handed_over")
    assert (told.context["contact"]["name"], told.not_after) == ("Sinta Dewi", due)
    assert kinds.why_stale("handed_over", told.true_if, now=NOW) is None
    cases.hand_over(case, to=melati.staff, by=actors.staff(lead), now=NOW + minutes(6))
    assert kinds.why_stale("handed_over", told.true_if, now=NOW) is not None
    assert Message.objects.filter(kind="handed_over").count() == 2


def test_whoever_told_us_nothing_reads_nothing_of_it(melati: Clinic) -> None:
    appointment = melati.offered().appointment
    case = cases.take_up(appointment, CaseOrigin.BROKEN, key="promise:1", now=NOW, by=actors.SYSTEM)
    assert case is not None
    cases.hand_over(case, to=StaffFactory(), by=actors.SYSTEM, now=NOW + minutes(5))
    assert not Message.objects.filter(kind="handed_over").exists()


def test_nobody_who_has_left_takes_it_over(melati: Clinic) -> None:
    case, gone = taken_up(melati), StaffFactory(is_active=False)
    with pytest.raises(DomainError, match="does not work here"):
        cases.hand_over(case, to=gone, by=actors.SYSTEM, now=NOW)


def test_an_appointment_has_one_open_case_whoever_writes(melati: Clinic) -> None:
    case = taken_up(melati)
    with pytest.raises(IntegrityError, match=r"case_one_open|UNIQUE"), transaction.atomic():
        RecoveryCase.objects.create(appointment=case.appointment, owner=melati.staff, opened_at=NOW)


def test_an_answer_in_time_is_a_promise_like_any_other(melati: Clinic) -> None:
    case = taken_up(melati)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert owed.due_at == promises.usually_due(case.appointment.location, now=NOW)
