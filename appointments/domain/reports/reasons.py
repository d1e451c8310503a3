"""Why appointments move: how often, with how much notice, how quickly answered, how soon placed again.

The cases are those of `reports.moves`. Figures are of causes, services, places and months, never of people.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from appointments.domain.colleagues import Places
from appointments.domain.reports.cuts import Missing, Notice, weekdays
from appointments.domain.reports.facts import ALONE, WISHED, Dimension, Move, read
from appointments.domain.reports.moves import month_days, moves, opened_between
from appointments.enums import Family, Fault
from appointments.models import Disruption, Location, Reason, RescheduleRequest, Service

IN_ORDER = (Dimension.MONTH, Dimension.WEEKDAY, Dimension.NOTICE)
"""Divided by these, the rows follow the calendar; else the most moves come first, with what they make up together."""


@dataclass(frozen=True)
class Filters:
    """Leave out everything else. Empty values mean all; `reason`, `service` and `location` are primary keys.

    `places` is not asked for: it is what the reader may see.
    """

    reason: int | None = None
    family: str = ""
    fault: str = ""
    service: int | None = None
    location: int | None = None
    places: Places = None


@dataclass(frozen=True)
class Row:
    """The figures of one group. Shares are between 0 and 1, hours are medians; None where nothing can be said.

    count          moves that began in the period
    share          of all moves of the report
    running        share of this group and those before it, so that one sees the few that matter (Pareto); None by month
    open           not settled yet
    notice_hours   from telling the customer to the time that was moved; negative when we told them too late
    answered       moves the customer answered; answer_hours: from telling them to their first answer
    placed         ended with a time at most 7 days after the original one (or earlier), or with the original one
    silent         the time we gave for an answer passed without one
    lost           the appointment has been cancelled in the end, by whomever
    returned       the customer came again, or will, within 90 days after the time that had to move
    later_days     by how many days later than the original time those were placed who chose a new one
    given          what we gave with these moves, in the currency of the business
    """

    key: str
    label: str
    count: int
    share: float
    running: float | None
    open: int
    notice_hours: float | None
    answered: int
    answer_hours: float | None
    placed: int
    placed_share: float | None
    silent: int
    silent_share: float | None
    lost: int
    lost_share: float | None
    returned: int
    returned_share: float | None
    later_days: float | None
    given: Decimal


@dataclass(frozen=True)
class Report:
    """`rows` by count, months by date; `total` holds the same figures for all of them together."""

    start: date
    end: date
    group_by: Dimension
    filters: Filters
    rows: tuple[Row, ...]
    total: Row


def reasons_report(*, start: date, end: date, group_by: Dimension, filters: Filters | None = None) -> Report:
    """The moves that began from `start` to `end` (both included), in groups; every month of the period has its row.

    Six queries at most, whatever the size. Medians are exact. For the days see `moves.opened_between`.
    """
    filters = filters or Filters()
    found = read(moves_of(start, end, filters))
    groups: dict[str, list[Move]] = defaultdict(list)
    if group_by == Dimension.MONTH:
        groups.update((key, []) for key in _months(start, end))
    for move in found:
        groups[move.keys[group_by]].append(move)
    label = _labels(group_by, groups)
    rows = [_row(key, label(key), group, total=len(found)) for key, group in groups.items()]
    rows.sort(key=_place(group_by))
    if group_by not in IN_ORDER:
        rows = [
            replace(row, running=share) for row, share in zip(rows, accumulate(one.share for one in rows), strict=True)
        ]
    return Report(
        start=start,
        end=end,
        group_by=group_by,
        filters=filters,
        rows=tuple(rows),
        total=_row("", str(_("All together")), found, total=len(found)),
    )


def _place(group_by: Dimension) -> Callable[[Row], tuple[Any, ...]]:
    if group_by == Dimension.NOTICE:
        return lambda row: (Notice.values.index(row.key),)
    return lambda row: (row.key,) if group_by in IN_ORDER else (-row.count, row.label, row.key)


def _months(start: date, end: date) -> Iterable[str]:
    day = start.replace(day=1)
    while day <= end:
        yield f"{day:%Y-%m}"
        day = (day + timedelta(days=31)).replace(day=1)


def moves_of(start: date, end: date, filters: Filters) -> QuerySet[RescheduleRequest]:
    """The moves that a report is about."""
    wanted = {
        "reason": filters.reason,
        "reason__family": filters.family,
        "reason__fault": filters.fault,
        "appointment__service": filters.service,
        "appointment__location": filters.location,
    }
    found: QuerySet[RescheduleRequest] = opened_between(moves(places=filters.places), start, end)
    return found.filter(**{field: value for field, value in wanted.items() if value})


NAMED: dict[Dimension, Callable[[], Iterable[tuple[str, Any]]]] = {
    Dimension.FAMILY: lambda: Family.choices,
    Dimension.FAULT: lambda: Fault.choices,
    Dimension.WEEKDAY: weekdays,
    Dimension.NOTICE: lambda: Notice.choices,
    Dimension.MISSING: lambda: Missing.choices,
}


def _labels(group_by: Dimension, keys: Collection[str]) -> Callable[[str], str]:
    """Turns the key of a group into what people call it."""
    if group_by == Dimension.MONTH:
        return lambda key: date_format(month_days(key)[0], "YEAR_MONTH_FORMAT")
    named: dict[str, Any] = {}
    if group_by == Dimension.REASON:
        named = {str(reason.pk): reason.label_in() for reason in Reason.objects.all()}
    elif group_by == Dimension.SERVICE:
        named = {str(service.pk): service.name_in() for service in Service.objects.all()}
    elif group_by == Dimension.DISRUPTION:
        named = {ALONE: _("one appointment only"), WISHED: _("nothing was missing")}
        found = Disruption.objects.filter(pk__in=[key for key in keys if key.isdigit()]).for_display()
        named |= {str(one.pk): f"{one.what} · {one.location.said(one.starts_at)}" for one in found}
    elif group_by == Dimension.LOCATION:
        named = {str(pk): name for pk, name in Location.objects.values_list("pk", "name")}
    else:
        named = dict(NAMED[group_by]())
    return lambda key: str(named[key])


def _row(key: str, label: str, group: list[Move], *, total: int) -> Row:
    count = len(group)
    waits = [move.answered_after for move in group if move.answered_after is not None]
    placed = sum(move.is_placed for move in group)
    silent = sum(move.is_silent for move in group)
    lost, returned = sum(move.is_lost for move in group), sum(move.has_returned for move in group)
    later = [move.later / timedelta(days=1) for move in group if move.later is not None]
    return Row(
        key=key,
        label=label,
        count=count,
        share=count / total if total else 0.0,
        running=None,
        open=sum(move.is_open for move in group),
        notice_hours=_median_hours([move.notice for move in group]),
        answered=len(waits),
        answer_hours=_median_hours(waits),
        placed=placed,
        placed_share=placed / count if count else None,
        silent=silent,
        silent_share=silent / count if count else None,
        lost=lost,
        lost_share=lost / count if count else None,
        returned=returned,
        returned_share=returned / count if count else None,
        later_days=median(later) if later else None,
        given=sum((move.given for move in group), Decimal(0)),
    )


def _median_hours(spans: list[timedelta]) -> float | None:
    return median(span / timedelta(hours=1) for span in spans) if spans else None
