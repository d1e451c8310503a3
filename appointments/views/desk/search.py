"""One box on every page, for whatever it is: a customer, a number, who and what works here, what can be booked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from appointments.domain.pages.customers.found import PAGE
from appointments.domain.pages.search.everything import MOST, Everything, Within, everything
from appointments.forms.diary.asked import SearchForm
from appointments.views.desk.diary.parts import is_for
from appointments.views.desk.find import (
    appointments_for,
    at_the_desk,
    cases_for,
    codes_for,
    resources_for,
    rounds_for,
)
from appointments.views.desk.options import groups_of
from appointments.views.desk.recent import recent_of


@require_safe
@at_the_desk
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, or without any what was opened lately. As one types, only the list under the box."""
    form, as_typed, now = SearchForm(request.GET), is_for(request, "search-results"), timezone.now()
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    after = form.cleaned_data.get("after") or 0
    shown = everything(words, _within(request), now=now, after=after, page=MOST if as_typed else PAGE)
    if not as_typed and (only := _only_code(shown)):
        return redirect("code", only)
    groups = groups_of(shown, [] if words else recent_of(request))
    context = {"form": form, "searched_for": words, "shown": shown, "groups": groups, "is_first": not after, "now": now}
    page = "found" if as_typed else "search"
    response = render(request, f"appointments/search/{page}.html", context, status=422 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _within(request: HttpRequest) -> Within:
    return Within(
        appointments=appointments_for(request),
        rounds=rounds_for(request),
        codes=codes_for(request),
        cases=cases_for(request),
        resources=resources_for(request),
    )


def _only_code(shown: Everything) -> int | None:
    """A code that is typed whole is meant: at the counter, with its owner waiting."""
    return shown.codes[0].pk if shown.codes else None
