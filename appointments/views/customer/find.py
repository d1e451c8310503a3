"""The door for customers: a secret link instead of a login."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from appointments.domain import links
from appointments.enums import Language, LinkPurpose
from appointments.models import Business, Link

logger = logging.getLogger("appointments.access")

P = ParamSpec("P")
CustomerView = Callable[Concatenate[HttpRequest, Link, P], HttpResponse]

MISSES, WINDOW = 30, 600  # wrong keys from one address in so many seconds


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
            wanted = request.GET.get("lang", "")
            language = wanted if wanted in Language.values else link.appointment.customer.language
            with translation.override(language):
                return _private(view(request, link, *args, **kwargs))

        return login_not_required(csrf_exempt(opened))

    return decorate


def _dead_link(request: HttpRequest) -> HttpResponse:
    address = _address_of(request)
    key = f"dead-links:{address}"
    cache.add(key, 0, WINDOW)
    try:
        misses = cache.incr(key)
    except ValueError:  # the cache was full and has just forgotten it
        misses = 1
    if misses <= MISSES or misses % 1000 == 0:
        logger.warning("A link that opens nothing was tried from %s (%d)", address, misses)
    if misses > MISSES:
        # Costs as little as possible: whoever comes here has tried dozens of wrong keys.
        return HttpResponse(_("Please wait ten minutes and try again."), status=429, content_type="text/plain")
    return render(request, "appointments/pick/dead.html", {"business": Business.current()}, status=404)


def _address_of(request: HttpRequest) -> str:
    """The client's address. Of X-Forwarded-For only what our own proxies wrote is believed: they add at the end."""
    told = [part.strip()[:64] for part in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies: int = settings.TRUSTED_PROXIES
    if proxies and len(told) >= proxies and told[-proxies]:
        return told[-proxies]
    return request.META.get("REMOTE_ADDR") or "unknown"


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
