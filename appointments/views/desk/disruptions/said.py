"""What cannot take place: said, changed, called off."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain import actors, affected
from appointments.domain.disruptions import called_off
from appointments.domain.disruptions import declare as declaring
from appointments.domain.disruptions.planning import plans
from appointments.domain.pages.disruptions import listed
from appointments.enums import PlanState
from appointments.errors import DomainError
from appointments.forms.disruptions import ChangeEndForm, DeclareForm, usual_reason
from appointments.models import Disruption
from appointments.views.desk.find import (
    affected_for,
    at_the_desk,
    colleague,
    disruption_for,
    disruptions_for,
    here_and_now,
    place_for,
)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def declare(request: HttpRequest, location: str, day: date) -> HttpResponse:
    """Who or what is not available, from when to when, and why; then the plan for all whom it hits.

    `?of=` is the resource whose column it was begun from.
    """
    place, now = place_for(request, location), timezone.now()
    of = request.GET.get("of", "")
    data = request.POST if request.method == "POST" else None
    form = DeclareForm(data, place=place, day=day, now=now, first=of)
    if request.method == "POST" and form.is_valid():
        try:
            return _declared(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    if not form.is_bound:
        form.initial["reason"] = usual_reason(next((one for one in form.resources if str(one.pk) == of), None))
    context = {"form": form, "place": place, "day": day, "now": now}
    return render(request, "appointments/disruptions/declare.html", context, status=422 if form.is_bound else 200)


@require_safe
@at_the_desk
def all_of_them(request: HttpRequest) -> HttpResponse:
    """What is not closed or still lasts, then what has been lately."""
    found = listed(disruptions_for(request), now=timezone.now())
    context = {"listed": found, **here_and_now(request)}
    return render(request, "appointments/disruptions/list.html", context)


@require_POST
@at_the_desk
def takes_place(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them takes place as booked: the disruption does not hit it after all."""
    row = affected_for(request, pk)
    by, now = actors.staff(colleague(request)), timezone.now()
    affected.keep(row.appointment, by=by, now=now, only=row.disruption)
    messages.success(request, _("%(name)s’s appointment takes place as booked.") % {"name": row.appointment.customer})
    return redirect("to-move")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def change_end(request: HttpRequest, pk: int) -> HttpResponse:
    """It lasts longer or shorter than was said; beside it what a false alarm would mean for each."""
    disruption, now = disruption_for(request, pk), timezone.now()
    form = ChangeEndForm(request.POST or None, disruption=disruption)
    if request.method == "POST" and form.is_valid():
        try:
            return _with_another_end(request, disruption, form)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"disruption": disruption, "form": form, "outlook": called_off.outlook(disruption, now=now), "now": now}
    return render(request, "appointments/disruptions/end.html", context, status=422 if form.is_bound else 200)


@require_POST
@at_the_desk
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """A false alarm: everything that it was to hit takes place, and who was told gets the old time back on offer."""
    disruption = disruption_for(request, pk)
    declaring.false_alarm(disruption, by=actors.staff(colleague(request)), now=timezone.now())
    messages.success(request, _("Called off. These times can be offered again, and nobody has to move because of it."))
    return redirect("to-move")


def _with_another_end(request: HttpRequest, disruption: Disruption, form: ChangeEndForm) -> HttpResponse:
    now, said = timezone.now(), form.cleaned_data
    by = actors.staff(colleague(request))
    declaring.change_end(disruption, ends_at=said["ends"], next_news_at=said["news"], by=by, now=now)
    plan = disruption.plans.filter(state=PlanState.DRAFT).first()
    if plan is not None:
        plans.make(plan, now=now)
    count = affected.to_move().filter(disruption=disruption).count()
    left = ngettext(
        "Changed. %(count)s appointment in it has to move, and nobody moves it yet.",
        "Changed. %(count)s appointments in it have to move, and nobody moves them yet.",
        count,
    )
    messages.success(request, left % {"count": count} if count else _("Changed. Nobody else has to move."))
    if plan is not None:
        return redirect("plan", disruption.pk)
    return redirect("to-move" if count else "disruptions")


def _declared(request: HttpRequest, form: DeclareForm) -> HttpResponse:
    user, now = colleague(request), timezone.now()
    disruption, is_new = declaring.declare(form.entry(), by=actors.staff(user), now=now)
    plan = plans.begin(disruption, by=user, now=now)
    if plan.state == PlanState.DRAFT:
        plans.make(plan, now=now)
    if not is_new:
        messages.info(request, _("A colleague has entered this already. This is how it stands."))
    return redirect("plan", disruption.pk)
