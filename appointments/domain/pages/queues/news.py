"""Whether anything in any queue may have changed: a word that is the same as long as nothing has.

Every open page asks it every few seconds, so it reads only what an index answers at once, or what is small.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, Max, QuerySet, Value

from appointments.domain.messages import sent
from appointments.models import (
    AffectedAppointment,
    Answer,
    AppointmentEvent,
    CallAttempt,
    Disruption,
    Promise,
    RescheduleRequest,
)


def mark(*, now: datetime) -> str:
    """Another one whenever a line may say something else, and with every minute, as lines count minutes. One query.

    What colleagues and customers do is in the history; what only the sender does, in its attempts. Two things are in
    neither: that an appointment takes place after all, and that a disruption has been called off.
    """
    parts = (
        _part("events", AppointmentEvent.objects.all()),
        _part("promises", Promise.objects.all()),
        _part("rounds", RescheduleRequest.objects.all()),
        _part("answers", Answer.objects.all()),
        _part("calls", CallAttempt.objects.all()),
        _part("hit", AffectedAppointment.objects.all(), count=Count("kept_at")),
        _part("disruptions", Disruption.objects.all(), count=Count("ended_at")),
        *(_part(name, rows) for name, rows in sent.sources_of_news().items()),
    )
    first, *rest = parts
    stands = sorted(first.union(*rest, all=True), key=str)
    return hashlib.sha256(repr((stands, int(now.timestamp()) // 60)).encode()).hexdigest()[:16]


def _part(name: str, rows: QuerySet[Any], *, count: Aggregate | None = None) -> QuerySet[Any]:
    """One row: (name, newest, count)."""
    named = rows.order_by().annotate(part=Value(name)).values_list("part")
    return named.annotate(newest=Max("pk"), count=count or Value(0))
