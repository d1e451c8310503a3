"""What has waited since the database was restored: a manager lets it go or drops it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.domain.messages.held import deciding, reading
from appointments.domain.messages.held.deciding import Reason
from appointments.forms.setup.held import DROP, HeldForm, LookForm
from appointments.views.managers.find import for_the_whole_business, in_charge, in_charge_of_it, zone_for
from appointments.views.managers.setup.steps import reads_and_writes


@reads_and_writes
@in_charge
@for_the_whole_business
def held(request: HttpRequest) -> HttpResponse:
    """What would be told to whom, and whether it is still so; some or all of it is decided at once."""
    asked = LookForm(request.GET).asked()
    form = HeldForm(request.POST or None, kind=asked["kind"])
    if request.method == "POST" and form.is_valid():
        _decide(request, form)
        return redirect(f"{reverse('settings-held')}?{urlencode({'kind': asked['kind']} if asked['kind'] else {})}")
    page = reading.page(**asked, now=timezone.now())
    context: dict[str, Any] = {"form": form, "page": page, "zone": zone_for(request)}
    return render(request, "appointments/setup/settings/held.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, form: HeldForm) -> None:
    """And say what came of it; of what a colleague was faster with nothing is said twice."""
    by, now, said = in_charge_of_it(request), timezone.now(), form.cleaned_data
    if said["step"] == DROP:
        dropped = deciding.drop(form.chosen(), reason=Reason(said["reason"]), note=said["note"], by=by, now=now)
        count, words = dropped.count, deciding.said(dropped)
    else:
        count = deciding.release(form.chosen(), by=by, now=now)
        words = ngettext(
            "%(count)d message leaves now if it is still true.",
            "%(count)d messages leave now if they are still true.",
            count,
        ) % {"count": count}
    if count:
        messages.success(request, words)
    if not count or (not said["every"] and count < len(form.ticked)):
        messages.warning(request, _("A colleague has decided about the others meanwhile."))
