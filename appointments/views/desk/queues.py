"""Queues: what stands in line, narrowed as the reader likes; who takes it on; and views that are kept under a name."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from appointments.domain import actors, saved_views
from appointments.domain import promises as ledger
from appointments.domain.colleagues import desk_colleagues
from appointments.domain.messages import failed
from appointments.domain.pages.queues.asked import Asked, read
from appointments.domain.pages.queues.counts import EVERYTHING, counts
from appointments.domain.pages.queues.kinds import QUEUES, SORTS, Queue
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.news import mark
from appointments.domain.pages.queues.reading import page_of
from appointments.domain.pages.queues.together import together
from appointments.domain.pages.workload import workload
from appointments.errors import DomainError
from appointments.forms.queues import AssignForm, FilterForm, SaveViewForm, first_fault
from appointments.roles import MAY_SEND_AGAIN
from appointments.views.desk.find import (
    appointment_for,
    at_the_desk,
    cases_for,
    colleague,
    here_and_now,
    hits_for,
    ours,
    places_for,
    promises_for,
    queue_for,
    saved_view_for,
    saved_views_for,
    sender,
)

KEPT = "queues"
"""Where the session has the filters of each queue."""
HIDDEN_WHEN_EMPTY = ("untold", "nobody-answers")
SETTLED = 30
CLOSED = 20


@require_safe
@at_the_desk
def queue(request: HttpRequest, code: str) -> HttpResponse:
    """One page of a queue. Without a question the filters stand as the reader left them; `?all` lifts them."""
    found = queue_for(request, code)
    if (elsewhere := _elsewhere(request, found)) is not None:
        return redirect(elsewhere)
    asked = read(found, request.GET)
    _keep(request, found, asked.query)
    people = desk_colleagues()
    shown, around = _shown(request, found, asked, people), _around(request, found, asked, people)
    return render(request, "appointments/queues/queue.html", {**shown, **around})


@require_safe
@at_the_desk
def news(request: HttpRequest, code: str) -> HttpResponse:
    """The lines as they stand now, and the numbers; 204 as long as all stands as in the page that asks, which says
    `?since=` what. `?busy`: somebody is at work in the lines, so only the numbers come, and word that there is news.
    """
    found = queue_for(request, code)
    if request.GET.get("since") == mark(now=timezone.now()):
        return HttpResponse(status=204)
    if "busy" in request.GET:
        answer = render(request, "appointments/queues/_busy.html", _busy(request, found))
        answer["HX-Reswap"] = "none"
        return answer
    shown = _shown(request, found, read(found, request.GET), desk_colleagues())
    return render(request, "appointments/queues/_news.html", shown)


@require_POST
@at_the_desk
def assign(request: HttpRequest) -> HttpResponse:
    """What is ticked goes to the reader, or to a colleague with a note: each by itself, and who was faster is named."""
    reader, back = colleague(request), ours(request.POST.get("next", ""), else_to=reverse("calls"))
    form = AssignForm(request.POST, among=promises_for(request).open(), reader=reader)
    if not form.is_valid():
        messages.error(request, first_fault(form))
        return redirect(back)
    chosen, to, note = (form.cleaned_data[name] for name in ("promises", "to", "note"))
    by = actors.staff(reader)
    refused = ledger.hand_over_each(chosen, to=to, note=note, by=by, now=timezone.now())
    for promise, why in refused:
        messages.warning(request, f"{promise.appointment.customer.name}: {why}")
    if done := len(chosen) - len(refused):
        messages.success(request, _handed(done, mine=to == reader))
    return redirect(back)


@require_POST
@at_the_desk
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What did not arrive leaves once more, to where the customer is reached now."""
    appointment, by = appointment_for(request, pk), sender(request)
    try:
        failed.send_again(appointment, by=by.get_username(), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("On its way once more to %(name)s.") % {"name": appointment.customer.name})
    return redirect("queue", "failed")


@require_POST
@at_the_desk
def save_view(request: HttpRequest, code: str) -> HttpResponse:
    """The filters in the address that the form was sent to, under a name of the reader's own."""
    found, form = queue_for(request, code), SaveViewForm(request.POST)
    query = read(found, request.GET).query
    if not form.is_valid():
        messages.error(request, first_fault(form))
    else:
        try:
            saved_views.save(colleague(request), name=form.cleaned_data["name"], queue=code, filters=query)
        except DomainError as error:
            messages.error(request, error.message)
    return redirect(_address(found, query))


