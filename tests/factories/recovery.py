"""Complaints, worked through by the rules."""

from datetime import datetime

from django.contrib.auth.models import User

from appointments.domain.moving.replies import read_so_far
from appointments.domain.recovery import answering, steps
from appointments.enums import ApologyLevel, CaseConcern, PointAction
from appointments.models import Reason, RecoveryCase


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
