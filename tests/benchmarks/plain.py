"""Plain views beside our pages, and the URL configuration of those benchmarks: the project's own addresses and these.
Those beside the boards are in plain_boards.

Beside the page that proposes new times: the one query, and as many lines on the same frame. Beside the customer's
page: as many queries for the same rows, and as many bytes from one flat template.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import path

from appointments.domain import links
from appointments.enums import OfferState
from appointments.models import Absence, Appointment, Business, Link, Offer
from reschedule.urls import urlpatterns as addresses
from tests.benchmarks import plain_boards
from tests.benchmarks.dataset import HORIZON, NOW
from tests.benchmarks.yardsticks import sql_of_the_query, values_of_the_query

LINES = 5
PAGE = """{% extends "base.html" %}{% load when %}{% block content %}
<h1>{{ appointment.customer }}</h1>
<ul>{% for line in lines %}<li class="line">{{ appointment.starts_at|when:zone }} {{ line }}</li>{% endfor %}</ul>
{% endblock content %}"""


def plain(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = get_object_or_404(Appointment.objects.for_display(), pk=pk)
    ids = list(appointment.location.resources.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(sql_of_the_query(ids), values_of_the_query(NOW, NOW + timedelta(days=HORIZON)))
        lines = cursor.fetchall()[:LINES]
    context = {"appointment": appointment, "lines": lines, "zone": appointment.location.zone}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


FLAT = """{% load when %}<!doctype html><title>{{ business.name }}</title><h1>{{ appointment.customer.name }}</h1>
<p>{{ round.contact }}, {{ round.reason }}: {{ appointment.starts_at|when:zone }}, {{ appointment.provider }}</p>
{% for offer in offers %}<p class="line">{{ offer.starts_at|when:zone }} {{ offer.provider }}</p>{% endfor %}
{% for promise in promises %}<p>{{ promise.owner }} {{ promise.due_at|when:zone }}</p>{% endfor %}<p>"""


@lru_cache
def flat_template(size: int) -> Any:
    """The flat template with words to fill it up."""
    return engines["django"].from_string(FLAT + "Some words of no meaning. " * (size // 26) + "</p>")


@login_not_required
def plain_page(request: HttpRequest, token: str, size: int) -> HttpResponse:
    """`size` bytes about the appointment behind a link."""
    related = [f"appointment__{name}" for name in ("customer", "service", "location", "provider")]
    link = Link.objects.select_related(*related).get(token_hash=links.fingerprint(token))
    appointment = link.appointment
    round_ = appointment.requests.select_related("reason", "contact", "was_provider").order_by("-round")[0]
    offers = round_.offers.filter(state=OfferState.LIVE).select_related("provider").order_by("starts_at")
    context = {
        "appointment": appointment,
        "round": round_,
        "offers": offers,
        # Whether they can take place: what they occupy, and who is away.
        "needs": list(Offer.resources.through.objects.filter(offer__in=offers).select_related("resource")),
        "away": list(Absence.objects.filter(resource__location=appointment.location_id)),
        "promises": appointment.promises.select_related("owner").order_by("due_at"),
        "business": Business.current(),
        "zone": appointment.location.zone,
    }
    return HttpResponse(flat_template(size).render(context, request).encode()[:size])


urlpatterns = [
    path("plain/<int:pk>/", plain),
    path("plain-page/<str:token>/<int:size>/", plain_page),
    path("plain-day/<int:pk>/<day:day>/", plain_boards.day_of_lines),
    path("plain-week/<int:pk>/<day:day>/", plain_boards.week_of_cells),
    path("plain-list/", plain_boards.fifty_promises),
    path("plain-news/<int:pk>/", plain_boards.two_queries),
    *addresses,
]
