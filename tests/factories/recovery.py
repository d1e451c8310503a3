"""Complaints, worked through by the rules."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User

from appointments.domain import actors
from appointments.domain.moving import answers
from appointments.domain.moving.replies import read_so_far
from appointments.domain.recovery import answering, cases, steps
from appointments.enums import ApologyLevel, CaseConcern, CaseOrigin, PointAction
from appointments.models import Reason, RecoveryCase
from tests.clock import NOW
from tests.factories.clinic import Clinic


def work_through(case: RecoveryCase, *, by: User, cause: Reason, now: datetime) -> RecoveryCase:
    """All five steps, with one point that our letter settles."""
    steps.hear(case, concern=CaseConcern.LOST_TIME, wants="", points=["Who pays?"], by=by, now=now)
    steps.empathise(case, cost="You took a day off for nothing.", by=by, now=now)
    steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=by, now=now)
    for point in case.points.filter(done_at=None):
        steps.resolve(point, action=PointAction.WORDS, reply="We do.", by=by, now=now)
    owed = answering.letter_owed(case)
    if owed is not None:
        answering.reply(owed, "We do.", to=read_so_far(owed), by=by, now=now)
    return steps.diagnose(case, cause=cause, learned="Say it the day before.", by=by, now=now)


def at_resolve(clinic: Clinic, *, points: Sequence[str] = ("Who pays for that?",)) -> RecoveryCase:
    """A complaint about a move that has come to the step at which each point gets its answer."""
    round_ = clinic.offered()
    answers.accept(round_.offers.get(position=1), nonce=f"p{round_.pk}", now=NOW)
    answers.tell(round_, words="I took a day off. Who pays for that?", nonce=f"t{round_.pk}", now=NOW)
    case = cases.take_up(round_.appointment, CaseOrigin.TOLD, key=f"answer:{round_.pk}", now=NOW, by=actors.CUSTOMER)
    assert case is not None
    by = clinic.staff
    steps.hear(case, concern=CaseConcern.LOST_TIME, wants="", points=points, by=by, now=NOW)
    steps.empathise(case, cost="You took a day off for nothing.", by=by, now=NOW)
    return steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=by, now=NOW)
