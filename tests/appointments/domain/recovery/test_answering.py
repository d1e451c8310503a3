"""What the customer said is read before it is replied to, and the reply settles what it answers."""

import pytest

from appointments.domain.moving import answers
from appointments.domain.moving.replies import read_so_far
from appointments.domain.recovery import answering, listening, steps
from appointments.enums import ApologyLevel, CaseConcern, CaseStage, PointAction, PromiseKind
from appointments.models import Promise, RecoveryCase
from tests.clock import NOW, hours
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(melati: Clinic) -> RecoveryCase:
    answers.tell(melati.offered(), words="Nobody told me. Who pays?", nonce="t", now=NOW)
    listening.listen(now=NOW)
    return RecoveryCase.objects.get()


def owed() -> Promise:
    return Promise.objects.open().get(kind=PromiseKind.REPLY)


def test_nobody_replies_before_every_point_has_an_answer(melati: Clinic, case: RecoveryCase) -> None:
    assert answering.has_to_listen_first(owed()) == case
    points = ["Nobody told me.", "Who pays?"]
    steps.hear(case, concern=CaseConcern.WAIT, wants="", points=points, by=melati.staff, now=NOW)
    steps.empathise(case, cost="A day.", by=melati.staff, now=NOW)
    steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=melati.staff, now=NOW)
    for point in case.points.all():
        assert answering.has_to_listen_first(owed()) == case
        steps.resolve(point, action=PointAction.WORDS, reply="Yes.", by=melati.staff, now=NOW)
    assert answering.has_to_listen_first(owed()) is None

    letter = answering.letter_owed(case)
    assert letter == owed()
    answering.reply(owed(), "Yes.", to=read_so_far(owed()), by=melati.staff, now=NOW + hours(1))
    case.refresh_from_db()
    assert case.stage == CaseStage.DIAGNOSE
    assert answering.letter_owed(case) is None


def test_where_no_complaint_is_open_one_just_replies(melati: Clinic) -> None:
    answers.tell(melati.offered(), words="When do you open?", nonce="t", now=NOW)
    assert answering.has_to_listen_first(owed()) is None
    answering.reply(owed(), "At eight.", to=read_so_far(owed()), by=melati.staff, now=NOW)
    assert not RecoveryCase.objects.exists()
