"""We run late: say by how much, see who begins when, tell them, and take all of it back while nobody was told."""

import math
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain import actors
from appointments.domain.disruptions import late
from appointments.domain.pages.delays import delay_of
from appointments.errors import DomainError
from appointments.forms.late import LateForm
from appointments.models import Location
from appointments.views.desk.find import at_the_desk, colleague, late_for, place_for
from appointments.views.desk.previews import show_letters


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def say(request: HttpRequest, location: str) -> HttpResponseBase:
    """Who runs late, and by how much. `step` of a POST: `preview`, `edit` or `send`; `?of=` is who was meant."""
    place, now = place_for(request, location), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = LateForm(data, place=place, user=colleague(request), now=now, first=request.GET.get("of", ""))
    step = request.POST.get("step", "")
    if step in ("preview", "send") and form.is_valid():
        try:
            return _send(request, form) if step == "send" else _preview(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    if step == "edit":
        form.errors.clear()
    return _show(request, form, place, status=422 if form.is_bound and form.errors else 200)


@require_safe
@at_the_desk
def said(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said: who is told, who has to move; Undo while the messages wait."""
    disruption, now = late_for(request, pk), timezone.now()
    can_undo = late.can_be_undone(disruption, now=now)
    context = {
        "disruption": disruption,
        "delay": delay_of(disruption),
        "zone": disruption.location.zone,
        "can_undo": can_undo,
        "undo_seconds": math.ceil(max(0, (late.undo_until(disruption) - now).total_seconds())),
        "now": now,
    }
    return render(request, "appointments/late/said.html", context)


@require_POST
@at_the_desk
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it begins again as it was booked, as if nobody had said anything."""
    disruption = late_for(request, pk)
    try:
        is_undone = late.undo(disruption, by=actors.staff(colleague(request)), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("late-said", pk)
    if not is_undone:
        messages.warning(request, _("It is on its way already."))
        return redirect("late-said", pk)
    messages.success(request, _("Taken back: everything begins as it did before, and nobody was told anything."))
    return redirect("board-today", disruption.location.code)


def _preview(request: HttpRequest, form: LateForm) -> HttpResponseBase:
    said, by = form.late(), actors.staff(form.user)
    shift = late.preview(said, now=form.now)
    if not shift.lines:
        raise DomainError(_("Nobody has to begin later: there is nobody to come, or the gaps are long enough."))
    first = shift.by_customer()[0] if shift.told else []
    letters = late.as_told(said, first, by=by, now=form.now) if first else []
    context = {
        **_common(form.place),
        "late": said,
        "shift": shift,
        "first": first[0] if first else None,
        "posted": form.posted(),
    }
    return show_letters(request, "appointments/late/preview.html", context, letters=letters)


def _send(request: HttpRequest, form: LateForm) -> HttpResponse:
    disruption, is_new = late.declare(form.late(), by=actors.staff(form.user), now=form.now)
    if not is_new:
        messages.info(request, _("A colleague has entered this already. This is how it stands."))
    return redirect("late-said", disruption.pk)


def _show(request: HttpRequest, form: LateForm, place: Location, *, status: int) -> HttpResponse:
    return render(request, "appointments/late/say.html", {**_common(place), "form": form}, status=status)


def _common(place: Location) -> dict[str, Any]:
    return {"place": place, "zone": place.zone, "now": timezone.now()}
