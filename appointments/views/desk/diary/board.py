"""The day board of a place, and the way to it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.domain.pages.diary.columns import drawn_now
from appointments.domain.pages.diary.day import day_board
from appointments.models import Location
from appointments.views.desk.diary import ways
from appointments.views.desk.diary.news import news_address
from appointments.views.desk.diary.parts import asked, keep, shared_address, show, wanted_filters
from appointments.views.desk.find import at_the_desk, place_for, places_for, usual_place


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
    return redirect("board", place.code, picked_day(request, place))


@require_safe
@at_the_desk
def board(request: HttpRequest, location: str, day: date) -> HttpResponse:
    """One day of one place, a column per resource. `?open=` shows an appointment beside it."""
    place, now = place_among(places := list(places_for(request)), location), timezone.now()
    filters = wanted_filters(request, place)
    if elsewhere := shared_address(request, filters):
        return elsewhere
    news = news_address(request, place, day, day)
    found = day_board(place, day, now=now, filters=filters)
    keep(request, place, found.selection.filters)
    context = {
        "board": found,
        "selection": found.selection,
        "month": found.month(),
        "now_on": drawn_now(found.columns, now=now),
        "news": news,
        "ways": ways.of_day(place, day, found.selection.filters, now=now),
        **of_place(places, place, now=now),
    }
    return show(request, "day", context, now=now)


def place_among(places: list[Location], code: str) -> Location:
    """Raises Http404 for one that is not the reader's."""
    found = next((one for one in places if one.code == code), None)
    if found is None:
        raise Http404
    return found


def picked_day(request: HttpRequest, place: Location) -> date:
    """The day that was picked, else today on that place's clock."""
    day: date | None = asked(request).get("day")
    return day or timezone.now().astimezone(place.tzinfo).date()


def of_place(places: list[Location], place: Location, *, now: Any) -> dict[str, Any]:
    """What every board of a place says of it."""
    return {"place": place, "zone": place.zone, "here": now.astimezone(place.tzinfo).date(), "locations": places}
