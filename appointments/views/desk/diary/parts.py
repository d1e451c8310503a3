"""What the boards have in common: parts that a script asks for, what their addresses ask, filters that stick."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from appointments.domain.pages.diary.filters import Filters
from appointments.domain.pages.situation import situation_of
from appointments.forms.diary.asked import BoardForm
from appointments.models import Location
from appointments.roles import MAY_CHANGE_THE_BUSINESS
from appointments.views.desk.find import LAST_PLACE, appointments_for, colleague

FILTERS = "board-filters"
"""Where a session keeps what its colleague wants to see only, by place."""
NAMES = ("kind", "service", "resource")


def is_for(request: HttpRequest, part: str) -> bool:
    """Whether a script of the page asks, to put the answer into `part` of it."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == part


def asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks besides place and day, without nonsense."""
    form = BoardForm(request.GET)
    form.is_valid()
    return form.cleaned_data


def neighbour(day: date, days: int) -> date:
    """The day so many later; at the ends of the century, which is all that addresses know, the day itself."""
    there = day + timedelta(days=days)
    return there if there.year // 100 == day.year // 100 else day


def wanted_filters(request: HttpRequest, place: Location) -> Filters:
    """Those of the address; without any, what the colleague wanted to see of this place last. Empty ones forget it."""
    given = _filters(asked(request))
    if given.values:
        return given
    said = [request.GET[name] for name in NAMES if name in request.GET]
    if said and not any(said):
        keep(request, place, given)
        return given
    return _filters(_kept(request).get(place.code, {}))


def shared_address(request: HttpRequest, filters: Filters) -> HttpResponseRedirect | None:
    """To the address that says `filters`, if this one does not, so that whoever gets it sees the same."""
    said = {name: request.GET[name] for name in NAMES if name in request.GET}
    if request.headers.get("HX-Request") == "true" or said == filters.values:
        return None
    query = request.GET.copy()
    for name in NAMES:
        query.pop(name, None)
    query.update(QueryDict("", mutable=True) | filters.values)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def keep(request: HttpRequest, place: Location, filters: Filters | None = None) -> None:
    """Notes the place, and what is wanted of it. A page that renews itself changes nothing: it may be an older one."""
    if request.headers.get("HX-Request") == "true":
        return
    if request.session.get(LAST_PLACE) != place.code:
        request.session[LAST_PLACE] = place.code
    kept = _kept(request)
    if filters is not None and kept.get(place.code, {}) != filters.values:
        request.session[FILTERS] = {**kept, place.code: filters.values}


def show(request: HttpRequest, page: str, context: dict[str, Any], *, now: datetime) -> HttpResponse:
    """A board with what is open beside it; for a script that renews it, what of it may have changed."""
    found = _beside(request, asked(request).get("open"), now=now) | {"opens": _opens(request), "now": now}
    found["sees_all"] = colleague(request).has_perm(MAY_CHANGE_THE_BUSINESS)
    name = "columns" if is_for(request, "columns") else "page"
    response = render(
        request, f"appointments/diary/{page}/{name}.html", {**context, **found, "opens": _opens(request), "now": now}
    )
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _opens(request: HttpRequest) -> str:
    """The end of an address that shows an appointment beside the board; its number is what is missing."""
    query = request.GET.copy()
    query.pop("open", None)
    return f"?{query.urlencode()}&open=" if query else "?open="


def _kept(request: HttpRequest) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = request.session.get(FILTERS, {})
    return kept


def _filters(values: dict[str, Any]) -> Filters:
    numbers = {name: int(values[name]) for name in ("service", "resource") if values.get(name)}
    return Filters(kind=values.get("kind") or "", **numbers)


def _beside(request: HttpRequest, pk: int | None, *, now: datetime) -> dict[str, Any]:
    found = appointments_for(request).filter(pk=pk).first() if pk else None
    return {"appointment": found, "situation": situation_of(found, now=now)} if found else {}
