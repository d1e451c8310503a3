"""A table of what we give: what it would have cost, put in force, copied."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from appointments.domain.compensation import rules, table
from appointments.domain.reports import compensation as report
from appointments.enums import TableState
from appointments.errors import DomainError
from appointments.forms.reports import PeriodForm
from appointments.models import CompensationTable
from appointments.views.managers.find import (
    for_the_whole_business,
    may_change_tables,
    may_see_tables,
    places_for,
    table_for,
)


@require_safe
@may_see_tables
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    """What a table would have cost beside the one in force, and what in it may not be meant."""
    found = table_for(pk)
    form = PeriodForm(request.GET, usual=report.last_quarter(timezone.localdate()))
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": found.title,
        "table": found,
        "form": form,
        "is_draft": found.state == TableState.DRAFT,
        "may_change": request.user.has_perm("appointments.change_compensationtable") and places_for(request) is None,
        **(_costs(request, found, form) if form.is_valid() else {}),
    }
    return render(request, "appointments/compensation/tried.html", context, status=200 if form.is_valid() else 400)


def _costs(request: HttpRequest, found: CompensationTable, form: forms.Form) -> dict[str, Any]:
    rows = list(found.rules.select_related("service"))
    days = form.cleaned_data
    cases = report.facts_between(days["start"], days["end"], places=places_for(request))
    current = [] if found.state == TableState.IN_FORCE else rules.in_force()
    return {
        "cost": report.cost_of(rows, cases),
        "now": report.cost_of(current, cases) if current else None,
        "never_reached": table.never_reached(rows),
        "worse_for_less": table.worse_for_less(rows),
    }


@require_POST
@may_change_tables
@for_the_whole_business
def put_in_force(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        rules.put_in_force(table_for(pk), by=_who(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, gettext("In force from now on. What was offered before keeps what was said with it."))
    return HttpResponseRedirect(reverse("admin:compensation-tried", args=[pk]))


@require_POST
@may_change_tables
@for_the_whole_business
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    draft = rules.copy(table_for(pk), by=_who(request), now=timezone.now())
    return HttpResponseRedirect(reverse("admin:appointments_compensationtable_change", args=[draft.pk]))


def _who(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the admin lets nobody else in
    return request.user
