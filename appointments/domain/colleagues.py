"""Colleagues: who works at the desk, and how they are named."""

from typing import Any, TypeVar

from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet

from appointments import roles
from appointments.models import Location

Rows = TypeVar("Rows", bound=QuerySet[Any])
Places = frozenset[int] | None
"""Places by their ids; None for all of them, those that are opened later as well."""


def desk_colleagues() -> QuerySet[User]:
    """Everybody active who may work at the desk, by role or by right."""
    permission = Permission.objects.filter(codename=roles.WORK_DESK, content_type__app_label="appointments")
    may = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission) | Q(is_superuser=True)
    return User.objects.filter(may, is_active=True).distinct().order_by("first_name", "username")


def leads_first() -> list[User]:
    """Everybody at the desk, those before the others who take over what goes wrong."""
    leading = (roles.LEADS, roles.MANAGERS)
    everybody = desk_colleagues().prefetch_related("groups")
    return sorted(everybody, key=lambda one: not any(group.name in leading for group in one.groups.all()))


def of_all_places(right: str) -> QuerySet[User]:
    """Everybody active who has a right of ours by its codename, by role or by themselves, and has it everywhere."""
    may = Q(groups__permissions__codename=right) | Q(user_permissions__codename=right)
    anywhere = Q(colleague__isnull=True) | Q(colleague__places__isnull=True)
    named = User.objects.filter(may, anywhere, is_active=True).distinct()
    return named.order_by("first_name", "last_name", "username")


def name_of(user: User | None) -> str:
    """How a colleague is named to customers and to one another; empty for nobody."""
    return (user.get_full_name() or user.get_username()) if user else ""


def places_of(user: User) -> Places:
    """The places a colleague works for; None for all of them. Asked of the database once for each page."""
    known: Places
    if hasattr(user, "_places"):
        known = user._places
        return known
    is_free = user.is_superuser or not getattr(user, "has_places", True)  # known of whoever is signed in
    chosen = () if is_free else Location.objects.filter(colleagues__user=user.pk).values_list("pk", flat=True)
    known = frozenset(chosen) or None
    user._places = known  # type: ignore[attr-defined]
    return known


def within_reach(rows: Rows, user: User, *, place: str) -> Rows:
    """Those of `rows` that `user` may see; `place` is the path from a row to its location.

    The one rule of who sees which place: those they were given, all of them where nobody has chosen.
    """
    return at(rows, places_of(user), place=place)


def at(rows: Rows, places: Places, *, place: str) -> Rows:
    """Those of `rows` that belong to `places`."""
    return rows if places is None else rows.filter(**{f"{place}__in": places})
