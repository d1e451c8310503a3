"""Plain views beside the boards and lists: the same rows on the same frame, by one query and one flat template."""

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines

from appointments.domain.schedule.wallclock import day_span
from appointments.models import Location, Occupancy, Promise

FRAME = """{% extends "base.html" %}{% load when %}{% block content %}<h1>{{ place }}</h1>BODY{% endblock content %}"""
LINES = """<ul>{% for one in taken %}<li><a class="line" href="/appointments/{{ one.appointment_id }}/">
{{ one.starts_at|clock:zone }} {{ one.appointment.customer.name }} {{ one.appointment.service }} {{ one.resource.name }}
</a></li>{% endfor %}</ul>"""
CELLS = """<table>{% for name, cells in rows %}<tr><th>{{ name }}</th>{% for day, count in cells %}
<td class="line"><a href="/board/{{ place.code }}/{{ day }}/">{{ count }}</a></td>{% endfor %}
<td class="line">{{ name }}</td></tr>{% endfor %}</table>"""


PROMISES = """<ul>{% for one in rows %}<li><a class="line" href="/promises/{{ one.pk }}/">
{{ one.due_at|when:zone }} {{ one.owner.first_name }} {{ one.get_kind_display }}
{{ one.appointment.customer.name }} {{ one.appointment.customer.phone }} {{ one.appointment.service }}
{{ one.appointment.provider }} {{ one.appointment.starts_at|when:zone }}</a></li>{% endfor %}</ul>"""


@lru_cache
def _template(body: str) -> Any:
    return engines["django"].from_string(FRAME.replace("BODY", body))


def day_of_lines(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    """A line for each occupancy of the day."""
    place = Location.objects.get(pk=pk)
    span = day_span(day, place.tzinfo)
    taken = Occupancy.objects.filter(resource__location=place).overlapping(span.start, span.end)
    rows = taken.select_related("resource", "appointment__customer", "appointment__service")
    return HttpResponse(_template(LINES).render({"place": place, "zone": place.zone, "taken": rows}, request))


def week_of_cells(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    """A cell for each resource and day with how many there are, and one for the week."""
    place = Location.objects.get(pk=pk)
    days = [day - timedelta(days=day.weekday() - passed) for passed in range(7)]
    span = day_span(days[0], place.tzinfo, last=days[-1])
    taken = Occupancy.objects.filter(resource__location=place).overlapping(span.start, span.end)
    counts = Counter(
        (who, start.astimezone(place.tzinfo).date()) for who, start in taken.values_list("resource", "starts_at")
    )
    rows = [(one.name, [(there, counts[one.pk, there]) for there in days]) for one in place.resources.all()]
    return HttpResponse(_template(CELLS).render({"place": place, "rows": rows}, request))


@login_not_required
def two_queries(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose session it is, and one row."""
    seen = request.session[SESSION_KEY] and Location.objects.filter(pk=pk).exists()
    return HttpResponse(status=204 if seen else 404)


def fifty_promises(request: HttpRequest) -> HttpResponse:
    """The first of what waits for us, by the hour it is due."""
    related = [f"appointment__{name}" for name in ("customer", "service", "location", "provider")]
    rows = Promise.objects.open().select_related("owner", *related).order_by("due_at", "pk")[:50]
    return HttpResponse(_template(PROMISES).render({"place": "", "zone": "UTC", "rows": rows}, request))
