"""The live board of a disruption: everybody whom it hits, and how far we have come with each."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.domain.disruptions import board as boards
from appointments.domain.disruptions import news as changes
from appointments.models import Disruption
from appointments.views.desk.find import any_disruption_for, at_the_desk, newest_plan_for


@require_safe
@at_the_desk
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; its columns renew themselves by `news`."""
    found, now = any_disruption_for(request, pk), timezone.now()
    context = {**_shown(request, found, now=now), "plan": newest_plan_for(request, pk)}
    return render(request, "appointments/disruptions/board.html", context)


@require_safe
@at_the_desk
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns as they are now; 204 as long as all stands as in the page that asks, which says `?since=` what."""
    found, now = any_disruption_for(request, pk, bare=True), timezone.now()
    if request.GET.get("since") == changes.token(found, now=now):
        return HttpResponse(status=204)
    return render(request, "appointments/disruptions/_news.html", _shown(request, found, now=now))


def _shown(request: HttpRequest, disruption: Disruption, *, now: datetime) -> dict[str, Any]:
    """The token is read first: what changes meanwhile is news at the next question, and never missed. `?show=` is the
    column that the reader has opened.
    """
    token = changes.token(disruption, now=now)
    found = boards.of(disruption, now=now, opened=request.GET.get("show", ""))
    return {"disruption": disruption, "token": token, "board": found, "now": now}
