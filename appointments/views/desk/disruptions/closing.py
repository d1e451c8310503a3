"""The end of a disruption: closed when nobody is left alone with it, and how it went."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments.domain.disruptions import closing
from appointments.domain.reports import disruptions as reports
from appointments.errors import DomainError
from appointments.forms.disruptions import ClosingForm
from appointments.views.desk.find import any_disruption_for, at_the_desk, colleague
from notifications.enums import Channel


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is left alone with it, else the button that closes it. `step=learn` keeps only what was learned."""
    disruption, now = any_disruption_for(request, pk), timezone.now()
    form = ClosingForm(request.POST or None, initial={"lessons": disruption.lessons})
    if request.method == "POST" and form.is_valid():
        lessons = form.cleaned_data["lessons"]
        if request.POST.get("step") == "learn":
            closing.learn(disruption, lessons=lessons)
            messages.success(request, _("Kept."))
            return redirect("close-disruption", pk)
        try:
            closing.close(disruption, lessons=lessons, by=colleague(request), now=now)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Closed. The times stay free as you said, and whoever is hit opens it again."))
            return redirect("close-disruption", pk)
    context = {
        "disruption": disruption,
        "standing": closing.standing_of(disruption, now=now),
        "form": form,
        "now": now,
    }
    return render(request, "appointments/disruptions/close.html", context, status=422 if form.errors else 200)


@require_safe
@at_the_desk
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """How it went, from the facts as they are now; to be printed."""
    disruption, now = any_disruption_for(request, pk), timezone.now()
    found = reports.report(disruption, now=now)
    context = {"disruption": disruption, "report": found, "ways": _named(found.ways), "now": now}
    return render(request, "appointments/disruptions/report.html", context)


def _named(ways: dict[str, int]) -> list[tuple[str, int]]:
    """As people call them; who only answered has read it somewhere."""
    return [(str(Channel(way).label) if way else _("found it on the page"), count) for way, count in ways.items()]
