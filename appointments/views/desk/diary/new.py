"""A new appointment: the page on which it is agreed, whom some typed words mean, and taking it back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain.diary import new
from appointments.domain.messages.recipients import is_told_in_writing
from appointments.domain.pages.customers.found import found
from appointments.errors import DomainError
from appointments.forms.diary.asked import SearchForm, told_beforehand
from appointments.forms.diary.booking import BookingForm
from appointments.models import Appointment
from appointments.views.desk.find import (
    appointment_for,
    appointments_for,
    at_the_desk,
    colleague,
    places_for,
    usual_place,
)
from appointments.views.desk.previews import show_letters

MOST_FOUND = 5


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def book(request: HttpRequest) -> HttpResponseBase:
    """Who, what, where and when. `step` of a POST: `times` and `find` show what the choice opens, `preview` what the
    customer will read, `send` books it.
    """
    now, step = timezone.now(), request.POST.get("step", "")
    within, usual = places_for(request), usual_place(request)
    form = BookingForm(request.POST or None, asked=_asked(request), within=within, usual=usual, now=now)
    if step == "preview" and form.is_valid():
        try:
            return _look(request, form, now=now)
        except DomainError as error:
            form.refuse(error)
    elif step == "send" and form.is_valid():
        try:
            booked = new.book(form.wanted(), form=form.cleaned_data["nonce"], by=colleague(request), now=now)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _booked(booked, tells=form.cleaned_data["tells"]))
            return redirect(_on_the_board(booked))
    elif step not in ("send", "preview"):
        form.errors.clear()
    words = request.POST.get("q", "")
    people = found(_words(request.POST), appointments_for(request), now=now, page=MOST_FOUND)
    context = {"form": form, "people": people, "typed": words, "now": now}
    return render(request, "appointments/diary/new.html", context, status=422 if form.errors else 200)


def _look(request: HttpRequest, form: BookingForm, *, now: datetime) -> HttpResponseBase:
    wanted = form.wanted()
    letters = new.as_told(wanted, by=colleague(request), now=now)
    said = [(name, value) for name, values in request.POST.lists() for value in values]
    posted = [(name, value) for name, value in said if name not in ("step", "csrfmiddlewaretoken")]
    context = {"form": form, "customer": wanted.customer, "posted": posted}
    return show_letters(request, "appointments/diary/new_preview.html", context, letters=letters)


@require_safe
@at_the_desk
def people(request: HttpRequest) -> HttpResponse:
    """Whom the words mean that are being typed."""
    now, words = timezone.now(), _words(request.GET)
    shown = found(words, appointments_for(request), now=now, page=MOST_FOUND)
    return render(request, "appointments/diary/new_people.html", {"people": shown, "typed": words, "now": now})


@require_POST
@at_the_desk
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What was booked just now, before anybody is told."""
    booked = appointment_for(request, pk)
    try:
        undone = new.take_back(booked, by=colleague(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("appointment", pk)
    if len(undone) > 1:
        messages.success(request, _("Undone: %(count)s times are free again.") % {"count": len(undone)})
    else:
        messages.success(request, _("Undone: the time is free again, and nobody was told."))
    return redirect(_on_the_board(booked))


def _booked(appointment: Appointment, *, tells: bool) -> str:
    name = {"name": appointment.customer.name}
    if tells and is_told_in_writing(appointment):
        return _("Booked. A confirmation to %(name)s leaves in a moment.") % name
    return _("Booked. No confirmation leaves, so what you told %(name)s is what they have.") % name


def _on_the_board(appointment: Appointment) -> str:
    day = appointment.starts_at.astimezone(appointment.location.tzinfo).date()
    return f"{reverse('board', args=[appointment.location.code, day])}?open={appointment.pk}"


def _words(data: Any) -> str:
    form = SearchForm(data)
    return form.cleaned_data["q"].strip() if form.is_valid() else ""


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address tells beforehand, in the names of the form."""
    said = told_beforehand(request.GET)
    if place := places_for(request).filter(code=said.pop("place", "")).first():
        said["place"] = place.pk
    if "starts_at" in said:
        said["starts_at"] = said["starts_at"].replace(tzinfo=None)
        said.setdefault("day", said["starts_at"].date())
    if said.get("name"):
        said["customer"] = "new"
    return said
