"""The door of the managers' pages.

The reports live in the admin, whose site closes them to everybody else; the imports stand beside the desk, and to
whoever may not import there are none.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from appointments.domain.colleagues import within_reach
from appointments.models import CompensationTable, ImportRun, Location
from appointments.roles import MAY_IMPORT

logger = logging.getLogger("appointments.access")

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

may_read = permission_required("appointments.view_reschedulerequest", raise_exception=True)
"""For those who may read why appointments move; to others a report is forbidden (403)."""
may_see_tables = permission_required("appointments.view_compensationtable", raise_exception=True)
may_change_tables = permission_required("appointments.change_compensationtable", raise_exception=True)
"""For those who may see, and change, what we give."""


def table_for(pk: int) -> CompensationTable:
    """A table of what we give: it is of no place, and whoever may read it may read all."""
    return get_object_or_404(CompensationTable, pk=pk)


def may_import(view: View[P]) -> View[P]:
    """For those who may bring files in; to others there is no page. It is about people: no browser keeps it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        importer(request)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def importer(request: HttpRequest) -> User:
    """The reader, who may bring files in. Raises Http404 for anybody else, and notes it."""
    user = request.user
    if not (isinstance(user, User) and user.has_perm(MAY_IMPORT)):
        logger.warning("Refused %r to user %s, who does not import", request.path, user.pk)
        raise Http404
    return user


def import_for(request: HttpRequest, pk: int) -> ImportRun:
    """Of whichever colleague: who may import may see, and undo, what others have brought in."""
    importer(request)
    return get_object_or_404(ImportRun.objects.for_display(), pk=pk)


def first_place_for(request: HttpRequest) -> Location | None:
    """Where a file is for, until somebody says so."""
    return within_reach(Location.objects.filter(is_active=True), importer(request), place="pk").first()
