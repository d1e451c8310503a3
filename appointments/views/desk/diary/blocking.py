"""A private block of time at the desk: new, changed, and taken away."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments.domain.disruptions import blocking
from appointments.errors import DomainError
from appointments.forms.diary.asked import told_beforehand
from appointments.forms.diary.blocking import BlockForm, as_it_is, asked_first
from appointments.forms.moments import WALL_CLOCK
from appointments.models import Absence, Appointment
from appointments.views.desk.find import at_the_desk, blocked_for, colleague, resources_for


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def block(request: HttpRequest) -> HttpResponse:
    """Of whom, from when to when, and its title; the address may tell all of it beforehand."""
    now, first = timezone.now(), asked_first(told_beforehand(request.GET))
    form = BlockForm(request.POST or None, resources=resources_for(request), first=first, now=now)
    if request.method == "POST" and form.is_valid():
        said = {"knowing": form.cleaned_data["knowing"], "by": colleague(request), "now": now}
        try:
            made = blocking.block(form.wanted(), **said)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Blocked. No time in it is offered to customers."))
            return redirect(_board(made))
    return _show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, another title, once or every week."""
    found, now = blocked_for(request, pk), timezone.now()
    form = BlockForm(request.POST or None, resources=resources_for(request), first=as_it_is(found), now=now)
    if request.method == "POST" and form.is_valid():
        said = {"knowing": form.cleaned_data["knowing"], "by": colleague(request), "now": now}
        try:
            free = blocking.change(found, form.wanted(), **said)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{_('Changed.')} {_can_come(free)}".strip())
            return redirect(_board(found))
    return _show(request, form, found=found)


@require_POST
@at_the_desk
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The time is free again; what is said of it leads to the same once more."""
    found = blocked_for(request, pk)
    board, back = _board(found), _back(found)
    free = blocking.remove(found, by=colleague(request), now=timezone.now())
    undo = format_html('<a href="{}">{}</a>', back, _("Block it again"))
    messages.success(request, format_html("{} {} {}", _("The time is free again."), _can_come(free), undo))
    return redirect(board)


def _show(request: HttpRequest, form: BlockForm, *, found: Absence | None = None) -> HttpResponse:
    context = {"form": form, "found": found, "board": _board(found) if found else reverse("home")}
    return render(request, "appointments/diary/block.html", context, status=422 if form.errors else 200)


def _can_come(free: list[Appointment]) -> str:
    if not free:
        return ""
    names = ", ".join(str(one.customer) for one in free[:5])
    return _("%(names)s can come after all.") % {"names": names}


def _board(found: Absence) -> str:
    place = found.resource.location
    day = found.starts_at.astimezone(place.tzinfo).date()
    return f"{reverse('board', args=[place.code, day])}#column-{found.resource_id}"


def _back(found: Absence) -> str:
    first: dict[str, Any] = as_it_is(found)
    said = {
        "resource": first["resource"],
        "title": first["title"],
        "starts_at": first["starts"].strftime(WALL_CLOCK),
        "ends_at": first["ends"].strftime(WALL_CLOCK),
        **({"weekly": "on"} if first["weekly"] else {}),
        **({"last_day": first["last_day"]} if first["last_day"] else {}),
    }
    return f"{reverse('block-time')}?{urlencode(said)}"
