"""The day board and the page of one appointment."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain import actors, booking
from appointments.domain.messages.recipients import is_told_in_writing
from appointments.domain.moving.cancelling import as_told, call_off
from appointments.domain.pages.board import day_board, hours_of
from appointments.domain.pages.customers.ledger import ledger_of
from appointments.domain.pages.situation import situation_of
from appointments.domain.pages.story import story_of
from appointments.errors import DomainError
from appointments.forms.diary import BoardForm, CancelForm, StoryForm
from appointments.models import Appointment
from appointments.views.desk.find import (
    LAST_PLACE,
    appointment_for,
    appointments_for,
    at_the_desk,
    colleague,
    place_for,
    places_for,
    usual_place,
)
from appointments.views.desk.previews import show_letters


@require_safe
@at_the_desk
def home(request: HttpRequest) -> HttpResponse:
    """Today's board of the place where the reader works: the one seen last, else the one they belong to."""
    location = usual_place(request)
    if location is None:
        return render(request, "appointments/diary/no_location.html")
    return redirect("board", location.code, timezone.now().astimezone(location.tzinfo).date())


@require_safe
@at_the_desk
def counts(request: HttpRequest) -> HttpResponse:
    """The numbers in the head of every page as they are now; each takes the place of the one that is there."""
    return render(request, "appointments/counts.html")


@require_safe
@at_the_desk
def today(request: HttpRequest, location: str) -> HttpResponse:
    """The board of the day asked for by the date picker, else of today on that place's clock."""
    place = place_for(request, location)
    asked = _asked(request).get("day")
    return redirect("board", place.code, asked or timezone.now().astimezone(place.tzinfo).date())


@require_safe
@at_the_desk
def board(request: HttpRequest, location: str, day: date) -> HttpResponse:
    """One day of one place, a column per resource. `?open=` shows an appointment beside it."""
    places = list(places_for(request))
    place = next((one for one in places if one.code == location), None)
    if place is None:
        raise Http404
    if request.session.get(LAST_PLACE) != place.code:
        request.session[LAST_PLACE] = place.code
    now = timezone.now()
    asked = _asked(request)
    shown = day_board(place, day, now=now, kind=asked.get("kind") or "")
    here = now.astimezone(place.tzinfo).date()
    context = {
        "board": shown,
        "hours": hours_of(shown.window),
        "now": now,
        "is_today": day == here,
        "here": here,
        "yesterday": _shift(day, -1),
        "tomorrow": _shift(day, 1),
        "kind": asked.get("kind") or "",
        "locations": places,
        **_beside(request, asked.get("open"), now=now),
    }
    # The board renews itself: then only the columns travel.
    part = "columns" if _is_for(request, "columns") else "board"
    response = render(request, f"appointments/diary/{part}.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
@at_the_desk
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one appointment; asked for by the board, only what fits beside it."""
    found = appointment_for(request, pk)
    now = timezone.now()
    context = {"appointment": found, "situation": situation_of(found, now=now), "now": now}
    if _is_for(request, "beside"):
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


def _cancelled(appointment: Appointment, *, in_writing: bool) -> str:
    name = {"name": appointment.customer.name}
    if in_writing:
        return _("Cancelled. A message to %(name)s is on its way.") % name
    return _("Cancelled. %(name)s has to be phoned: the call stands under “Calls”.") % name


def _is_for(request: HttpRequest, part: str) -> bool:
    """Whether a script of the page asks, to put the answer into `part` of it."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == part


def _asked(request: HttpRequest) -> dict[str, Any]:
    form = BoardForm(request.GET)
    form.is_valid()
    return form.cleaned_data


def _page_of_story(request: HttpRequest) -> int:
    form = StoryForm(request.GET)
    form.is_valid()
    return form.cleaned_data.get("page") or 1


def _shift(day: date, days: int) -> date:
    """The neighbouring day; at the ends of the century, which is all that addresses know, the day itself."""
    there = day + timedelta(days=days)
    return there if there.year // 100 == day.year // 100 else day


def _beside(request: HttpRequest, pk: int | None, *, now: datetime) -> dict[str, Any]:
    found = appointments_for(request).filter(pk=pk).first() if pk else None
    return {"appointment": found, "situation": situation_of(found, now=now)} if found else {}
