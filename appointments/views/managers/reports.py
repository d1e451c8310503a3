"""The reports for managers. They live in the admin, whose site closes them to everybody else."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from appointments.domain.reports.effort import effort
from appointments.domain.reports.facts import ALONE, WISHED, Dimension
from appointments.domain.reports.moves import Cases, month_days
from appointments.domain.reports.reasons import IN_ORDER, Report, Row, moves_of, reasons_report
from appointments.enums import DisruptionScope
from appointments.exports import FORMATS, Table
from appointments.exports import links as links_to_files
from appointments.forms.reports import ReasonsReportForm
from appointments.models import Business
from appointments.views.managers.exporting import take_home
from appointments.views.managers.find import may_read, places_for

FILTERS = {
    "reason": "reason__id__exact",
    "family": "reason__family__exact",
    "fault": "reason__fault__exact",
    "service": "appointment__service__id__exact",
    "location": "appointment__location__id__exact",
    "weekday": "weekday",
    "notice": "notice",
    "missing": "missing",
}
"""The filter of the list of requests for each filter of the report, and for each `Dimension` but two: months are days,
and for disruptions there is `BEHIND` as well.
"""
BEHIND: dict[str, dict[str, Any]] = {
    ALONE: {"disruption__scope__exact": DisruptionScope.APPOINTMENT},
    WISHED: {"disruption__isnull": "True"},
}


@require_safe
@may_read
def reasons(request: HttpRequest) -> HttpResponse:
    """Why appointments move: a chart, the same numbers as a table, each figure a link to its cases."""
    form = ReasonsReportForm(request.GET, places=places_for(request))
    report = _report(form) if form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "title": gettext("Why appointments move"),
        "form": form,
        "report": report,
        "rows": [(row, links(report, row), _leads_to(report, row)) for row in report.rows] if report else [],
        "total_links": links(report, report.total) if report else {},
        "chart": _chart(report) if report else None,
        "by_weight": bool(report and report.group_by not in IN_ORDER),
        "currency": Business.current().currency,
        "effort": effort(moves_of(report.start, report.end, report.filters)) if report else None,
        "divided_by": Dimension(report.group_by).label if report else "",
        "exports": links_to_files(request, "admin:reasons-report-file") if report else [],
    }
    return render(request, "appointments/reports/reasons.html", context, status=200 if report else 400)


@require_safe
@may_read
def reasons_file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The table of the report as a file."""
    form = ReasonsReportForm(request.GET, places=places_for(request))
    if kind not in FORMATS or not form.is_valid():
        raise Http404
    report = _report(form)
    name = f"reasons-{report.group_by}-{report.start:%Y-%m-%d}-{report.end:%Y-%m-%d}"
    return take_home(request, Table(name=name, head=_head(report), rows=_cells(report)), kind)


def links(report: Report, row: Row) -> dict[str, str]:
    """Where each figure of `row` leads: the list of exactly the cases it is made of, by the name of the set."""
    query: dict[str, Any] = {"told_from": report.start.isoformat(), "told_until": report.end.isoformat()}
    query |= {FILTERS[name]: value for name, value in _given(report).items()}
    if row.key and report.group_by == Dimension.MONTH:
        first, last = month_days(row.key)
        query["told_from"] = max(first, report.start).isoformat()
        query["told_until"] = min(last, report.end).isoformat()
    elif row.key and report.group_by == Dimension.DISRUPTION:
        query |= BEHIND.get(row.key) or {"disruption__id__exact": row.key}
    elif row.key:
        query[FILTERS[report.group_by]] = row.key
    url = reverse("admin:appointments_reschedulerequest_changelist")
    return {cases.value: f"{url}?{urlencode(query | {'cases': cases.value})}" for cases in Cases}


def _leads_to(report: Report, row: Row) -> str:
    """Where the name of a row leads: from a reason to the disruptions behind it, from one of those to its own page."""
    if report.group_by == Dimension.REASON:
        asked = {"start": report.start.isoformat(), "end": report.end.isoformat(), **_given(report)}
        asked |= {"by": Dimension.DISRUPTION.value, "reason": row.key}
        return f"{reverse('admin:reasons-report')}?{urlencode(asked)}"
    if report.group_by == Dimension.DISRUPTION and row.key not in BEHIND:
        return reverse("admin:appointments_disruption_change", args=[row.key])
    return ""


def _given(report: Report) -> dict[str, Any]:
    return {name: value for name, value in vars(report.filters).items() if value and name in FILTERS}


def _report(form: ReasonsReportForm) -> Report:
    values = form.cleaned_data
    return reasons_report(
        start=values["start"], end=values["end"], group_by=Dimension(values["by"]), filters=form.filters()
    )


def _chart(report: Report) -> dict[str, Any]:
    """What the chart draws; the table beside it says the same."""
    return {
        "labels": [row.label for row in report.rows],
        "counts": [row.count for row in report.rows],
        "placed": [row.placed for row in report.rows],
        "urls": [links(report, row)[Cases.ALL] for row in report.rows],
        "over_time": report.group_by == Dimension.MONTH,
        "words": {"moves": gettext("Moves"), "placed": gettext("Placed again within 7 days")},
    }


def _head(report: Report) -> list[str]:
    return [
        Dimension(report.group_by).label.capitalize(),
        gettext("Moves"),
        gettext("Share of all (%)"),
        gettext("Together with those above (%)"),
        gettext("Not settled yet"),
        gettext("Notice given, median (hours)"),
        gettext("Answered"),
        gettext("Until answered, median (hours)"),
        gettext("Placed again within 7 days"),
        gettext("Placed again within 7 days (%)"),
        gettext("No answer in time"),
        gettext("No answer in time (%)"),
        gettext("Cancelled in the end"),
        gettext("Cancelled in the end (%)"),
        gettext("Came again within 90 days"),
        gettext("Came again within 90 days (%)"),
        gettext("New time later by, median (days)"),
        gettext("What we gave (%(currency)s)") % {"currency": Business.current().currency},
    ]


def _cells(report: Report) -> Iterator[list[Any]]:
    for row in (*report.rows, report.total):
        yield [
            row.label,
            row.count,
            _percent(row.share),
            _percent(row.running),
            row.open,
            _rounded(row.notice_hours),
            row.answered,
            _rounded(row.answer_hours),
            row.placed,
            _percent(row.placed_share),
            row.silent,
            _percent(row.silent_share),
            row.lost,
            _percent(row.lost_share),
            row.returned,
            _percent(row.returned_share),
            _rounded(row.later_days),
            float(row.given),
        ]


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)
