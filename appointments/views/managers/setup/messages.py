"""What our messages say: all of them, each with its boxes and how it reads, and the versions there were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appointments.domain.messages.wording import editing, history, labels, saving, shown, situations, trying
from appointments.domain.recovery import message_parts
from appointments.errors import DomainError
from appointments.forms.setup.messages import MessageForm, VersionForm
from appointments.views.desk.previews import show_letters
from appointments.views.managers.find import by, for_the_whole_business, in_charge, in_charge_of_it
from appointments.views.managers.setup.steps import reads_and_writes
from notifications.text import languages

TEST = "test-"
"""How the step begins that sends a test; the language follows."""


@require_safe
@in_charge
@for_the_whole_business
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/setup/messages/overview.html", {"groups": editing.all_kinds()})


@reads_and_writes
@in_charge
@for_the_whole_business
def message(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Showing stores nothing, a test goes to the reader alone, and saving makes new versions."""
    form, now = MessageForm(request.POST or None, kind=_known(kind)), timezone.now()
    step = request.POST.get("step", "") if form.is_bound else "show"
    readable = not form.is_bound or form.is_valid()
    previews = shown.in_each(kind, form.words(), situation=_situation(request), now=now)
    if form.is_bound and readable and form.hold_to_length(previews) and step != "show":
        try:
            return _done(request, kind, form, step, now=now)
        except DomainError as error:
            form.add_error(None, error.message)
            if isinstance(error, saving.WordedMeanwhile):
                form.look_again()
    return _page(request, kind, form, previews, step, now=now)


def _done(request: HttpRequest, kind: str, form: MessageForm, step: str, *, now: datetime) -> HttpResponseBase:
    """Raises `DomainError`."""
    if step.startswith(TEST):
        code = step.removeprefix(TEST)
        if code not in languages.codes():
            raise DomainError(_("There is no such language here."))
        to = in_charge_of_it(request)
        situation = _situation(request)
        trying.send(kind, code, form.words()[code], to=to, situation=situation, now=now)
        messages.success(request, _("A test is on its way to %(to)s. Nothing is saved by it.") % {"to": to.email})
        previews = shown.in_each(kind, form.words(), situation=situation, now=now)
        return _page(request, kind, form, previews, "show", now=now)
    written = saving.save(kind, form.words(), seen=form.seen(), by=by(request), now=now)
    said = _("Saved. Messages that are written from now on say it so.") if written else _("Nothing has changed.")
    messages.success(request, said)
    return redirect("settings-message", kind)


def _page(
    request: HttpRequest, kind: str, form: MessageForm, previews: Sequence[shown.Shown], step: str, *, now: datetime
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "kind": kind,
        "title": labels.KINDS[kind],
        "form": form,
        "shown": previews,
        "situations": situations.of(editing.shown_by(kind)),
        "situation": _situation(request),
        "words": [(code, shown.words_for(kind, code, now=now)) for code in languages.codes()],
        "histories": history.versions(kind),
        "to": in_charge_of_it(request).email,
    }
    letters = [letter for one in previews for letter in one.previews]
    answer = show_letters(request, "appointments/setup/messages/message.html", context, letters=letters)
    answer.status_code = 422 if form.errors and step != "show" else 200
    return answer


@require_POST
@in_charge
@for_the_whole_business
def back(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """An earlier version, or ours, is in force again."""
    form = VersionForm(request.POST)
    if language not in languages.codes() or not form.is_valid():
        raise Http404
    try:
        found = {**form.cleaned_data, "check": message_parts.complaints}
        saving.use(_known(kind), language, **found, by=by(request), now=timezone.now())
        messages.success(request, _("Saved. Messages that are written from now on say it so."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("settings-message", kind)


def _situation(request: HttpRequest) -> str:
    """What is no situation of a message is not asked for, but shown as usual."""
    return request.POST.get("situation", "")


def _known(kind: str) -> str:
    if not editing.known(kind):
        raise Http404
    return kind
