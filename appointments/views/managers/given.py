"""The report of what we gave, by month, and its file."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from appointments.domain.reports import given
from appointments.domain.reports.given import Given
from appointments.exports import FORMATS, Table, links
from appointments.forms.reports import PeriodForm
from appointments.models import Business
from appointments.views.managers.exporting import take_home
from appointments.views.managers.find import may_read, places_for


@require_safe
@may_read
def report(request: HttpRequest) -> HttpResponse:
    """What it cost and what of it was used, month by month."""
    form = PeriodForm.of_a_year(request.GET, today=timezone.localdate())
    rows = _rows(request, form) if form.is_valid() else []
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": gettext("What we gave"),
        "form": form,
        "rows": rows,
        "total": given.together(rows),
        "currency": Business.current().currency,
        "exports": links(request, "admin:given-report-file"),
    }
    return render(request, "appointments/reports/given.html", context, status=200 if form.is_valid() else 400)


@require_safe
@may_read
def file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    form = PeriodForm.of_a_year(request.GET, today=timezone.localdate())
    if kind not in FORMATS or not form.is_valid():
        raise Http404
    said, currency = form.cleaned_data, Business.current().currency
    head = [
        gettext("Month"),
        gettext("Granted"),
        gettext("Worth (%(currency)s)") % {"currency": currency},
        gettext("Used"),
        gettext("Worth of what was used (%(currency)s)") % {"currency": currency},
        gettext("Ran out unused"),
        gettext("Waiting for a second colleague"),
        gettext("Not granted or taken back"),
    ]
    rows = _rows(request, form)
    cells = [[_label(row), *(getattr(row, name) for name in given.FIGURES)] for row in (*rows, given.together(rows))]
    name = f"given-{said['start']:%Y-%m-%d}-{said['end']:%Y-%m-%d}"
    return take_home(request, Table(name=name, head=head, rows=cells), kind)


def _rows(request: HttpRequest, form: PeriodForm) -> list[Given]:
    days = form.cleaned_data
    return list(given.given_by_month(days["start"], days["end"], now=timezone.now(), places=places_for(request)))


def _label(row: Given) -> str:
    return date_format(row.first, "YEAR_MONTH_FORMAT") if row.first else gettext("All together")
