"""The doors of managers' pages.

The reports live in the admin, whose site closes them to everybody else. What sets the business up and the imports have
pages of their own; to whoever may not open them there are none, and that they asked is noted.
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

from appointments.domain import actors
from appointments.domain.actors import Actor
from appointments.domain.colleagues import within_reach
from appointments.models import (
    Business,
    Closure,
    CompensationTable,
    ImportRun,
    Location,
    Reason,
    Resource,
    Service,
)
from appointments.roles import MAY_CHANGE_THE_BUSINESS, MAY_IMPORT

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


def in_charge(view: View[P]) -> View[P]:
    """For whoever may change the business."""
    return _behind(manager, view)


def may_import(view: View[P]) -> View[P]:
    """For those who may bring files in."""
    return _behind(importer, view)


def _behind(door: Callable[[HttpRequest], User], view: View[P]) -> View[P]:
    """What such pages show is about the house and its people: no browser keeps it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        door(request)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def manager(request: HttpRequest) -> User:
    """The reader. Raises Http404 for somebody who may not change the business."""
    return _who_may(request, MAY_CHANGE_THE_BUSINESS)


def importer(request: HttpRequest) -> User:
    """The reader. Raises Http404 for somebody who may not bring files in."""
    return _who_may(request, MAY_IMPORT)


def _who_may(request: HttpRequest, permission: str) -> User:
    user = request.user
    if not (isinstance(user, User) and user.has_perm(permission)):
        logger.warning("Refused %r to user %s, who lacks %s", request.path, user.pk, permission)
        raise Http404
    return user


def import_for(request: HttpRequest, pk: int) -> ImportRun:
    """Of whichever colleague: who may import may see, and undo, what others have brought in."""
    importer(request)
    return get_object_or_404(ImportRun.objects.for_display(), pk=pk)


def first_place_for(request: HttpRequest) -> Location | None:
    """Where a file is for, until somebody says so."""
    return within_reach(Location.objects.filter(is_active=True), importer(request), place="pk").first()


def by(request: HttpRequest) -> Actor:
    return actors.staff(manager(request))


def business_for(request: HttpRequest) -> Business:
    manager(request)
    return Business.objects.filter(pk=1).first() or Business(pk=1)


def place_for(request: HttpRequest, pk: int) -> Location:
    manager(request)
    return get_object_or_404(Location, pk=pk)


def closure_for(request: HttpRequest, pk: int, closure_pk: int) -> Closure:
    return get_object_or_404(Closure, pk=closure_pk, location=place_for(request, pk))


def resource_for(request: HttpRequest, pk: int) -> Resource:
    manager(request)
    return get_object_or_404(Resource.objects.select_related("location"), pk=pk)


def service_for(request: HttpRequest, pk: int) -> Service:
    manager(request)
    return get_object_or_404(Service, pk=pk)


def reason_for(request: HttpRequest, pk: int) -> Reason:
    manager(request)
    return get_object_or_404(Reason, pk=pk)
