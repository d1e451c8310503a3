"""Who works here, who is invited and who did work here, as the page of the people shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from appointments import roles
from appointments.domain.colleagues import name_of
from appointments.domain.people.ranks import role_of
from appointments.models import Colleague, Invitation, Location
from appointments.models.staff.colleague import InvitationQuerySet


@dataclass(frozen=True)
class Line:
    """A colleague. No `places` means all of them; no `role_label` that they may do what was given to them alone."""

    user: User
    name: str
    role: str
    role_label: str
    places: tuple[Location, ...]
    retired_at: datetime | None


@dataclass(frozen=True)
class Invited:
    invitation: Invitation
    is_open: bool


@dataclass(frozen=True)
class People:
    at_work: list[Line]
    invited: list[Invited]
    retired: list[Line]


def people(users: Iterable[User], invitations: InvitationQuerySet, *, now: datetime) -> People:
    """`invited`: those whose link waits or has run out. Each list in the order it comes in."""
    lines = [line_of(user) for user in users]
    return People(
        at_work=[one for one in lines if one.user.is_active],
        invited=[Invited(one, one.is_open(now)) for one in invitations.standing()],
        retired=[one for one in lines if not one.user.is_active],
    )


def line_of(user: User) -> Line:
    row: Colleague | None = getattr(user, "colleague", None)
    role = role_of(user)
    return Line(
        user=user,
        name=name_of(user),
        role=role,
        role_label=str(roles.LABELS.get(role, "")),
        places=tuple(row.places.all()) if row else (),
        retired_at=row.retired_at if row else None,
    )
