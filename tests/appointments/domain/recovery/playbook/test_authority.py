"""Whose yes a solution needs: the right by which each role is known."""

import pytest
from django.contrib.auth.models import Group, User

from appointments.domain.recovery.playbook.authority import may_use, may_write
from appointments.enums import UsedBy
from appointments.roles import AUDITORS, FRONT_DESK, LEADS, MANAGERS
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def one_of(role: str) -> User:
    user: User = UserFactory()
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize(
    ("role", "used", "writes"),
    [
        (AUDITORS, set(), False),
        (FRONT_DESK, {UsedBy.DESK}, False),
        (LEADS, {UsedBy.DESK, UsedBy.LEADS}, True),
        (MANAGERS, {UsedBy.DESK, UsedBy.LEADS, UsedBy.MANAGERS}, True),
    ],
)
def test_what_each_role_may_use_and_who_writes(role: str, used: set[UsedBy], writes: bool) -> None:
    user = one_of(role)

    assert {one for one in UsedBy if may_use(one, user)} == used
    assert may_write(user) is writes