@require_POST
@at_the_desk
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = saved_view_for(request, pk)
    saved_views.forget(view)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect("queue", view.queue)


def _elsewhere(request: HttpRequest, queue: Queue) -> str | None:
    """Where the reader is led instead: to the filters as they were left, to none, or to their own lines."""
    if "all" in request.GET:
        _keep(request, queue, "")
        return path_of(queue.code)
    if "mine" in request.GET and queue.source.owned:
        return _address(queue, Asked(person=colleague(request).pk).query)
    kept = request.session.get(KEPT, {}).get(queue.code, "")
    return _address(queue, kept) if kept and not request.GET else None


def _keep(request: HttpRequest, queue: Queue, query: str) -> None:
    kept = request.session.get(KEPT, {})
    if kept.get(queue.code, "") != query:
        request.session[KEPT] = {**kept, queue.code: query}


def path_of(code: str) -> str:
    """Some queues have an address of their own from long ago."""
    try:
        return reverse(code)
    except NoReverseMatch:
        return reverse("queue", args=[code])


def _address(queue: Queue, query: str) -> str:
    return f"{path_of(queue.code)}?{query}" if query else path_of(queue.code)


def _handed(count: int, *, mine: bool) -> str:
    if mine:
        return ngettext("Yours now: %(count)s.", "Yours now: %(count)s.", count) % {"count": count}
    return ngettext("Handed over: %(count)s.", "Handed over: %(count)s.", count) % {"count": count}


def _shown(request: HttpRequest, queue: Queue, asked: Asked, people: QuerySet[User]) -> dict[str, Any]:
    """What renews itself: the lines, and what leads to the next ones."""
    reader, now = colleague(request), timezone.now()
    page = page_of(queue, asked, Moment(reader, now))
    request.desk_numbers = page.numbers  # type: ignore[attr-defined]  # the head shows the same ones
    return {
        "page": page,
        "numbers": page.numbers,
        "queue": queue,
        "queues": _queues(),
        "handing": AssignForm(people=people, reader=reader),
        "path": path_of(queue.code),
        "here": _address(queue, asked.address),
        "may_send_again": reader.has_perm(MAY_SEND_AGAIN),
        "now": now,
    }


def _sorted_by(queue: Queue, asked: Asked, sort: str) -> str:
    return asked.sorted_by("" if sort == queue.sorts[0] else sort).query


def _busy(request: HttpRequest, queue: Queue) -> dict[str, Any]:
    numbers = counts(EVERYTHING, Moment(colleague(request), timezone.now()))
    request.desk_numbers = numbers  # type: ignore[attr-defined]
    return {"numbers": numbers, "queues": _queues(), "here": _address(queue, read(queue, request.GET).address)}


def _queues() -> list[tuple[Queue, str]]:
    return [(one, path_of(one.code)) for one in QUEUES.values()]


def _around(request: HttpRequest, queue: Queue, asked: Asked, people: QuerySet[User]) -> dict[str, Any]:
    """What stands around the lines and stays: the other queues, the filters, the reader's views."""
    reader = colleague(request)
    around = {
        "hidden_when_empty": HIDDEN_WHEN_EMPTY,
        "views": [(one, _address(QUEUES[one.queue], one.filters)) for one in saved_views_for(request)],
        "filters": FilterForm(queue=queue, asked=asked, places=places_for(request), people=people, reader=reader),
        "sorts": [(name, _sorted_by(queue, asked, name), SORTS[name]) for name in queue.sorts],
        "save_form": SaveViewForm(),
        "query": asked.query,
    }
    if queue.code == "to-move":
        around |= {"together": together(hits_for(request)), **here_and_now(request)}
    if queue.code == "promises":
        around["settled"] = promises_for(request).settled_lately()[:SETTLED]
    if queue.code == "complaints":
        cases = cases_for(request)
        around["closed"] = cases.closed_last().for_display()[:CLOSED]
        around["loads"] = workload(cases, promises_for(request), now=timezone.now())
    return around
