"""Where one is signed in, and signing out everywhere else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appointments.domain.people import sessions
from appointments.domain.people.devices import in_words
from appointments.views.account.find import oneself, zone_of


@require_safe
@never_cache
def signed_in(request: HttpRequest) -> HttpResponse:
    """Every browser in which the reader is signed in."""
    user, now = oneself(request), timezone.now()
    found = sessions.of(user, here=str(request.session.session_key), now=now)
    context = {"lines": [(one, in_words(one.device)) for one in found], "zone": zone_of(user), "now": now}
    return render(request, "appointments/account/signed_in.html", context)


@require_POST
@never_cache
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    here = str(request.session.session_key)
    count = sessions.sign_out_elsewhere(oneself(request), here=here, now=timezone.now())
    if count:
        said = ngettext("Signed out in %(count)d other browser.", "Signed out in %(count)d other browsers.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("You were signed in nowhere else."))
    return redirect("signed-in")
