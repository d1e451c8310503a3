"""When a place is closed: the holidays of a year, and closures of its own."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appointments.domain.pages import settings as shown
from appointments.domain.setup import countries, days
from appointments.forms.setup.days import ClosureForm, YearForm
from appointments.views.managers.find import by, closure_for, in_charge, place_for
from appointments.views.managers.setup.asking import page, saved_or_asked
from appointments.views.managers.setup.steps import reads_and_writes
from notifications.text import languages


@reads_and_writes
@in_charge
def year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The public holidays of its country, ticked where it is closed."""
    place, now, language = place_for(request, pk), timezone.now(), languages.active()
    if year not in (years := countries.years(now.astimezone(place.tzinfo).date())):
        raise Http404
    form = YearForm(request.POST or None, place=place, days=days.year_of(place, year, language=language))
    asked = None
    if request.method == "POST" and form.is_valid():
        write = partial(days.write_year, place, year, form.days(), language=language, by=by(request), now=now)
        asked = saved_or_asked(request, lambda agreed: write(agreed=agreed), form=form)
    context = {"place": place, "form": form, "years": years, "year": year}
    return page(request, "year", asked, knows=countries.has_calendar(place.country), **context)


@reads_and_writes
@in_charge
def closures(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that are to come, and a new one."""
    place, now = place_for(request, pk), timezone.now()
    form = ClosureForm(request.POST or None, place=place)
    asked = None
    if request.method == "POST" and form.is_valid():
        close = partial(days.close, form.closure(), by=by(request), now=now)
        asked = saved_or_asked(request, lambda agreed: close(agreed=agreed), form=form)
    return page(request, "closures", asked, place=place, form=form, closures=shown.closures(place, now=now))


@require_POST
@in_charge
def open_again(request: HttpRequest, pk: int, closure_pk: int) -> HttpResponse:
    days.open_again(closure_for(request, pk, closure_pk), by=by(request), now=timezone.now())
    messages.success(request, _("The closure is gone. Times are offered in it again."))
    return redirect("settings-closures", pk)
