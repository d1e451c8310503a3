"""The most urgent complaint first; of one, both sides of its story and the step that comes next."""

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers
from appointments.domain.pages import complaints
from appointments.domain.recovery import cases, steps
from appointments.enums import ApologyLevel, CaseConcern, CaseOrigin, PointAction
from appointments.models import Appointment, Promise, RecoveryCase
from tests.clock import NOW, hours
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def taken_up(clinic: Clinic, appointment: Appointment) -> RecoveryCase:
    case = cases.take_up(
        appointment, CaseOrigin.STAFF, key=f"k{appointment.pk}", words="One. Two.", now=NOW, by=actors.SYSTEM
    )
    assert case is not None
    return case


def test_what_is_due_first_stands_first_and_what_nothing_is_owed_for_last(melati: Clinic) -> None:
    starts = ("2026-11-24 10:00", "2026-11-24 11:00", "2026-11-24 12:00")
    found = [taken_up(melati, melati.booked(one, customer=CustomerFactory())) for one in starts]
    Promise.objects.filter(appointment=found[0].appointment).update(due_at=NOW + hours(9))
    Promise.objects.filter(appointment=found[1].appointment).update(state="kept", settled_at=NOW)
    Promise.objects.filter(appointment=found[2].appointment).update(due_at=NOW + hours(1))

    waiting = complaints.waiting(RecoveryCase.objects.all()).values_list("pk", "due_at")  # type: ignore[misc]  # annotated
    assert list(waiting) == [(found[2].pk, NOW + hours(1)), (found[0].pk, NOW + hours(9)), (found[1].pk, None)]


def test_open_points_are_counted_once_whatever_is_owed(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    answers.tell(round_, words="One.", nonce="t", now=NOW)
    case = taken_up(melati, round_.appointment)
    points = ["One.", "Two."]
    steps.hear(case, concern=CaseConcern.NOTHING, wants="", points=points, by=melati.staff, now=NOW)
    waiting = complaints.waiting(RecoveryCase.objects.all())
    assert list(waiting.values_list("open_points", flat=True)) == [2]  # type: ignore[misc]  # annotated


def test_the_letter_may_be_written_when_every_point_has_an_answer(melati: Clinic) -> None:
    case = taken_up(melati, melati.offered().appointment)
    assert [(one.number, one.look) for one in complaints.complaint(case, now=NOW).steps] == [
        (1, "now"), (2, "later"), (3, "later"), (4, "later"), (5, "later"),
    ]  # fmt: skip
    steps.hear(case, concern=CaseConcern.WAIT, wants="", points=["One.", "Two."], by=melati.staff, now=NOW)
    steps.empathise(case, cost="A day.", by=melati.staff, now=NOW)
    case = steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=melati.staff, now=NOW)
    seen = []
    for point in case.points.all():
        seen.append(complaints.complaint(case, now=NOW).can_be_answered)
        steps.resolve(point, action=PointAction.WORDS, reply="Yes.", by=melati.staff, now=NOW)
    found = complaints.complaint(case, now=NOW)
    assert (seen, found.can_be_answered) == ([False, False], True)
    assert [one.look for one in found.steps] == ["done", "done", "done", "now", "later"]


def test_one_and_thirty_take_as_many_queries(melati: Clinic, django_assert_num_queries: object) -> None:
    for number in range(3):
        customer = CustomerFactory()
        taken_up(melati, melati.booked(NOW + hours(24 + number), customer=customer))
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len([str(one.owner) + one.number for one in complaints.waiting(RecoveryCase.objects.all())]) == 3
