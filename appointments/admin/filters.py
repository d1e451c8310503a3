"""Filters of the list of reschedule requests. The reports link to lists filtered by exactly these."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import parse_day
from appointments.domain.cases import FIRST_DAY, LAST_DAY, Cases, month_days, moves, of_cases, opened_between
from appointments.models import RescheduleRequest

FROM, UNTIL, CASES = "told_from", "told_until", "cases"


class PeriodFilter(admin.ListFilter):
    """From one day to another, both included, by the calendar of each place."""

    title = _("customer told")
    parameter_name = FROM

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def expected_parameters(self) -> list[str | None]:
        return [FROM, UNTIL]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[RescheduleRequest]) -> QuerySet[RescheduleRequest]:
        return opened_between(queryset, *self._days())

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
        wanted = {name: day.isoformat() for name, day in zip((FROM, UNTIL), days, strict=True) if day}
        return {
            "selected": days == chosen,
            "query_string": changelist.get_query_string(wanted, remove={FROM, UNTIL} - set(wanted)),
            "display": title,
        }

    def _days(self) -> tuple[date | None, date | None]:
        days = []
        for name in (FROM, UNTIL):
            text = str(self.used_parameters.get(name) or "")
            day = parse_day(text)
            if text and (day is None or not FIRST_DAY <= day <= LAST_DAY):
                raise IncorrectLookupParameters(name)
            days.append(day)
        return days[0], days[1]


def _usual_periods(today: date) -> list[tuple[Any, tuple[date | None, date | None]]]:
    this_month = month_days(f"{today:%Y-%m}")
    last_month = month_days(f"{this_month[0] - timedelta(days=1):%Y-%m}")
    return [
        (_("Last 7 days"), (today - timedelta(days=6), today)),
        (_("This month"), this_month),
        (_("Last month"), last_month),
        (_("This year"), (date(today.year, 1, 1), date(today.year, 12, 31))),
    ]


class CasesFilter(admin.SimpleListFilter):
    """Moves instead of rounds, by how they went on."""

    title = _("moves")
    parameter_name = CASES

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Cases.choices)

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RescheduleRequest]
    ) -> QuerySet[RescheduleRequest] | None:
        value = self.value()
        if value is None:
            return None
        if value not in Cases.values:
            raise IncorrectLookupParameters(CASES)
        return of_cases(moves(queryset), Cases(value))

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("every round")}
        yield from others
