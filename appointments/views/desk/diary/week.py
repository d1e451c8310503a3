"""The week of a place, and the week of one of its resources."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.domain.moving import drafts
from appointments.domain.pages.diary.carrying import Carried, carry
from appointments.domain.pages.diary.columns import drawn_now
from appointments.domain.pages.diary.place import PlaceWeek, week_of_place
from appointments.domain.pages.diary.week import ends_of_week, week_of_resource
from appointments.views.desk.diary import ways
from appointments.views.desk.diary.board import of_place, picked_day, place_among
from appointments.views.desk.diary.news import news_address
from appointments.views.desk.diary.parts import asked, keep, shared_address, show, wanted_filters
from appointments.views.desk.find import appointments_for, at_the_desk, place_for, places_for, resource_for


@require_safe
@at_the_desk
def this_week(request: HttpRequest, location: str, pk: int | None = None) -> HttpResponse:
    """The week of the day asked for by the date picker, else of today on that place's clock."""
    place = place_for(request, location)
    day = picked_day(request, place)
    return redirect("resource-week", place.code, day, pk) if pk else redirect("place-week", place.code, day)


@require_safe
@at_the_desk
def of_the_place(request: HttpRequest, location: str, day: date) -> HttpResponse:
    """Monday to Sunday of one place, a row per resource. `?open=` carries an appointment over it."""
    place, now = place_among(places := list(places_for(request)), location), timezone.now()
    filters = wanted_filters(request, place)
    if elsewhere := shared_address(request, filters):
        return elsewhere
    news = news_address(request, place, *ends_of_week(day))
    found = week_of_place(place, day, now=now, filters=filters)
    keep(request, place, kept := found.selection.filters)
    context = {
        "board": found,
        "boards": {head.day: ways.of_day(place, head.day, kept, now=now).day for head in found.heads},
        "selection": found.selection,
        "carried": _carried(request, found, now=now),
        "month": found.month(),
        "news": news,
        "ways": ways.of_week(place, day, kept, now=now),
        **of_place(places, place, now=now),
    }
    return show(request, "place", context, now=now)


@require_safe
@at_the_desk
def of_resource(request: HttpRequest, location: str, day: date, pk: int) -> HttpResponse:
    """Monday to Sunday of one resource, a column per day. `?open=` shows an appointment beside it."""
    place, now = place_among(places := list(places_for(request)), location), timezone.now()
    resource = resource_for(request, place, pk)
    news = news_address(request, place, *ends_of_week(day))
    found = week_of_resource(resource, day, now=now)
    keep(request, place)
    context = {
        "board": found,
        "month": found.month(),
        "now_on": drawn_now(found.columns, now=now),
        "news": news,
        "ways": ways.of_week(place, day, of=resource, now=now),
        **of_place(places, place, now=now),
    }
    return show(request, "week", context, now=now)


def _carried(request: HttpRequest, week: PlaceWeek, *, now: datetime) -> Carried | None:
    """What is open beside the board, as long as it can be moved."""
    pk = asked(request).get("open")
    found = appointments_for(request).filter(pk=pk).first() if pk else None
    return carry(found, week, now=now) if found and drafts.can_be_moved(found, now=now) else None
