"""Who may open a page. Every page is closed by default (LoginRequiredMiddleware); the desk needs a permission too."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from appointments.context import WORK_DESK

logger = logging.getLogger("appointments.access")

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def at_the_desk(view: View[P]) -> View[P]:
    """For those with the permission `appointments.work_desk`; to others the page does not exist, and we note it.

    What the desk shows is about people, so no browser keeps a copy.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.has_perm(WORK_DESK):
            logger.warning("Refused %r to user %s, who does not work at the desk", request.path, request.user.pk)
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def colleague(request: HttpRequest) -> User:
    """The reader of a desk page: signed in, or the page would not have opened."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  the guard above has seen to it
    return user
