"""The doors of managers' pages.

The reports live in the admin, whose site closes them to everybody else. What sets the business up, its people and the
imports have pages of their own; to whoever may not open them there are none, and that they asked is noted.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from appointments.domain import actors
from appointments.domain.actors import Actor
from appointments.domain.colleagues import Places, places_of, within_reach
from appointments.domain.imports.page import listed
from appointments.domain.people import reach
from appointments.models import (
    Business,
    Closure,
    CompensationTable,
    ImportRun,
    Invitation,
    Location,
    Reason,
    Resource,
    Service,
)
from appointments.models.staff.colleague import InvitationQuerySet
from appointments.roles import MAY_CHANGE_THE_BUSINESS, MAY_IMPORT, MAY_MANAGE_PEOPLE, MAY_READ_AUDIT

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


def in_the_settings(view: View[P]) -> View[P]:
    """For those who set the business up, look after its people, or read who changed what."""
    return _behind((MAY_CHANGE_THE_BUSINESS, MAY_MANAGE_PEOPLE, MAY_READ_AUDIT), view)


def in_charge(view: View[P]) -> View[P]:
    """For whoever may change the business."""
    return _behind((MAY_CHANGE_THE_BUSINESS,), view)


def may_import(view: View[P]) -> View[P]:
    """For those who may bring files in."""
    return _behind((MAY_IMPORT,), view)


def reading_the_audit(view: View[P]) -> View[P]:
    """For those who may read who changed what."""
    return _behind((MAY_READ_AUDIT,), view)


def with_the_people(view: View[P]) -> View[P]:
    """For those who look after the people of the business."""
    return _behind((MAY_MANAGE_PEOPLE,), view)


def for_the_whole_business(view: View[P]) -> View[P]:
    """For whoever works for all places; the others are told why they cannot, and who can (403)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if isinstance(request.user, User) and (why := reach.not_yours(request.user)):
            raise PermissionDenied(why)
        return view(request, *args, **kwargs)

    return guarded


def _behind(rights: tuple[str, ...], view: View[P]) -> View[P]:
    """For whoever has one of the `rights`; to others the page does not exist, and it is noted. No browser keeps it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        _with(request, *rights)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def _with(request: HttpRequest, *rights: str) -> User:
    user = request.user
    if not (isinstance(user, User) and any(user.has_perm(one) for one in rights)):
        logger.warning("Refused %r to user %s, who has none of %s", request.path, user.pk, ", ".join(rights))
        raise Http404
    return user


def manager(request: HttpRequest) -> User:
    """The reader, who looks after the people."""
    return _with(request, MAY_MANAGE_PEOPLE)


def in_charge_of_it(request: HttpRequest) -> User:
    """The reader, who may change the business."""
    return _with(request, MAY_CHANGE_THE_BUSINESS)


def importer(request: HttpRequest) -> User:
    """The reader, who may bring files in."""
    return _with(request, MAY_IMPORT)


def places_for(request: HttpRequest) -> Places:
    """What the reader may see of; None for all places."""
    return places_of(request.user) if isinstance(request.user, User) else frozenset()


def people_for(request: HttpRequest) -> QuerySet[User]:
    """The colleagues of the reader's places, and those of all places."""
    everybody = User.objects.prefetch_related("groups", "colleague__places").select_related("colleague")
    return reach.of(everybody.order_by("first_name", "last_name", "username", "pk"), manager(request))


def person_for(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(people_for(request), pk=pk)


def invitations_for(request: HttpRequest) -> InvitationQuerySet:
    """Those to the reader's places, and to all places."""
    return reach.of(Invitation.objects.for_display(), manager(request))


def invitation_for(request: HttpRequest, pk: int) -> Invitation:
    return get_object_or_404(invitations_for(request), pk=pk)


def zone_for(request: HttpRequest) -> str:
    """The clock that the reader thinks in: of the first of their places."""
    places = places_of(request.user) if isinstance(request.user, User) else None
    found = Location.objects.order_by("position", "name")
    found = found if places is None else found.filter(pk__in=places)
    return found.values_list("zone", flat=True).first() or "UTC"


def import_for(request: HttpRequest, pk: int) -> ImportRun:
    """Of whichever colleague: who may import for all places may see, and undo, what others have brought in."""
    return get_object_or_404(listed.seen_by(importer(request)), pk=pk)


def first_place_for(request: HttpRequest) -> Location | None:
    """Where a file is for, until somebody says so."""
    return within_reach(Location.objects.filter(is_active=True), importer(request), place="pk").first()


def by(request: HttpRequest) -> Actor:
    return actors.staff(in_charge_of_it(request))


def business_for(request: HttpRequest) -> Business:
    in_charge_of_it(request)
    return Business.objects.filter(pk=1).first() or Business(pk=1)


def place_for(request: HttpRequest, pk: int) -> Location:
    return get_object_or_404(reach.of(Location.objects.all(), in_charge_of_it(request)), pk=pk)


def new_place_for(request: HttpRequest) -> Location:
    """One that is opened now: it is nobody's yet but of those who work for all places (403)."""
    if why := reach.not_yours(in_charge_of_it(request)):
        raise PermissionDenied(why)
    return Location()


def closure_for(request: HttpRequest, pk: int, closure_pk: int) -> Closure:
    return get_object_or_404(Closure, pk=closure_pk, location=place_for(request, pk))


def resource_for(request: HttpRequest, pk: int) -> Resource:
    found = reach.of(Resource.objects.select_related("location"), in_charge_of_it(request))
    return get_object_or_404(found, pk=pk)


def service_for(request: HttpRequest, pk: int) -> Service:
    in_charge_of_it(request)
    return get_object_or_404(Service, pk=pk)


def reason_for(request: HttpRequest, pk: int) -> Reason:
    in_charge_of_it(request)
    return get_object_or_404(Reason, pk=pk)
