"""Complaints: what waits, one of them step by step, and writing one down."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments.domain import actors
from appointments.domain.compensation.authority import limits_of
from appointments.domain.moving import drafts
from appointments.domain.pages.complaints import complaint
from appointments.domain.pages.playbook import Menu, menu_for
from appointments.domain.pages.story import story_of
from appointments.domain.recovery import cases, steps
from appointments.domain.recovery.playbook import uses
from appointments.enums import CaseOrigin, CaseStage, PointAction
from appointments.errors import DomainError
from appointments.forms.recovery import (
    ApologiseForm,
    DiagnoseForm,
    EmpathiseForm,
    HandOverForm,
    HearForm,
    OpenForm,
    PointForm,
)
from appointments.models import CasePoint, RecoveryCase
from appointments.views.desk.find import (
    appointment_for,
    at_the_desk,
    case_for,
    colleague,
    point_for,
)

STEPS: dict[CaseStage, tuple[Callable[..., Any], Callable[..., Any], Callable[[Any], dict[str, Any]]]] = {
    CaseStage.HEAR: (HearForm, steps.hear, lambda form: form.heard()),
    CaseStage.EMPATHISE: (EmpathiseForm, steps.empathise, lambda form: form.cleaned_data),
    CaseStage.APOLOGISE: (
        ApologiseForm,
        steps.apologise,
        lambda form: form.cleaned_data,
    ),
    CaseStage.DIAGNOSE: (DiagnoseForm, steps.diagnose, lambda form: form.cleaned_data),
}
"""Each step's form, the rule it leads to, and what the rule takes of it."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides of the story, and the step that comes next. `step` of a POST names the one that was worked on."""
    found = case_for(request, pk)
    asked = request.POST.get("step") or request.GET.get("step") or found.stage
    step = CaseStage(asked) if asked in STEPS else CaseStage(found.stage)
    form = STEPS[step][0](request.POST or None, case=found) if step in STEPS else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _form, act, said = STEPS[step]
            act(found, by=colleague(request), now=timezone.now(), **said(form))
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("complaint", pk)
    return _show(request, found, step=step, form=form)


@require_POST
@at_the_desk
def point(request: HttpRequest, pk: int, point_pk: int) -> HttpResponse:
    """What we answer to one point, and what settles it."""
    found = point_for(request, pk, point_pk)
    form = PointForm(request.POST, point=found, limits=limits_of(colleague(request)))
    if form.is_valid():
        try:
            action = PointAction(form.cleaned_data["action"])
            said = {name: form.cleaned_data[name] for name in ("reply", "instead")}
            said |= {"using": form.cleaned_data["solutions"], "gift": form.gift}
            uses.resolve(found, action=action, by=colleague(request), now=timezone.now(), **said)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("complaint", pk)
    return _show(request, found.case, step=CaseStage.RESOLVE, form=None, bound=form)


@require_POST
@at_the_desk
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Looks whether what was to be done has been done."""
    found = steps.settle(case_for(request, pk), by=colleague(request), now=timezone.now())
    if found.stage == CaseStage.RESOLVE:
        messages.info(request, _("Something has still to happen before this is put right: see the points."))
    return redirect("complaint", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def write_down(request: HttpRequest, pk: int) -> HttpResponse:
    """A complaint that a customer made by phone or at the desk."""
    appointment = appointment_for(request, pk)
    form = OpenForm(request.POST or None, initial={"nonce": secrets.token_urlsafe(16)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        opened = cases.take_up(
            appointment,
            CaseOrigin.STAFF,
            key=f"staff:{said['nonce']}",
            words=said["words"],
            by=actors.staff(colleague(request)),
            owner=colleague(request),
            now=timezone.now(),
        )
        if opened is not None:
            return redirect("complaint", opened.pk)
    context = {"appointment": appointment, "form": form, "now": timezone.now()}
    return render(request, "appointments/recovery/write_down.html", context, status=422 if form.errors else 200)


@require_POST
@at_the_desk
def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Another colleague takes it on; without a name the reader does."""
    found, reader = case_for(request, pk), colleague(request)
    form = HandOverForm(request.POST, case=found)
    if "take" not in request.POST and not form.is_valid():
        return _show(request, found, step=CaseStage(found.stage), form=_form_of(found), hand_over=form)
    to, note = (reader, "") if "take" in request.POST else (form.cleaned_data["to"], form.cleaned_data["note"])
    try:
        cases.hand_over(found, to=to, note=note, by=actors.staff(reader), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("complaint", pk)


def _form_of(case: RecoveryCase) -> Form | None:
    made: Form | None = STEPS[CaseStage(case.stage)][0](None, case=case) if case.stage in STEPS else None
    return made


def _menu(request: HttpRequest, case: RecoveryCase, *, now: datetime) -> Menu:
    return menu_for(case.appointment, reason=steps.cause_so_far(case), reader=colleague(request), now=now)


def _point_forms(points: Sequence[CasePoint], *, reader: User, bound: PointForm | None) -> list[PointForm]:
    limits = limits_of(reader)
    return [
        bound if bound and bound.point.pk == one.pk else PointForm(None, point=one, limits=limits) for one in points
    ]


def _show(
    request: HttpRequest,
    case: RecoveryCase,
    *,
    step: CaseStage,
    form: Form | None,
    bound: PointForm | None = None,
    hand_over: HandOverForm | None = None,
) -> HttpResponse:
    now, reader = timezone.now(), colleague(request)
    shown = complaint(case, now=now)
    to_answer = step == CaseStage.RESOLVE
    context = {
        "complaint": shown,
        "case": case,
        "appointment": case.appointment,
        "zone": case.appointment.location.zone,
        "step": step,
        "form": form,
        "point_forms": _point_forms(shown.points, reader=reader, bound=bound) if to_answer else [],
        "hand_over": hand_over or HandOverForm(None, case=case),
        "is_mine": case.owner_id == reader.pk,
        "can_be_moved": drafts.can_be_moved(case.appointment, now=now),
        "story": story_of(case.appointment),
        "menu": _menu(request, case, now=now) if to_answer else None,
        "now": now,
    }
    bad = (form is not None and form.errors) or (bound and bound.errors) or (hand_over and hand_over.errors)
    return render(request, "appointments/recovery/complaint.html", context, status=422 if bad else 200)
