"""The playbook as colleagues read it: the shelf, one solution, and what there is for a move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db.models import Count, Q

from appointments.domain.messages.context import customer_of
from appointments.domain.recovery.playbook.authority import may_use
from appointments.domain.recovery.playbook.menu import Choice, choices
from appointments.domain.recovery.playbook.uses import NOTHING_KNOWN, Helped, helped
from appointments.models import (
    Appointment,
    Business,
    Reason,
    Service,
    Solution,
    SolutionRead,
    SolutionVersion,
    SolutionVote,
)
from appointments.models.playbook import TEXTS, VersionQuerySet
from notifications.text.addressing import addressing
from notifications.text.cleaning import fold, sought


@dataclass(frozen=True)
class Line:
    """One solution as it stands on the shelf."""

    version: SolutionVersion
    helped: Helped
    worked: int
    did_not: int
    is_read: bool
    is_due: bool
    may_use: bool

    @property
    def solution(self) -> Solution:
        return self.version.solution


def shelf(
    *,
    reader: User,
    today: date,
    words: str = "",
    reason: Reason | None = None,
    due: bool = False,
    put_away: bool = False,
) -> list[Line]:
    """Those that hold all the words, in any order and any language, those that helped most first. Six queries."""
    rows = SolutionVersion.objects.newest().filter(solution__archived_at__isnull=not put_away)
    if due:
        rows = rows.filter(solution__review_by__lte=today)
    found = [one for one in _with_all(rows.meant_for(reason=reason, service=None)) if _holds(one, sought(words))]
    return _lines(found, reader=reader, today=today)


def for_situation(*, reason: Reason | None, service: Service, reader: User, today: date) -> list[Line]:
    """What there is for one cause and one service. Without a known cause only what helps with any."""
    rows = SolutionVersion.objects.in_use().meant_for(reason=reason, service=service)
    if reason is None:
        rows = rows.filter(solution__reasons=None)
    return _lines(list(_with_all(rows)), reader=reader, today=today)


def line_of(version: SolutionVersion, *, reader: User, today: date) -> Line:
    return _lines([version], reader=reader, today=today)[0]


def _with_all(rows: VersionQuerySet) -> VersionQuerySet:
    found: VersionQuerySet = rows.select_related("solution", "written_by").prefetch_related(
        "solution__reasons", "solution__services"
    )
    return found


def _holds(version: SolutionVersion, words: Sequence[str]) -> bool:
    texts = [text for name in TEXTS for text in getattr(version, name).data.values()]
    labels = [text for reason in version.solution.reasons.all() for text in reason.label.data.values()]
    folded = fold(" ".join([*texts, *labels]))
    return all(word in folded for word in words)


def _lines(found: Sequence[SolutionVersion], *, reader: User, today: date) -> list[Line]:
    pks = [one.solution_id for one in found]
    known, votes, reads = helped(pks), _votes(pks), _read_by(reader, found)
    lines = [
        Line(
            version=one,
            helped=known.get(one.solution_id, NOTHING_KNOWN),
            worked=votes.get(one.solution_id, (0, 0))[0],
            did_not=votes.get(one.solution_id, (0, 0))[1],
            is_read=one.pk in reads,
            is_due=one.solution.review_by <= today,
            may_use=may_use(one.solution.used_by, reader),
        )
        for one in found
    ]
    return sorted(lines, key=_best_first)


def _best_first(line: Line) -> tuple[float, int, str]:
    share = line.helped.times / line.helped.of if line.helped.is_known else 0.5
    return (-share, line.did_not - line.worked, fold(str(line.version)))


def _votes(pks: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = SolutionVote.objects.filter(solution__in=pks).order_by().values("solution")
    counted = rows.annotate(yes=Count("pk", filter=Q(worked=True)), no=Count("pk", filter=Q(worked=False)))
    return {one["solution"]: (one["yes"], one["no"]) for one in counted}


def _read_by(reader: User, found: Sequence[SolutionVersion]) -> set[int]:
    return set(SolutionRead.objects.filter(reader=reader, version__in=found).values_list("version", flat=True))


@dataclass(frozen=True)
class Offered:
    """A solution in the menu, with its words as they are said to the customer, in the language that they read."""

    line: Line
    words: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.line.version.pk)


@dataclass(frozen=True)
class Menu:
    """What there is for one appointment and one cause: the ways we have, and what helped others."""

    choices: Sequence[Choice]
    solutions: Sequence[Offered]


def menu_for(appointment: Appointment, *, reason: Reason | None, reader: User, now: datetime) -> Menu:
    today = now.astimezone(appointment.location.tzinfo).date()
    lines = for_situation(reason=reason, service=appointment.service, reader=reader, today=today)
    reads = appointment.customer.reads
    customer = customer_of(appointment, tone=Business.current().tone)
    return Menu(
        choices=choices(appointment, reason=reason, reader=reader, now=now),
        solutions=[Offered(line, addressing(line.version.words_in(reads), customer, reads)) for line in lines],
    )
