"""The doors that need no login: what everybody may read, nobody's data and nothing that changes anything; and the very
first page, which there is only until somebody has an account.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from appointments.domain.setup import owner
from notifications.text import languages

MINUTES = 5
"""So long a browser or a proxy may keep what everybody reads."""


def for_everybody(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Opens a view to everybody, in the language that `lang` asks for, else in the reader's."""

    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        wanted = languages.known(request.GET.get("lang", ""))
        with translation.override(wanted or languages.active()):
            return view(request)

    kept = cache_control(public=True, max_age=MINUTES * 60)(opened)
    return login_not_required(require_safe(kept))


def until_owned(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Opens a view to everybody while a code waits for the owner; afterwards there is no such page."""

    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        if not owner.is_awaited():
            raise Http404
        return view(request)

    return login_not_required(never_cache(opened))
