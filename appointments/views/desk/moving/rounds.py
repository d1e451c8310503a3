"""Moving one customer: propose, look at the message, send, and take it back while that is possible."""

import math
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.domain import actors
from appointments.domain.messages import previews, sent
from appointments.domain.moving import at_work, drafts, rounds
from appointments.domain.pages.customers.told import told_by_customer
from appointments.domain.pages.playbook import Menu, menu_for
from appointments.domain.recovery.playbook import uses
from appointments.errors import CannotBeWritten, DomainError
from appointments.forms.missing import MissingForm
from appointments.forms.moving.added_time import AddTimeForm
from appointments.forms.moving.again import Again, begin_again
from appointments.forms.moving.proposing import ProposeForm
from appointments.models import Appointment
from appointments.views.desk.find import (
    appointment_for,
    at_the_desk,
    colleague,
    round_for,
    taken_back_for,
)
from appointments.views.desk.previews import show_letters

WITHOUT_TIMES = "-without-times"
ANSWERS_SHOWN = 20
"""On the page of a round, the newest; the whole story has them all."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def propose(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Choose reason and times. `step` of a POST says what for: `times` or `more` of them, `add` one, `edit`, `preview`
    or `send`; the last three also `-without-times`, when the customer is told before there are any.
    """
    appointment = appointment_for(request, pk)
    now, asked = timezone.now(), request.POST.get("step", "")
    step = asked.removesuffix(WITHOUT_TIMES)
    if step == "send" and (opened := rounds.opened_by(appointment, nonce=request.POST.get("nonce", ""))):
        return redirect("request", opened.pk)
    if not drafts.can_be_moved(appointment, now=now):
        return _is_over(request, appointment)
    question = MissingForm(request.POST or None, appointment=appointment, now=now)
    adding = AddTimeForm(request.POST if step == "add" else None, question=question)
    form = ProposeForm(
        _data(request, adding),
        question=question,
        user=colleague(request),
        more=step == "more",
        without_times=asked.endswith(WITHOUT_TIMES),
    )
    if step == "preview" and form.is_valid():
        return _preview(request, form, adding)
    if step == "send" and form.is_valid():
        return _send(request, form, adding)
    return _show(request, form, adding, complain=step in ("preview", "send"))


@require_safe
@at_the_desk
def propose_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of `propose` with what this round said that was taken back; an old tab leads to where things stand."""
    found = taken_back_for(request, pk)
    appointment, now, user = found.appointment, timezone.now(), colleague(request)
    if not found.is_newest:
        return redirect("appointment", appointment.pk)
    if not drafts.can_be_moved(appointment, now=now):
        return _is_over(request, appointment)
    again = begin_again(found, user=user, now=now)
    question = MissingForm(again.data, appointment=appointment, now=now)
    without_times = found.is_without_times
    form = ProposeForm(again.data, question=question, user=user, more=False, without_times=without_times)
    return _show(request, form, AddTimeForm(question=question), complain=False, again=again)


@require_safe
@at_the_desk
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its message, its offers, what happens next; undo while the message has not left."""
    found = round_for(request, pk)
    now = timezone.now()
    given = found.answers.select_related("offer__provider", "recorded_by").order_by("-at", "-pk")
    newest = list(given[: ANSWERS_SHOWN + 1])
    context = {
        "round": found,
        "appointment": found.appointment,
        "zone": found.appointment.location.zone,
        "offers": found.offers.select_related("provider").order_by("starts_at"),
        "answers": list(reversed(newest[:ANSWERS_SHOWN])),
        "more_answers": len(newest) > ANSWERS_SHOWN,
        "message": sent.openings([found]).get(found.pk),
        "can_undo": found.can_be_undone(now),
        "undo_seconds": math.ceil(max(0, (found.undo_until - now).total_seconds())),
        "without_times": found.is_without_times,
        "promises": found.promises.open().select_related("owner").order_by("due_at", "pk"),
        "is_told": sent.has_told_of_a_move(found.appointment),
        "can_withdraw": found.is_live and not found.stands_by_itself and found.appointment.starts_at > now,
        "now": now,
    }
    return render(request, "appointments/moving/round.html", context)


