"""One box on every page: a customer by name, phone or e-mail, an appointment or a case by its number."""

import re
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.enums import AppointmentState
from appointments.forms.diary.asked import SearchForm
from appointments.models import Appointment, Customer
from appointments.views.desk.find import appointments_for, at_the_desk, codes_for, rounds_for

PAGE = 25

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
    customers, following = _customers(request, words, after=after, now=now) if words else ([], None)
    context = {
        "form": form,
        "searched_for": words,
        "appointments": _numbered(request, words),
        "results": _beside(request, customers),
        "following": following,
        "is_first": not after,
        "now": now,
    }
    return render(request, "appointments/diary/search.html", context, status=422 if form.errors else 200)


def _customers(request: HttpRequest, words: str, *, after: int, now: datetime) -> tuple[list[Any], int | None]:
    """A page of customers in order of their names, and the id to go on after, if there are more."""
    own = appointments_for(request).filter(customer=OuterRef("pk"))
    coming = own.filter(state=AppointmentState.BOOKED, starts_at__gt=now).order_by("starts_at", "pk")
    found = Customer.objects.matching(words).order_by("name", "pk")
    last = Customer.objects.filter(pk=after).values_list("name", flat=True).first() if after else None
    if last is not None:
        found = found.filter(Q(name__gt=last) | Q(name=last, pk__gt=after))
    page = list(
        found.annotate(
            coming=Subquery(coming.values("pk")[:1]),
            past=Subquery(own.filter(starts_at__lte=now).order_by("-starts_at", "-pk").values("pk")[:1]),
        )[: PAGE + 1]
    )
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None


def _numbered(request: HttpRequest, words: str) -> list[Appointment]:
    """The appointment or the case that has this number."""
    if number := _NUMBER.fullmatch(words):
        wanted = Q(pk=int(number[1]))
    else:
        wanted = Q(requests__in=rounds_for(request).of_case(words))
    return list(appointments_for(request).filter(wanted))


def _beside(request: HttpRequest, customers: list[Any]) -> list[tuple[Customer, list[Appointment]]]:
    """Each customer with the next appointment and the last one, where there are such."""
    wanted = {one.pk: [pk for pk in (one.coming, one.past) if pk] for one in customers}
    ids = {pk for pks in wanted.values() for pk in pks}
    rows = appointments_for(request).in_bulk(ids) if ids else {}
    return [(one, [rows[pk] for pk in wanted[one.pk]]) for one in customers]
