"""One promise: the page from which a colleague phones, answers in writing, or hands it over."""

import math
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments.domain import actors, reaching
from appointments.domain import promises as ledger
from appointments.domain.messages import previews
from appointments.domain.moving import drafts, offers, replies
from appointments.domain.moving.phone import calls
from appointments.domain.pages.customers.told import told_by_customer
from appointments.domain.recovery import answering
from appointments.enums import CallOutcome, PromiseKind, PromiseState
from appointments.errors import CannotBeWritten, DomainError, SlotTaken
from appointments.forms.promises import CallForm, ReplyForm
from appointments.forms.queues import HandingOver
from appointments.models import Promise
from appointments.views.desk.find import at_the_desk, colleague, ours, promise_for
from appointments.views.desk.previews import show_letters


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise with the number, the script, and a button for each way a call can end."""
    found = promise_for(request, pk)
    now = timezone.now()
    if found.calls.filter(nonce=request.POST.get("nonce", "")).exists():
        return redirect("appointment", found.appointment_id)  # the same form again: it has been written down
    form = CallForm(request.POST or None, promise=found, now=now)
    if request.method == "POST" and found.state == PromiseState.OPEN and form.is_valid():
        try:
            calls.record_call(found, form.call(), nonce=form.cleaned_data["nonce"], by=colleague(request), now=now)
        except DomainError as error:
            if isinstance(error, SlotTaken) and found.request:
                offers.refresh(found.request, gone=form.cleaned_data["offer"], now=now)
            form = CallForm(request.POST, promise=found, now=now)
            form.add_error(None, error.message)
        else:
            messages.success(request, _said(CallOutcome(form.cleaned_data["outcome"])))
            return redirect("appointment", found.appointment_id)
    told = told_by_customer(found.appointment)
    context = {
        "promise": found,
        "appointment": found.appointment,
        "zone": found.appointment.location.zone,
        "best_reached": reaching.in_words(reaching.said_by(found.appointment)),
        "script": previews.call_script(found, now=now),
        "told": told,
        "details": "" if found.details in {one.words for one in told} else found.details,
        "form": form,
        "hand_over": HandingOver(but=found.owner),
        "calls": found.calls.select_related("by"),
        "undo_seconds": _left_to_undo(found, now=now),
        "can_be_moved": drafts.can_be_moved(found.appointment, now=now),
        "now": now,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "appointments/promises/promise.html", context, status=status)


def _left_to_undo(promise: Promise, *, now: datetime) -> int:
    """So many seconds our answer can still be taken back; 0 for none."""
    if promise.settled_at is None or not replies.can_be_taken_back(promise, now=now):
        return 0
    return math.ceil((replies.leaves_at(promise.settled_at) - now).total_seconds())


def _said(outcome: CallOutcome) -> str:
    said = _("Written down: %(outcome)s.") % {"outcome": outcome.label}
    if outcome in calls.ATTEMPTS:
        said += " " + _("What was promised stays on the list.")
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def reply(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answers in writing what a customer told us. `step` of a POST says what for: `preview`, `edit` or `send`."""
    found = promise_for(request, pk, kind=PromiseKind.REPLY)
    if found.state != PromiseState.OPEN and request.method != "POST":
        return redirect("promise", pk)
    if complaint := answering.has_to_listen_first(found):
        messages.info(request, _("First listen: every point of this complaint gets an answer before the letter."))
        return redirect("complaint", complaint.pk)
    form, step = ReplyForm(request.POST or None, promise=found), request.POST.get("step", "")
    if step == "send" and form.is_valid():
        return _send_reply(request, found, form)
    if step == "preview" and form.is_valid():
        try:
            letters = previews.reply_as_sent(found, form.cleaned_data["words"], by=colleague(request))
        except CannotBeWritten as error:
            form.add_error("words", error.message)
        else:
            context = _about_reply(found, form)
            return show_letters(request, "appointments/promises/reply_preview.html", context, letters=letters)
    return _show_reply(request, found, form, status=422 if step in ("preview", "send") and form.errors else 200)


def _send_reply(request: HttpRequest, promise: Promise, form: ReplyForm) -> HttpResponse:
    words, read = form.cleaned_data["words"], form.cleaned_data["to"]
    try:
        answering.reply(promise, words, to=read, by=colleague(request), now=timezone.now())
    except DomainError as error:
        # As things stand now, with what was typed.
        now_told = promise_for(request, promise.pk)
        form = ReplyForm({"words": words, "to": replies.read_so_far(now_told)}, promise=now_told)
        form.add_error(None, error.message)
        return _show_reply(request, now_told, form, status=409)
    messages.success(request, _("The answer is ready to go."))
    return redirect("promise", promise.pk)


@require_POST
@at_the_desk
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Our answer, before it has left: its words stand in the form again."""
    found, now = promise_for(request, pk), timezone.now()
    words = answering.take_back(found, by=colleague(request), now=now)
    if words is None:
        messages.warning(request, _("Too late: the answer has left, or the customer has been promised another one."))
        return redirect("promise", pk)
    messages.success(request, _("Taken back. The customer was not told anything of it."))
    again = promise_for(request, pk)
    return _show_reply(
        request, again, ReplyForm({"words": words, "to": replies.read_so_far(again)}, promise=again), status=200
    )


def _show_reply(request: HttpRequest, promise: Promise, form: ReplyForm, *, status: int) -> HttpResponse:
    return render(request, "appointments/promises/reply.html", _about_reply(promise, form), status=status)


def _about_reply(promise: Promise, form: ReplyForm) -> dict[str, Any]:
    appointment = promise.appointment
    return {
        "promise": promise,
        "appointment": appointment,
        "zone": appointment.location.zone,
        "told": told_by_customer(appointment),
        "form": form,
        "now": timezone.now(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Another colleague takes the promise on, with a note; what the customer was told stays true. `next`: where it was
    begun.
    """
    found = promise_for(request, pk)
    form = HandingOver(request.POST or None, but=found.owner)
    back = ours(request.POST.get("next") or request.GET.get("next", ""), else_to=reverse("promise", args=[pk]))
    if request.method == "POST" and form.is_valid():
        to, note = form.cleaned_data["to"], form.cleaned_data["note"]
        try:
            ledger.hand_over(found, to=to, note=note, by=actors.staff(colleague(request)), now=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Handed over."))
        return redirect(back)
    context = {"promise": found, "appointment": found.appointment, "form": form, "next": back, "now": timezone.now()}
    return render(request, "appointments/promises/hand_over.html", context, status=422 if form.is_bound else 200)
