"""A plan day by day: whom it puts where, and where one of them can be put by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.domain.pages import plan_day
from appointments.domain.pages.diary.scale import hours_of
from appointments.enums import PlanState
from appointments.forms.plans import DayForm
from appointments.models import DisruptionPlan, PlanLine
from appointments.views.desk.find import at_the_desk, plan_for


@require_safe
@at_the_desk
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """`?day=`, and `?line=`, the appointment for which the free places are shown: each is a button that takes it."""
    found, now = plan_for(request, pk), timezone.now()
    if found.state != PlanState.DRAFT:
        return redirect("plan-progress", pk)
    wanted, appointment_pk = DayForm(request.GET).wanted()
    board = plan_day.of(found, day=wanted, chosen=_line_of(found, appointment_pk), now=now)
    context = {
        "plan": found,
        "disruption": found.disruption,
        "board": board,
        "hours": hours_of(board.window),
        "zone": board.location.zone,
        "now": now,
    }
    return render(request, "appointments/disruptions/day.html", context)


def _line_of(plan: DisruptionPlan, appointment_pk: int) -> PlanLine | None:
    """None for whoever has no line any more."""
    line: PlanLine | None = plan.lines.for_display().filter(appointment=appointment_pk).first()
    if line is not None:
        line.plan = plan
    return line
