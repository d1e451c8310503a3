"""The plain view beside the page that proposes new times: the one query, and as many lines on the same frame.

Also the URL configuration of that benchmark: the project's own addresses and this one.
"""

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import path

from appointments.models import Appointment
from reschedule.urls import urlpatterns as addresses
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


urlpatterns = [path("plain/<int:pk>/", plain), *addresses]
