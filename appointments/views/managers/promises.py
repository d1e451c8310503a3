"""The report of what we promised, by kind, and its file."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from appointments.domain.reports import promises
from appointments.domain.reports.promises import Kept
from appointments.exports import FORMATS, Table, links
from appointments.forms.reports import PeriodForm
from appointments.views.managers.exporting import take_home
from appointments.views.managers.find import may_read, places_for


@require_safe
@may_read
def report(request: HttpRequest) -> HttpResponse:
    """Kept, later with a word before, broken; and calls that reached nobody, which keep nothing."""
    form = _form(request)
    rows = _rows(request, form) if form.is_valid() else []
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": gettext("Promises kept"),
        "form": form,
        "rows": rows,
        "total": promises.together(rows),
        "exports": links(request, "admin:promises-report-file"),
    }
    return render(request, "appointments/reports/promises.html", context, status=200 if form.is_valid() else 400)


@require_safe
@may_read
def file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    form = _form(request)
    if kind not in FORMATS or not form.is_valid():
        raise Http404
    said = form.cleaned_data
    name = f"promises-{said['start']:%Y-%m-%d}-{said['end']:%Y-%m-%d}"
    head = [
        gettext("Promise"),
        gettext("Kept by the first hour"),
        gettext("Kept by the first hour (%)"),
        gettext("Later, told before"),
        gettext("Broken"),
        gettext("Calls that reached nobody"),
    ]
    rows = _rows(request, form)
    cells = [
        [_label(row), row.kept, None if row.share is None else round(row.share * 100, 1), row.slipped, row.broken,
         row.tries]
        for row in (*rows, promises.together(rows))
    ]  # fmt: skip
    return take_home(request, Table(name=name, head=head, rows=cells), kind)


def _form(request: HttpRequest) -> PeriodForm:
    return PeriodForm.lately(request.GET, today=timezone.localdate())


def _rows(request: HttpRequest, form: forms.Form) -> Sequence[Kept]:
    days, zone = form.cleaned_data, timezone.get_current_timezone()
    places = places_for(request)
    return promises.kept_between(days["start"], days["end"], zone=zone, now=timezone.now(), places=places)


def _label(row: Kept) -> str:
    return str(row.kind.label) if row.kind else gettext("All together")
