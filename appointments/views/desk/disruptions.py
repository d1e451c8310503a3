"""What cannot take place, and who still has to be moved because of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appointments.domain import actors, affected
from appointments.domain.pages import queues
from appointments.views.desk.find import affected_for, at_the_desk, colleague, disruption_for, hits_for


@require_safe
@at_the_desk
def to_move(request: HttpRequest) -> HttpResponse:
    """Everybody who is hit and whom nobody moves yet."""
    groups = queues.to_move(hits_for(request))
    return render(request, "appointments/disruptions/to_move.html", {"groups": groups, "now": timezone.now()})


@require_POST
@at_the_desk
def takes_place(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them takes place as booked: the disruption does not hit it after all."""
    row = affected_for(request, pk)
    by, now = actors.staff(colleague(request)), timezone.now()
    affected.keep(row.appointment, by=by, now=now, only=row.disruption)
    messages.success(request, _("%(name)s’s appointment takes place as booked.") % {"name": row.appointment.customer})
    return redirect("to-move")


@require_POST
@at_the_desk
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """A false alarm: everything that it was to hit takes place."""
    disruption = disruption_for(request, pk)
    affected.call_off(disruption, now=timezone.now())
    messages.success(request, _("Called off. These times can be offered again, and nobody has to move because of it."))
    return redirect("to-move")
