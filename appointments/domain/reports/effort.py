"""How much a move asks of a customer: how often they had to answer, how many messages they got, how long it took."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import OuterRef, Subquery

from appointments.domain.messages import sent
from appointments.domain.reports.moves import Rounds
from appointments.enums import AnswerKind
from appointments.models import Answer, RescheduleRequest


@dataclass(frozen=True)
class Effort:
    """Of `settled` moves whose customers answered: medians of their `answers` and of the `messages` until it was
    settled, and of the `hours` it took from telling them; `at_once`: how many were settled by the first answer.
    """

    settled: int
    answers: float
    messages: float
    hours: float
    at_once: int

    @property
    def at_once_share(self) -> float:
        return self.at_once / self.settled


def effort(found: Rounds) -> Effort | None:
    """Of `found` (which come from `reports.moves`); None where no customer has answered yet. Three queries."""
    end = RescheduleRequest.objects.filter(pk=OuterRef("end_id")).values("closed_at")
    settled = found.filter(first_answer_at__isnull=False).annotate(ended_at=Subquery(end)).exclude(ended_at=None)
    moves = list(settled.order_by("pk").values_list("appointment_id", "opened_at", "ended_at"))
    if not moves:
        return None
    first, last = min(opened for _pk, opened, _end in moves), max(ended for _pk, _opened, ended in moves)
    given = Answer.objects.exclude(kind=AnswerKind.TELL).filter(at__gte=first, at__lte=last)
    answers = _of_moves(moves, given.values_list("request__appointment", "at"))
    messages = _of_moves(moves, sent.written_between(first, last))
    return Effort(
        settled=len(moves),
        answers=median(answers),
        messages=median(messages),
        hours=median((ended - opened) / timedelta(hours=1) for _pk, opened, ended in moves),
        at_once=sum(count == 1 for count in answers),
    )


def _of_moves(
    moves: Sequence[tuple[int, datetime, datetime]], happened: Iterable[tuple[int, datetime]]
) -> Sequence[int]:
    """How often something happened to the appointment of each move while it lasted."""
    when: Mapping[int, list[datetime]] = defaultdict(list)
    for appointment, at in happened:
        when[appointment].append(at)
    for moments in when.values():
        moments.sort()
    return [
        bisect_right(when[appointment], ended) - bisect_left(when[appointment], opened)
        for appointment, opened, ended in moves
    ]
