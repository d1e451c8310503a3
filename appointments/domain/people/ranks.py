"""Who may give which role to whom: nobody one above their own, and nobody leaves the business without a manager."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.utils.translation import gettext as _

from appointments import roles
from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.domain.colleagues import name_of, places_of
from appointments.domain.transactions import one_transaction
from appointments.errors import DomainError
from appointments.models import Colleague, Location

HIGHEST_FIRST = (roles.MANAGERS, roles.LEADS, roles.FRONT_DESK, roles.AUDITORS)


def role_of(user: User) -> str:
    """The highest role of a colleague; empty for somebody with none, or with rights of their own only."""
    held = {group.name for group in user.groups.all()}
    return next((role for role in HIGHEST_FIRST if role in held), "")


def may_give(by: User, role: str) -> bool:
    """Whoever may do all that the role may do; a business may have widened it."""
    return by.is_superuser or _rights(Q(group__name=role)) <= _rights_of(by)


def may_look_after(by: User, user: User) -> bool:
    """Whether somebody's role and places are below or beside those of `by`; another one's who runs it are never."""
    if by.is_superuser:
        return True
    return not user.is_superuser and _rights_of(user) <= _rights_of(by) and _reaches(by, places_of(user))


def rights_allow(by: User, *, role: str, places: Iterable[Location]) -> None:
    """Raises `DomainError` for a role above that of `by`, and for places that are not theirs to give."""
    if role not in roles.LABELS or not may_give(by, role):
        raise DomainError(_("You cannot give a role that may do more than yours."))
    if not _reaches(by, frozenset(one.pk for one in places) or None):
        raise DomainError(_("Choose among the places that you work for yourself."))


@one_transaction
def give(user: User, *, role: str, places: Sequence[Location], by: User, now: datetime) -> None:
    """A colleague's role and places from now on. Raises `DomainError` for what `by` may not give or change, and where
    nobody would be left who looks after the people.
    """
    locked = lock(user)
    rights_allow(by, role=role, places=places)
    if not may_look_after(by, locked):
        raise DomainError(_("%(name)s may do more than you. Ask a colleague who may.") % {"name": name_of(locked)})
    was, places_before = role_of(locked), _names(_row(locked).places.all())
    if was == roles.MANAGERS and (role != roles.MANAGERS or (places and places_of(locked) is None)):
        leave_a_manager(but=locked)
    put_in(locked, role=role, places=places)
    before, after = {"role": was, "places": places_before}, {"role": role, "places": _names(places)}
    audit.changed(_row(locked), before=before, after=after, by=staff(by), now=now)


def put_in(user: User, *, role: str, places: Iterable[Location]) -> None:
    """Writes it, whoever asked; rights and groups beside the four roles stay as they are."""
    user.groups.remove(*Group.objects.filter(name__in=roles.LABELS))
    user.groups.add(Group.objects.get(name=role))
    if not user.is_superuser:
        user.is_staff = role != roles.FRONT_DESK  # the others have something to read there
        user.save(update_fields=["is_staff"])
    _row(user).places.set(places)


def lock(user: User) -> User:
    """The colleague as they are now. Whoever changes people stands in one line, so that two managers cannot take each
    other's role away in the same moment.
    """
    Group.objects.select_for_update(no_key=True).get(name=roles.MANAGERS)
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def leave_a_manager(*, but: User) -> None:
    """Raises `DomainError` when `but` is the last manager, or the last of all places. Who merely runs the installation
    is none.
    """
    others = User.objects.filter(groups__name=roles.MANAGERS, is_active=True).exclude(pk=but.pk)
    if places_of(but) is None:
        others = others.filter(colleague__places__isnull=True)
    if not others.exists():
        raise DomainError(_("%(name)s is the last manager. Make somebody else one first.") % {"name": name_of(but)})


def _row(user: User) -> Colleague:
    found, __ = Colleague.objects.get_or_create(user=user)
    return found


def _rights_of(user: User) -> set[int]:
    """Also of somebody who is retired: what they could do if they came back."""
    return _rights(Q(group__user=user) | Q(user=user))


def _rights(whose: Q) -> set[int]:
    return set(Permission.objects.filter(whose).values_list("pk", flat=True))


def _reaches(by: User, places: frozenset[int] | None) -> bool:
    own = places_of(by)
    return own is None or (places is not None and places <= own)


def _names(places: Iterable[Location]) -> list[str]:
    return sorted(one.name for one in places)
