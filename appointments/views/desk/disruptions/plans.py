"""A plan for all whom a disruption hits: look at it, change it, and send it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.disruptions import sending
from appointments.domain.disruptions.planning import choices, dry_run, plans, previews, shown
from appointments.enums import PlanState
from appointments.errors import DomainError
from appointments.forms.plans import LineForm, LinesForm, NoteForm, PlanForm
from appointments.models import DisruptionPlan, PlanLine
from appointments.views.desk.find import any_disruption_for, at_the_desk, colleague, line_for, plan_for
from appointments.views.desk.previews import show_letters


@require_POST
@at_the_desk
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes a plan for whoever has to move and has none."""
    disruption, now = any_disruption_for(request, pk), timezone.now()
    try:
        plan = plans.begin(disruption, by=colleague(request), now=now)
        if plan.state == PlanState.DRAFT:
            plans.make(plan, now=now)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("to-move")
    return redirect("plan", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run. A POST changes what is decided for everybody; `step=again` places everybody anew."""
    found, now = plan_for(request, pk), timezone.now()
    if found.state != PlanState.DRAFT:
        return redirect("plan-progress", pk)
    form = PlanForm(request.POST if request.method == "POST" else None, plan=found)
    if request.method != "POST":
        return _show(request, found, form)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        plans.change(found, form.wanted(), now=now, anew=request.POST.get("step") == "again")
    except DomainError as error:
        messages.error(request, error.message)
    if request.POST.get("step") == "preview":
        return redirect("plan-preview", pk)
    return _back_to(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def line(request: HttpRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """Another time for one of them, from a list or by hand, pinned; the others are planned around it."""
    found, now = line_for(request, pk, appointment_pk), timezone.now()
    slot_of = partial(choices.named, found, now=now)
    form = LineForm(request.POST if request.method == "POST" else None, line=found, slot_of=slot_of, now=now)
    if request.method == "POST" and form.is_valid() and form.slot is not None:
        try:
            plans.place(found.plan, appointment_pk, form.slot, now=now)
        except DomainError as error:
            messages.error(request, error.message)
        return _back_to(request, pk, appointment_pk)
    context = {**_about(found), "form": form, "choices": choices.of(found, now=now), "now": now}
    status = 422 if form.is_bound else 200
    return render(request, "appointments/disruptions/line.html", context, status=status)


@require_POST
@at_the_desk
def adjust(request: HttpRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """`step`: `pin` or `unpin` it, `phone` her oneself or `write` to her after all, or keep a `note` for her only."""
    found, step = line_for(request, pk, appointment_pk), request.POST.get("step", "")
    note = NoteForm(request.POST, line=found)
    try:
        if step in ("pin", "unpin"):
            plans.pin(found.plan, appointment_pk, pinned=step == "pin")
        elif step in ("phone", "write"):
            plans.leave_to(found.plan, appointment_pk, colleague(request) if step == "phone" else None)
        elif step == "note" and note.is_valid():
            plans.write(found.plan, appointment_pk, note.cleaned_data["personal_note"])
        elif step == "note":
            return _show(request, found.plan, PlanForm(plan=found.plan), note=note, status=422)
    except DomainError as error:
        messages.error(request, error.message)
    return _back_to(request, pk, appointment_pk)


@require_safe
@at_the_desk
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Exactly what goes out to one of them (`?for=`, else the first), with the button that sends all."""
    found, now = plan_for(request, pk), timezone.now()
    if found.state != PlanState.DRAFT:
        return redirect("plan-progress", pk)
    try:
        letter = previews.of(found, customer_of=request.GET.get("for", ""), by=colleague(request), now=now)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("plan", pk)
    context = {"plan": found, "disruption": found.disruption, "shown": letter, "now": now}
    return show_letters(request, "appointments/disruptions/preview.html", context, letters=letter.letters)


@require_POST
@at_the_desk
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """`step`: `send` all, `approve` what a colleague asked for, `stop` the countdown, or try what failed `again`."""
    found, now, by, step = plan_for(request, pk), timezone.now(), colleague(request), request.POST.get("step")
    try:
        if step == "send":
            sending.ask(found, by=by, now=now)
        elif step == "approve":
            sending.approve(found, by=by, now=now)
        elif step == "again":
            count = sending.try_again(found, now=now)
            said = ngettext("%(count)s is tried again.", "%(count)s are tried again.", count)
            messages.success(request, said % {"count": count})
        elif step == "stop" and sending.stop(found, now=now):
            messages.success(request, _("Stopped. Nobody has been told anything."))
            return redirect("plan", pk)
        elif step == "stop":
            messages.warning(request, _("It is on its way already."))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("plan", pk)
    return redirect("plan-progress", pk)


@require_safe
@at_the_desk
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The countdown, then how many are on their way, and which failed and why."""
    found, now = plan_for(request, pk), timezone.now()
    if found.state == PlanState.DRAFT:
        return redirect("plan", pk)
    counts = sending.progress(found)
    context = {
        "plan": found,
        "disruption": found.disruption,
        "counts": counts,
        "total": sum(counts.values()),
        "done": sum(counts.values()) - counts["planned"],
        "failed": found.lines.failed().for_display()[: shown.PAGE],
        "more_failed": max(0, counts["failed"] - shown.PAGE),
        "seconds": max(0, round((found.send_at - now).total_seconds())) if found.send_at else None,
        "can_stop": found.can_be_stopped(now),
        "may_approve": found.state == PlanState.APPROVAL and found.asked_by_id != colleague(request).pk,
        "now": now,
    }
    return render(request, "appointments/disruptions/progress.html", context)


def _show(
    request: HttpRequest, found: DisruptionPlan, form: PlanForm, *, note: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """`note`: one line of the plan with words that cannot stay as they are."""
    now, lines = timezone.now(), LinesForm(request.GET)
    run = dry_run.of(found, now=now)
    context = {
        "plan": found,
        "disruption": found.disruption,
        "form": form,
        "run": run,
        "lines": lines,
        "filters": shown.counted(run),
        "page": shown.page(found, **lines.wanted(), now=now),
        "is_long": run.hit > shown.PAGE,
        "note": note,
        "now": now,
    }
    return render(request, "appointments/disruptions/plan.html", context, status=status)


def _about(found: PlanLine) -> dict[str, Any]:
    appointment = found.appointment
    return {
        "plan": found.plan,
        "disruption": found.plan.disruption,
        "line": found,
        "appointment": appointment,
        "zone": appointment.location.zone,
    }


def _back_to(request: HttpRequest, pk: int, appointment_pk: int | None = None) -> HttpResponse:
    """To the lines that were looked at, or the day, and the one that was changed."""
    response = redirect("plan-days" if "day" in request.GET else "plan", pk)
    if looked_at := request.GET.urlencode():
        response["Location"] += f"?{looked_at}"
    if appointment_pk is not None:
        response["Location"] += f"#{'card' if 'day' in request.GET else 'line'}-{appointment_pk}"
    return response
