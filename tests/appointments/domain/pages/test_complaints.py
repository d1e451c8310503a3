"""The most urgent complaint first; of one, both sides of its story and the step that comes next."""

import pytest

from appointments.domain import actors
from appointments.domain.pages import complaints
from appointments.domain.recovery import cases, steps
from appointments.enums import ApologyLevel, CaseConcern, CaseOrigin, PointAction
from appointments.models import Appointment, RecoveryCase
from tests.clock import NOW
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def taken_up(clinic: Clinic, appointment: Appointment) -> RecoveryCase:
    case = cases.take_up(
        appointment, CaseOrigin.STAFF, key=f"k{appointment.pk}", words="One. Two.", now=NOW, by=actors.SYSTEM
    )
    assert case is not None
    return case


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
