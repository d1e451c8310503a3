"""Records of customers that are one person's, and colleagues with a role."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from appointments import roles
from appointments.domain.customers.merging import Side, both_states, merge
from appointments.domain.people import invitations, ranks
from appointments.models import Customer, CustomerMerge, Invitation, Location
from tests.clock import NOW
from tests.factories.places import UserFactory


def together(kept: Customer, gone: Customer, *, by: User, now: datetime = NOW, **chosen: Side) -> CustomerMerge:
    """`gone` is the same person as `kept`; `chosen` says whose value of a field stays."""
    seen = both_states(*(Customer.objects.get(pk=one.pk) for one in (kept, gone)))
    return merge(kept, gone, chosen, seen=seen, by=by, now=now)


def colleague(role: str, *places: Location, **fields: Any) -> User:
    """Somebody with one of the four roles and nothing besides, who works for `places`, or for all of them."""
    user = UserFactory(**fields)
    ranks.put_in(user, role=role, places=places)
    return User.objects.get(pk=user.pk)


def invited(by: User, *, now: datetime = NOW, **said: Any) -> tuple[Invitation, str]:
    """An invitation of Dewi to the front desk, and the link that opens it."""
    usual = {"email": "dewi@melati.example", "role": roles.FRONT_DESK, "places": [], "nonce": "form"}
    made = invitations.invite(said.pop("name", "Dewi Lestari"), **usual | said, by=by, now=now)
    return made, invitations.new_link(made, by=by, now=now)
