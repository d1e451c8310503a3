"""How messages leave: the mail server, by a form with a test."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.domain.messages.ways import mail_server
from appointments.errors import DomainError
from appointments.forms.setup.mail import MailForm
from appointments.views.managers.find import business_for, by, for_the_whole_business, in_charge, in_charge_of_it
from appointments.views.managers.setup.steps import reads_and_writes


@reads_and_writes
@in_charge
@for_the_whole_business
def server(request: HttpRequest) -> HttpResponse:
    """What the environment names wins, and is only shown. “Test” sends one mail to the reader and stores nothing."""
    is_ours, business = mail_server.is_ours_to_say(), business_for(request)
    stored = mail_server.read() if is_ours else None
    form = MailForm(request.POST or None, stored=stored, sender=business.email)
    if request.method == "POST" and is_ours and form.is_valid():
        try:
            return _test_or_store(request, form.cleaned_data, business=business.name) or _page(request, form, is_ours)
        except DomainError as error:
            form.add_error(None, error.message)
    return _page(request, form, is_ours)


def _test_or_store(request: HttpRequest, said: dict[str, Any], *, business: str) -> HttpResponse | None:
    """Raises DomainError with what the server says."""
    found = mail_server.server(said)
    if request.POST.get("step") == "test":
        to = in_charge_of_it(request).email
        if not to:
            raise DomainError(_("Your own account has no e-mail address to send the test to."))
        mail_server.try_out(found, to=to, business=business)
        messages.success(request, _("The test has left for %(to)s. Look into that mailbox, then save.") % {"to": to})
        return None
    mail_server.store(found, by=by(request), now=timezone.now())
    messages.success(request, _("Saved. In a few seconds messages leave by this server."))
    return redirect("settings")


def _page(request: HttpRequest, form: MailForm, is_ours: bool) -> HttpResponse:
    context = {
        "form": form,
        "is_ours": is_ours,
        "is_set_up": bool(settings.EMAIL_URL or settings.EMAIL_PROVIDER),
        "host": settings.EMAIL_PROVIDER or getattr(settings, "EMAIL_HOST", ""),
        "sender": settings.MESSAGE_FROM,
    }
    return render(request, "appointments/setup/settings/mail.html", context, status=422 if form.errors else 200)
