"""The door for customers: a secret link instead of a login."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from appointments.domain import links
from appointments.enums import LinkPurpose
from appointments.models import Business, Link
from appointments.views import dead_links
from notifications.text import languages

P = ParamSpec("P")
CustomerView = Callable[Concatenate[HttpRequest, Link, P], HttpResponse]


def by_link(purpose: LinkPurpose) -> Callable[[CustomerView[P]], Callable[..., HttpResponse]]:
    """Opens a view to whoever holds the link, in the customer's language.

    Unknown, revoked and dead links look alike, and an address that keeps guessing is slowed down; a valid link is
    never slowed. No cookie is read or set, so there is nothing that another site could misuse: the key in the
    address is the whole authority, which is why the cross-site check is not needed here.
    """

    def decorate(view: CustomerView[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                link = links.read(token, purpose=purpose, now=timezone.now())
            except links.DeadLink:
                return _private(_dead_link(request))
            wanted = languages.known(request.GET.get("lang", ""))
            with translation.override(wanted or link.appointment.customer.reads):
                return _private(view(request, link, *args, **kwargs))

        return login_not_required(csrf_exempt(opened))

    return decorate


def _dead_link(request: HttpRequest) -> HttpResponse:
    if dead_links.too_many(request):
        # Costs as little as possible: whoever comes here has tried dozens of wrong keys.
        return HttpResponse(_("Please wait ten minutes and try again."), status=429, content_type="text/plain")
    return render(request, "appointments/customer/dead.html", {"business": Business.current()}, status=404)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
