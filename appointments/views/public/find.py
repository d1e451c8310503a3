"""The door of what everybody may read: no login, nobody's data, nothing that changes anything."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

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
