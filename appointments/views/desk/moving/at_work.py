"""What an open form says while it is open: that its colleague has the appointment in hand. It hears who else has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from appointments.domain.moving import at_work
from appointments.views.desk.find import appointment_for, at_the_desk, colleague


@require_POST
@at_the_desk
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    found, by, now = appointment_for(request, pk), colleague(request), timezone.now()
    at_work.begin(found, by=by, now=now)
    context = {"appointment": found, "at_work": at_work.others(found, reader=by, now=now)}
    return render(request, "appointments/moving/_others.html", context)


@require_POST
@at_the_desk
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    at_work.leave(appointment_for(request, pk), by=colleague(request), now=timezone.now())
    return HttpResponse(status=204)
