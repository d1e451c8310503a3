"""One box on every page: a customer by name, phone or e-mail, an appointment or a case by its number."""

import re

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.domain.pages.customers.found import found
from appointments.forms.diary.asked import SearchForm
from appointments.models import Appointment
from appointments.views.desk.find import appointments_for, at_the_desk, codes_for, rounds_for

_NUMBER = re.compile(r"#?(\d{1,9})")


@require_safe
@at_the_desk
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, customers by name from the one given by `after` on."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    after = form.cleaned_data.get("after") or 0
    if given := codes_for(request).of_code(words).first():
        return redirect("code", given.pk)
    now = timezone.now()
    shown = found(words, appointments_for(request), now=now, after=after)
    context = {
        "form": form,
        "searched_for": words,
        "appointments": _numbered(request, words),
        "results": shown.rows,
        "following": shown.following,
        "is_first": not after,
        "now": now,
    }
    return render(request, "appointments/diary/search.html", context, status=422 if form.errors else 200)


def _numbered(request: HttpRequest, words: str) -> list[Appointment]:
    """The appointment or the case that has this number."""
    if number := _NUMBER.fullmatch(words):
        wanted = Q(pk=int(number[1]))
    else:
        wanted = Q(requests__in=rounds_for(request).of_case(words))
    return list(appointments_for(request).filter(wanted))
