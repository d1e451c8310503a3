"""The day board of a place."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from appointments.domain.pages.board import day_board, hours_of
from appointments.domain.pages.situation import situation_of
from appointments.forms.diary.asked import BoardForm
from appointments.views.desk.diary.parts import is_for
from appointments.views.desk.find import (
    LAST_PLACE,
    appointments_for,
    at_the_desk,
    place_for,
    places_for,
    usual_place,
)


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
    part = "columns" if is_for(request, "columns") else "board"
    response = render(request, f"appointments/diary/{part}.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _asked(request: HttpRequest) -> dict[str, Any]:
    form = BoardForm(request.GET)
    form.is_valid()
    return form.cleaned_data


def _shift(day: date, days: int) -> date:
    """The neighbouring day; at the ends of the century, which is all that addresses know, the day itself."""
    there = day + timedelta(days=days)
    return there if there.year // 100 == day.year // 100 else day


def _beside(request: HttpRequest, pk: int | None, *, now: datetime) -> dict[str, Any]:
    found = appointments_for(request).filter(pk=pk).first() if pk else None
    return {"appointment": found, "situation": situation_of(found, now=now)} if found else {}