@require_POST
@at_the_desk
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the round back as if it had never been, as long as the message has not left."""
    found = round_for(request, pk)
    now = timezone.now()
    if not rounds.undo(found, by=actors.staff(colleague(request)), now=now):
        messages.warning(request, rounds.why_not_undone(found, now=now))
        return redirect("request", pk)
    messages.success(request, _("Taken back. The customer was not told anything of it."))
    return redirect("propose-again", pk)


@require_POST
@at_the_desk
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the offers back and tells the customer that the original time stands, if they know of a move."""
    found = round_for(request, pk)
    try:
        is_told = rounds.withdraw(found, by=actors.staff(colleague(request)), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("request", pk)
    told = _("Taken back, and the customer is told that the original time stands.")
    messages.success(request, told if is_told else _("Taken back. The customer was not told anything of it."))
    return redirect("appointment", found.appointment_id)


def _is_over(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    messages.error(request, _("This appointment is over, so it cannot be moved any more."))
    return redirect("appointment", appointment.pk)


def _data(request: HttpRequest, adding: AddTimeForm) -> Any:
    """What was sent, with the added time ticked."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if adding.is_bound and adding.is_valid():
        data.appendlist("offer", adding.key)
        data.appendlist("shown", adding.key)
    return data


def _preview(request: HttpRequest, form: ProposeForm, adding: AddTimeForm) -> HttpResponseBase:
    draft = form.draft()
    composed = rounds.compose(form.appointment, draft, by=actors.staff(colleague(request)), now=form.now)
    offers = rounds.offers_of(composed, draft.offers)
    try:
        letters = previews.offer_as_sent(composed, offers, now=form.now)
    except CannotBeWritten as error:
        form.add_error(None, error.message)
        return _show(request, form, adding, complain=True)
    context = {**_common(request, form), "round": composed, "offers": offers, "posted": _posted(form)}
    return show_letters(request, "appointments/moving/preview.html", context, letters=letters)


def _send(request: HttpRequest, form: ProposeForm, adding: AddTimeForm) -> HttpResponse:
    by = actors.staff(colleague(request))
    try:
        said = {"using": form.cleaned_data["solutions"], "instead": form.cleaned_data["instead"]}
        opened = uses.open_round(form.appointment, form.draft(), by=by, now=form.now, **said)
    except DomainError as error:
        form.add_error(None, error.message)
        return _show(request, form, adding, complain=True)
    return redirect("request", opened.pk)


def _show(
    request: HttpRequest, form: ProposeForm, adding: AddTimeForm, *, complain: bool, again: Again | None = None
) -> HttpResponse:
    """`complain`: somebody wanted to go on. Who only looks for times has not left anything out yet."""
    if not complain:
        form.errors.clear()
    context = {
        **_common(request, form),
        "form": form,
        "question": form.question,
        "adding": adding,
        "suggestions": form.suggestions(),
        "told": told_by_customer(form.appointment),
        "menu": _menu(request, form) if form.has_used else None,
        "is_first_word": drafts.is_first_word(form.appointment),
        "complain": complain,
        "again": again,
    }
    status = 422 if complain or (adding.is_bound and adding.errors) else 200
    return render(request, "appointments/moving/propose.html", context, status=status)


def _menu(request: HttpRequest, form: ProposeForm) -> Menu:
    """At once where something of it is ticked; else the page fetches it when somebody looks for it."""
    return menu_for(form.appointment, reason=form.question.reason, reader=colleague(request), now=form.now)


def _common(request: HttpRequest, form: ProposeForm) -> dict[str, Any]:
    return {
        "appointment": form.appointment,
        "zone": form.appointment.location.zone,
        "at_work": at_work.others(form.appointment, reader=colleague(request), now=form.now),
        "now": form.now,
    }


def _posted(form: ProposeForm) -> list[tuple[str, str]]:
    """All that was sent, to be sent again from the preview."""
    names = [*form.fields, "offer", "open", "shown"]
    return form.question.posted() + [(name, value) for name in names for value in form.sent(name)]
