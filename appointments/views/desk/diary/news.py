"""Whether there is anything new on an open board: asked every few seconds, so next to nothing may be done for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appointments.domain.pages.diary import news as changes
from appointments.domain.pages.diary.scale import Moments
from appointments.domain.schedule.wallclock import day_span
from appointments.models import Location
from appointments.views.desk.find import colleague

SALT = "news of a board"
VALID_SECONDS = 12 * 60 * 60
"""So long a board may ask before its reader is looked at anew: a working day."""


def news_address(request: HttpRequest, place: Location, first: date, last: date) -> str:
    """Where the board of these days asks. The key in it says that its reader may see them."""
    said = {"reader": request.session[SESSION_KEY], "place": place.pk, "zone": place.zone}
    key = signing.dumps({**said, "days": [first.isoformat(), last.isoformat()]}, salt=SALT)
    since = changes.token(place, day_span(first, place.tzinfo, last=last), now=timezone.now())
    return f"{reverse('board-news', args=[key])}?since={since}"


@login_not_required
@never_cache
def news(request: HttpRequest, key: str) -> HttpResponseBase:
    """204 as long as all stands as in the page that asks, which says `?since=` what; else the page is told to look.

    Two queries: whose session it is, and whether anything has changed. What a reader may see is looked at when the page
    is read anew, which it is told as well when its key is too old or another colleague's.
    """
    if SESSION_KEY not in request.session:
        return redirect_to_login(request.get_full_path())
    return _said(request, key)


@require_safe
def _said(request: HttpRequest, key: str) -> HttpResponseBase:
    said = _read(key)
    if said is None or said["reader"] != request.session[SESSION_KEY]:
        colleague(request)
        return _look()
    if request.GET.get("since") == changes.token(Location(pk=said["place"]), _span(said), now=timezone.now()):
        return HttpResponse(status=204)
    return _look()


def _look() -> HttpResponse:
    return HttpResponse(headers={"HX-Trigger": "board-news"})


def _read(key: str) -> Mapping[str, Any] | None:
    try:
        said: Mapping[str, Any] = signing.loads(key, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    return said


def _span(said: Mapping[str, Any]) -> Moments:
    first, last = map(date.fromisoformat, said["days"])
    return day_span(first, Location(zone=said["zone"]).tzinfo, last=last)
