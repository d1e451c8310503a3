"""Saving what may lose somebody their appointment: asked about on the same page, and said afterwards."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.domain.setup.changing import WouldHit
from appointments.errors import DomainError
from appointments.models import Appointment

LONGEST_NAME = 100
AGREED = "agreed"
"""The tick under the list of whom a change would hit; its value is which list that was."""


def saved_or_asked(
    request: HttpRequest, save: Callable[[str], list[Appointment]], *, form: BaseForm
) -> WouldHit | HttpResponse | None:
    """The way back once it is saved; what has to be asked; None where the form says now what is wrong."""
    try:
        hit = save(request.POST.get(AGREED, ""))
    except WouldHit as asked:
        return asked
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    return done(request, hit)


def done(request: HttpRequest, hit: list[Appointment] | None = None) -> HttpResponse:
    if hit:
        said = ngettext("Saved. %(n)d customer has to be moved now.", "Saved. %(n)d have to be moved now.", len(hit))
        messages.warning(request, said % {"n": len(hit)})
    else:
        messages.success(request, _("Saved."))
    return redirect("import", int(run)) if (run := asked_from(request)) else redirect("settings")


def asked_from(request: HttpRequest) -> str:
    """The import whose file names somebody or something that is not here yet; "" where nobody came from one."""
    run = request.GET.get("import", "")
    return run if run.isascii() and run.isdecimal() and len(run) < 10 else ""


def called(request: HttpRequest) -> str:
    """What such a file calls it."""
    return " ".join(request.GET.get("name", "").replace("\x00", "").split())[:LONGEST_NAME]


def called_as(request: HttpRequest) -> dict[str, str]:
    """The same, and what it takes it for."""
    return {"name": called(request), "kind": request.GET.get("kind", "")}


def page(request: HttpRequest, template: str, asked: WouldHit | HttpResponse | None, **context: Any) -> HttpResponse:
    """The form, with the question where there is one."""
    if isinstance(asked, HttpResponse):
        return asked
    status = 409 if asked else 422 if request.method == "POST" else 200
    path = f"appointments/setup/settings/{template}.html"
    return render(request, path, {**context, "asked": asked, "tick": AGREED}, status=status)
