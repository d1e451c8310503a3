"""Moving an appointment to what was agreed with the customer: no offer, a confirmation at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments.domain.messages.recipients import is_told_in_writing
from appointments.domain.moving import at_work, drafts
from appointments.domain.moving.phone import agreed
from appointments.domain.pages.customers.told import told_by_customer
from appointments.errors import DomainError
from appointments.forms.diary.asked import told_beforehand
from appointments.forms.moving.agreed import AgreedForm
from appointments.models import Appointment
from appointments.views.desk.find import appointment_for, at_the_desk, colleague, places_for


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Why, where and when; the address may tell when. `step` of a POST: `times` shows those of another place, `send`
    moves it.
    """
    found, now = appointment_for(request, pk), timezone.now()
    within, asked = places_for(request), told_beforehand(request.GET)
    form = AgreedForm(request.POST or None, appointment=found, within=within, now=now, asked=asked)
    if not drafts.can_be_moved(found, now=now):
        messages.error(request, _("This appointment is over, so it cannot be moved any more."))
        return redirect("appointment", pk)
    step = request.POST.get("step", "")
    if step == "send" and form.is_valid():
        said = {"seen": form.cleaned_data["seen"], "nonce": form.cleaned_data["nonce"]}
        try:
            agreed.move(found, form.agreed(), by=colleague(request), now=now, **said)
        except DomainError as error:
            form.add_error(None, error.for_colleagues)
        else:
            messages.success(request, _moved(found))
            return redirect("appointment", pk)
    elif step != "send":
        form.errors.clear()
    context = {
        "appointment": found,
        "form": form,
        "free": form.free(),
        "against": form.stands_against(),
        "at_work": at_work.others(found, reader=colleague(request), now=now),
        "there": form.there or found.location,
        "told": told_by_customer(found),
        "now": now,
    }
    return render(request, "appointments/moving/agreed.html", context, status=422 if form.errors else 200)


def _moved(appointment: Appointment) -> str:
    if is_told_in_writing(appointment):
        return _("Moved as agreed. A confirmation is on its way.")
    return _("Moved as agreed. No written confirmation leaves, so what you told them is what they have.")
