"""The report of complaints, and its file."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from appointments.domain.reports.complaints import Report, complaints_between
from appointments.exports import FORMATS, Table, links
from appointments.forms.reports import PeriodForm
from appointments.views.managers.exporting import take_home
from appointments.views.managers.find import may_read, places_for


@require_safe
@may_read
def report(request: HttpRequest) -> HttpResponse:
    """By cause, by whether our answer helped, and in which mood customers came and left."""
    form = PeriodForm.lately(request.GET, today=timezone.localdate())
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": gettext("What caused complaints"),
        "form": form,
        "report": _report(request, form) if form.is_valid() else None,
        "exports": links(request, "admin:complaints-report-file"),
    }
    return render(request, "appointments/reports/complaints.html", context, status=200 if form.is_valid() else 400)


@require_safe
@may_read
def file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The table by cause."""
    form = PeriodForm.lately(request.GET, today=timezone.localdate())
    if kind not in FORMATS or not form.is_valid():
        raise Http404
    found, said = _report(request, form), form.cleaned_data
    head = [
        gettext("Cause"),
        gettext("Complaints"),
        gettext("Closed"),
        gettext("Hours until closed (median)"),
        gettext("Opened again"),
        gettext("Booked again within 90 days"),
    ]
    cells = [
        [row.label, row.count, row.closed, None if row.hours is None else round(row.hours, 1), row.reopened,
         row.returned]
        for row in (*found.by_cause, found.total)
    ]  # fmt: skip
    name = f"complaints-{said['start']:%Y-%m-%d}-{said['end']:%Y-%m-%d}"
    return take_home(request, Table(name=name, head=head, rows=cells), kind)


def _report(request: HttpRequest, form: PeriodForm) -> Report:
    days = form.cleaned_data
    return complaints_between(days["start"], days["end"], places=places_for(request))
