"""The page of one appointment, and how it ends there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain import actors, booking
from appointments.domain.diary import details
from appointments.domain.messages.recipients import is_told_in_writing
from appointments.domain.moving import at_work
from appointments.domain.moving.cancelling import as_told, call_off
from appointments.domain.pages.customers.ledger import ledger_of
from appointments.domain.pages.situation import situation_of
from appointments.domain.pages.story import story_of
from appointments.errors import DomainError
from appointments.forms.diary.asked import StoryForm
from appointments.forms.diary.cancelling import CancelForm
from appointments.forms.diary.details import DetailsForm
from appointments.models import Appointment
from appointments.views.desk import recent
from appointments.views.desk.diary.parts import is_for
from appointments.views.desk.find import appointment_for, at_the_desk, colleague
from appointments.views.desk.previews import show_letters


@require_safe
@at_the_desk
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one appointment; asked for by the board, only what fits beside it."""
    found = appointment_for(request, pk)
    recent.note(request, "appointment", pk)
    now = timezone.now()
    context = {"appointment": found, "situation": situation_of(found, now=now), "now": now}
    if is_for(request, "beside"):
        response = render(request, "appointments/diary/beside.html", context)
    else:
        others = found.customer.appointments.exclude(pk=pk).select_related("service", "location", "provider")
        context |= {
            "story": story_of(found, page=_page_of_story(request)),
            "others": others.order_by("-starts_at", "-pk")[:8],
            "ledger": ledger_of(found.customer, now=now),
            "complaints": found.cases.select_related("owner", "request"),
            "board_day": found.starts_at.astimezone(found.location.tzinfo).date(),
        }
        response = render(request, "appointments/diary/appointment.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ends an appointment without a new time. `step` of a POST says what for: `preview`, `edit` or `send`."""
    found, now = appointment_for(request, pk), timezone.now()
    step, by = request.POST.get("step", ""), actors.staff(colleague(request))
    form = CancelForm(request.POST if step else None)
    context = {"appointment": found, "situation": situation_of(found, now=now), "form": form, "now": now}
    context["in_writing"] = in_writing = is_told_in_writing(found)
    context["at_work"] = at_work.others(found, reader=colleague(request), now=now)
    try:
        if step == "send" and form.is_valid():
            call_off(found, because=form.because(), note=form.cleaned_data["note"], by=by, now=now)
            messages.success(request, _cancelled(found, in_writing=in_writing))
            return redirect("appointment", pk)
        if step == "preview" and form.is_valid():
            letters = as_told(found, because=form.because(), by=by, now=now)
            return show_letters(request, "appointments/diary/cancel_preview.html", context, letters=letters)
    except DomainError as error:
        form.add_error(None, error.message)
    status = 422 if step in ("send", "preview") and form.errors else 200
    return render(request, "appointments/diary/cancel.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def details_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The note of the house, and how long it takes."""
    found = appointment_for(request, pk)
    form = DetailsForm(request.POST or None, appointment=found)
    if request.method == "POST" and form.is_valid():
        said = {"note": form.cleaned_data["note"], "length": form.length(), "seen": form.cleaned_data["seen"]}
        try:
            details.correct(found, by=colleague(request), now=timezone.now(), **said)
        except DomainError as error:
            form.add_error(None, error.for_colleagues)
        else:
            messages.success(request, _("Kept."))
            return redirect("appointment", pk)
    context = {"appointment": found, "form": form}
    return render(request, "appointments/diary/details.html", context, status=422 if form.errors else 200)


@require_POST
@at_the_desk
def mark_missed(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer did not come."""
    found = appointment_for(request, pk)
    try:
        booking.mark_missed(found, by=actors.staff(colleague(request)), now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted: the customer did not come."))
    return redirect("appointment", pk)


@require_POST
@at_the_desk
def came(request: HttpRequest, pk: int) -> HttpResponse:
    """They did come: taking back a mistake."""
    found = appointment_for(request, pk)
    try:
        booking.came_after_all(found, by=actors.staff(colleague(request)), now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted: the customer came after all."))
    return redirect("appointment", pk)


def _cancelled(appointment: Appointment, *, in_writing: bool) -> str:
    name = {"name": appointment.customer.name}
    if in_writing:
        return _("Cancelled. A message to %(name)s is on its way.") % name
    return _("Cancelled. %(name)s has to be phoned: the call stands under “Calls”.") % name


def _page_of_story(request: HttpRequest) -> int:
    form = StoryForm(request.GET)
    form.is_valid()
    return form.cleaned_data.get("page") or 1
