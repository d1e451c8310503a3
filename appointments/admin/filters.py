"""Filters by days, and by how a move went on; the reports link to lists filtered by exactly these.

What the address of a list may ask for at all is decided in `appointments.adminlookups`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import parse_day
from appointments.domain.reports.cuts import Missing, Notice, cut, weekdays
from appointments.domain.reports.moves import FIRST_DAY, LAST_DAY, Cases, month_days, moves, of_cases, opened_between
from appointments.models import RescheduleRequest

FROM, UNTIL, CASES = "told_from", "told_until", "cases"


class DaysFilter(admin.ListFilter):
    """From one day to another, both included. Subclasses say of what, and which parameters hold the two days."""

    first_day: str
    last_day: str

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in (self.first_day, self.last_day):
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def between(self, queryset: QuerySet[Any], first: date | None, last: date | None) -> QuerySet[Any]:
        """The rows of these days."""
        raise NotImplementedError

    def expected_parameters(self) -> list[str | None]:
        return [self.first_day, self.last_day]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.between(queryset, *self._days())

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, last = self._days()
        chosen = (first, last)
        yield self._choice(changelist, _("Any day"), (None, None), chosen)
        known: list[Any] = [(None, None)]
        for title, days in _usual_periods(timezone.localdate()):
            known.append(days)
            yield self._choice(changelist, title, days, chosen)
        if chosen not in known:
            shown = " – ".join(date_format(day, "SHORT_DATE_FORMAT") if day else "…" for day in chosen)
            yield self._choice(changelist, shown, chosen, chosen)

    def _choice(self, changelist: Any, title: Any, days: Any, chosen: Any) -> dict[str, Any]:
        names = (self.first_day, self.last_day)
        wanted = {name: day.isoformat() for name, day in zip(names, days, strict=True) if day}
        return {
            "selected": days == chosen,
            "query_string": changelist.get_query_string(wanted, remove=set(names) - set(wanted)),
            "display": title,
        }

    def _days(self) -> tuple[date | None, date | None]:
        days = []
        for name in (self.first_day, self.last_day):
            text = str(self.used_parameters.get(name) or "")
            day = parse_day(text)
            if text and (day is None or not FIRST_DAY <= day <= LAST_DAY):
                raise IncorrectLookupParameters(name)
            days.append(day)
        return days[0], days[1]


class ToldFilter(DaysFilter):
    """By the calendar of each place, as the reports count."""

    title = _("customer told")
    first_day, last_day = FROM, UNTIL

    def between(self, queryset: QuerySet[Any], first: date | None, last: date | None) -> QuerySet[Any]:
        return opened_between(queryset, first, last)


def days_of(field: str, title: Any) -> type[DaysFilter]:
    """A filter of `field` by the calendar of the colleague's place: two bounds, which an index finds quickly."""

    class OfField(DaysFilter):
        first_day, last_day = f"{field}_from", f"{field}_until"

        def between(self, queryset: QuerySet[Any], first: date | None, last: date | None) -> QuerySet[Any]:
            bounds = {}
            if first:
                bounds[f"{field}__gte"] = _midnight(first)
            if last:
                bounds[f"{field}__lt"] = _midnight(last + timedelta(days=1))
            return queryset.filter(**bounds)

    OfField.title = title
    return OfField


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def _usual_periods(today: date) -> list[tuple[Any, tuple[date | None, date | None]]]:
    this_month = month_days(f"{today:%Y-%m}")
    last_month = month_days(f"{this_month[0] - timedelta(days=1):%Y-%m}")
    return [
        (_("Last 7 days"), (today - timedelta(days=6), today)),
        (_("This month"), this_month),
        (_("Last month"), last_month),
        (_("This year"), (date(today.year, 1, 1), date(today.year, 12, 31))),
    ]


class RoundsFilter(admin.SimpleListFilter):
    """Rounds by one of the values to choose from. Subclasses say which, and what each of them leaves."""

    def of(self, queryset: QuerySet[RescheduleRequest], value: str) -> QuerySet[RescheduleRequest]:
        raise NotImplementedError

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RescheduleRequest]
    ) -> QuerySet[RescheduleRequest] | None:
        value = self.value()
        if value is None:
            return None
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters(self.parameter_name)
        return self.of(queryset, value)


class CutFilter(RoundsFilter):
    """By one of the values that `cuts.cut` tells of a round: `field`."""

    field: str

    def of(self, queryset: QuerySet[RescheduleRequest], value: str) -> QuerySet[RescheduleRequest]:
        found: QuerySet[RescheduleRequest] = cut(queryset).filter(**{self.field: value})
        return found


class WeekdayFilter(CutFilter):
    title, parameter_name, field = _("weekday"), "weekday", "weekday"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return weekdays()


class NoticeFilter(CutFilter):
    title, parameter_name, field = _("notice given"), "notice", "notice_given"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Notice.choices)


class MissingFilter(CutFilter):
    title, parameter_name, field = _("what was missing"), "missing", "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Missing.choices)


class CasesFilter(RoundsFilter):
    """Moves instead of rounds, by how they went on."""

    title = _("moves")
    parameter_name = CASES

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Cases.choices)

    def of(self, queryset: QuerySet[RescheduleRequest], value: str) -> QuerySet[RescheduleRequest]:
        return of_cases(moves(queryset), Cases(value))

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("every proposal")}
        yield from others
