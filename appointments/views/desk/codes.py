"""What we gave to customers: a code that somebody brings, what waits for a second colleague, and what was used."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appointments.domain.compensation import budget, redeeming
from appointments.domain.recovery import granting
from appointments.enums import CompensationState
from appointments.errors import DomainError
from appointments.forms.recovery.compensation import CodeForm, RedeemForm, RefuseForm
from appointments.models import Compensation
from appointments.views.desk.find import at_the_desk, code_for, codes_for, colleague

LATEST = 20


@require_safe
@at_the_desk
def all_of_them(request: HttpRequest) -> HttpResponse:
    """Leads to a code that is typed; else shows what waits for a second colleague, and what was given last."""
    form = CodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        found = codes_for(request).of_code(form.cleaned_data["code"]).first()
        if found is not None:
            return redirect("code", found.pk)
        form.add_error("code", _("There is no such code here. Please read it once more, letter by letter."))
    rows, reader = codes_for(request), colleague(request)
    waiting = list(rows.filter(state=CompensationState.WAITING).order_by("made_at", "pk")[:LATEST])
    context = {
        "form": form,
        "waiting": waiting,
        "to_decide": granting.to_decide(waiting, by=reader),
        "latest": rows.exclude(state=CompensationState.WAITING)[:LATEST],
        "budgets": budget.stands(None, now=timezone.now()),
        "now": timezone.now(),
    }
    return render(request, "appointments/compensation/codes.html", context, status=422 if form.errors else 200)


@require_safe
@at_the_desk
def code(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, code_for(request, pk))


@require_POST
@at_the_desk
def redeem(request: HttpRequest, pk: int) -> HttpResponse:
    """The code is used, once."""
    done = _("The code is used. It cannot be used again.")
    return _act(request, pk, RedeemForm(request.POST), redeeming.redeem, done=done)


@require_POST
@at_the_desk
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, None, granting.grant, done=_("It is granted."))


@require_POST
@at_the_desk
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    def act(given: Compensation, *, note: str, **who: Any) -> Compensation:
        return granting.refuse(given, why=note, **who)

    return _act(request, pk, RefuseForm(request.POST), act, done=_("It is not granted."))


def _act(
    request: HttpRequest, pk: int, form: Form | None, act: Callable[..., Compensation], *, done: str
) -> HttpResponse:
    found = code_for(request, pk)
    if form is not None and not form.is_valid():
        return _show(request, found, bound=form)
    try:
        act(found, by=colleague(request), now=timezone.now(), **(form.cleaned_data if form else {}))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("code", pk)


def _show(request: HttpRequest, given: Compensation, *, bound: Form | None = None) -> HttpResponse:
    now: datetime = timezone.now()
    context = {
        "given": given,
        "appointment": given.appointment,
        "zone": given.appointment.location.zone,
        "can_be_used": given.can_be_used(now),
        "why_not": redeeming.why_not(given, now=now),
        "may_decide": granting.may_decide(given, by=colleague(request)),
        "redeem_form": bound if isinstance(bound, RedeemForm) else RedeemForm(),
        "refuse_form": bound if isinstance(bound, RefuseForm) else RefuseForm(),
        "now": now,
    }
    return render(request, "appointments/compensation/code.html", context, status=422 if bound else 200)
