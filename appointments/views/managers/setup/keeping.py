"""What is kept and for how long: to read, and to change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.domain.privacy import page, periods
from appointments.domain.privacy.page import Shorter
from appointments.errors import DomainError
from appointments.forms.setup.retention import KeepingForm
from appointments.views.managers.find import by, for_the_whole_business, in_charge, zone_for
from appointments.views.managers.setup.asking import AGREED
from appointments.views.managers.setup.steps import reads_and_writes


@reads_and_writes
@in_charge
@for_the_whole_business
def keeping(request: HttpRequest) -> HttpResponse:
    """Whatever takes something away earlier is asked about first, with how much that is."""
    form, now = KeepingForm(request.POST or None), timezone.now()
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    asked = page.shorter(form.wanted(), now=now)
    if asked and request.POST.get(AGREED) != _which(asked):
        return _page(request, form, asked)
    try:
        periods.change(form.wanted(), by=by(request), now=now)
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, form)
    messages.success(request, _("Saved."))
    return redirect("settings-keeping")


def _which(asked: list[Shorter]) -> str:
    """What somebody agrees to: these kinds, for so long, and no more of them than they have read of."""
    return ",".join(f"{one.kind}:{one.days}:{one.goes}" for one in asked)


def _page(request: HttpRequest, form: KeepingForm, asked: list[Shorter] | None = None) -> HttpResponse:
    lines = [(line, form[line.kind.value]) for line in page.lines(now=timezone.now())]
    context = {"form": form, "lines": lines, "asked": asked, "agreed": _which(asked or []), "tick": AGREED}
    status = 409 if asked else 422 if form.errors else 200
    path = "appointments/setup/settings/keeping.html"
    return render(request, path, {**context, "zone": zone_for(request)}, status=status)
