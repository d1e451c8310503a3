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


def at_the_letter(melati: Clinic, case: RecoveryCase, concern: CaseConcern) -> Promise:
    steps.hear(case, concern=concern, wants="", points=["Who pays?"], by=melati.staff, now=NOW)
    if concern != CaseConcern.NOTHING:
        steps.empathise(case, cost="A day.", by=melati.staff, now=NOW)
        steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=melati.staff, now=NOW)
    steps.resolve(case.points.get(), action=PointAction.WORDS, reply="We do.", by=melati.staff, now=NOW)
    letter = owed()
    answering.reply(letter, "We do.", to=read_so_far(letter), by=melati.staff, now=NOW)
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize(
    ("concern", "stage"), [(CaseConcern.WAIT, CaseStage.DIAGNOSE), (CaseConcern.NOTHING, CaseStage.CLOSED)]
)
def test_a_letter_that_was_taken_back_settles_nothing(
    melati: Clinic, case: RecoveryCase, concern: CaseConcern, stage: CaseStage
) -> None:
    letter = at_the_letter(melati, case, concern)
    case.refresh_from_db()
    assert case.stage == stage
    assert answering.take_back(letter, by=melati.staff, now=NOW) == "We do."
    case.refresh_from_db()
    assert (case.stage, case.closed_at, case.points.get().done_at) == (CaseStage.RESOLVE, None, None)

    answering.reply(owed(), "We do, of course.", to=read_so_far(owed()), by=melati.staff, now=NOW + hours(1))
    case.refresh_from_db()
    assert case.stage == stage


def test_it_is_too_late_once_a_colleague_has_closed_it(melati: Clinic, case: RecoveryCase) -> None:
    letter = at_the_letter(melati, case, CaseConcern.WAIT)
    steps.diagnose(case, cause=melati.reason, learned="Say it.", by=melati.staff, now=NOW)
    assert answering.take_back(letter, by=melati.staff, now=NOW) is None
    letter.refresh_from_db()
    assert letter.reply == "We do."
