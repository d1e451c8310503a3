"""Why appointments move: how often, with how much notice, how quickly answered, how soon placed again.

The cases are those of `reports.moves`. Figures are of causes, services, places and months, never of people.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from statistics import median
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from appointments.domain.reports.moves import is_placed, month_days, month_key, moves, opened_between
from appointments.enums import LIVE_REQUEST_STATES, DisruptionScope, Family, Fault
from appointments.models import Disruption, Location, Reason, RescheduleRequest, Service


class Dimension(TextChoices):
    """By what the report is divided."""

    REASON = "reason", _("reason")
    DISRUPTION = "disruption", _("disruption")
    FAMILY = "family", _("family of reasons")
    FAULT = "fault", _("fault")
    SERVICE = "service", _("service")
    LOCATION = "location", _("location")
    MONTH = "month", _("month")


ALONE, WISHED = "alone", "wished"
"""The moves that no disruption of many stands behind: what concerned one appointment only, and what was wished for."""


@dataclass(frozen=True)
class Filters:
    """Leave out everything else. Empty values mean all; `reason`, `service` and `location` are primary keys."""

    reason: int | None = None
    family: str = ""
    fault: str = ""
    service: int | None = None
    location: int | None = None


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


@dataclass(frozen=True)
class Report:
    """`rows` by count, months by date; `total` holds the same figures for all of them together."""

    start: date
    end: date
    group_by: Dimension
    filters: Filters
    rows: tuple[Row, ...]
    total: Row


@dataclass(frozen=True)
class _Move:
    keys: dict[Dimension, str]
    notice: timedelta
    answered_after: timedelta | None
    is_open: bool
    is_placed: bool
    is_silent: bool


def reasons_report(*, start: date, end: date, group_by: Dimension, filters: Filters | None = None) -> Report:
    """The moves that began from `start` to `end` (both included), in groups; every month of the period has its row.

    Four queries at most, whatever the size. Medians are exact. For the days see `cases.opened_between`.
    """
    filters = filters or Filters()
    found = _read(_filtered(opened_between(moves(), start, end), filters))
    groups: dict[str, list[_Move]] = defaultdict(list)
    if group_by == Dimension.MONTH:
        groups.update((key, []) for key in _months(start, end))
    for move in found:
        groups[move.keys[group_by]].append(move)
    label = _labels(group_by, groups)
    rows = [_row(key, label(key), group, total=len(found)) for key, group in groups.items()]
    rows.sort(key=lambda row: (row.key,) if group_by == Dimension.MONTH else (-row.count, row.label, row.key))
    if group_by != Dimension.MONTH:
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


def _months(start: date, end: date) -> Iterable[str]:
    day = start.replace(day=1)
    while day <= end:
        yield f"{day:%Y-%m}"
        day = (day + timedelta(days=31)).replace(day=1)


def _filtered(found: QuerySet[RescheduleRequest], filters: Filters) -> QuerySet[RescheduleRequest]:
    wanted = {
        "reason": filters.reason,
        "reason__family": filters.family,
        "reason__fault": filters.fault,
        "appointment__service": filters.service,
        "appointment__location": filters.location,
    }
    return found.filter(**{field: value for field, value in wanted.items() if value})


def _read(found: QuerySet[RescheduleRequest]) -> list[_Move]:
    facts = ("opened_at", "was_starts_at", "first_answer_at", "end_state", "placed_at", "is_silent")
    groups = (
        "reason_id",
        "reason__family",
        "reason__fault",
        "appointment__service_id",
        "appointment__location_id",
        "appointment__location__zone",
        "disruption_id",
        "disruption__scope",
    )
    lines = found.order_by("pk").values_list(*facts, *groups)
    return [_as_move(*line[: len(facts)], group=line[len(facts) :]) for line in lines]


def _as_move(
    told_at: datetime,
    was: datetime,
    answered_at: datetime | None,
    end_state: str,
    placed_at: datetime | None,
    is_silent: bool,
    *,
    group: tuple[Any, ...],
) -> _Move:
    reason, family, fault, service, location, zone, disruption, scope = group
    return _Move(
        keys={
            Dimension.REASON: str(reason),
            Dimension.DISRUPTION: _stood_behind(disruption, scope),
            Dimension.FAMILY: family,
            Dimension.FAULT: fault,
            Dimension.SERVICE: str(service),
            Dimension.LOCATION: str(location),
            Dimension.MONTH: month_key(told_at, zone),
        },
        notice=was - told_at,
        answered_after=answered_at - told_at if answered_at else None,
        is_open=end_state in LIVE_REQUEST_STATES,
        is_placed=is_placed(end_state, placed_at, was=was),
        is_silent=is_silent,
    )


def _stood_behind(disruption: int | None, scope: str | None) -> str:
    if disruption is None:
        return WISHED
    return ALONE if scope == DisruptionScope.APPOINTMENT else str(disruption)


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
        named = dict((Family if group_by == Dimension.FAMILY else Fault).choices)
    return lambda key: str(named[key])


def _row(key: str, label: str, group: list[_Move], *, total: int) -> Row:
    count = len(group)
    waits = [move.answered_after for move in group if move.answered_after is not None]
    placed = sum(move.is_placed for move in group)
    silent = sum(move.is_silent for move in group)
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
    )


def _median_hours(spans: list[timedelta]) -> float | None:
    return median(span / timedelta(hours=1) for span in spans) if spans else None
