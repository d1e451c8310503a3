"""A manager as the roles make one: no superuser, so that a missing permission shows."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from appointments import roles
from tests.factories import UserFactory


@pytest.fixture
def manager(db: None) -> User:
    user = UserFactory(username="budi", first_name="Budi", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.MANAGERS))
    return user


@pytest.fixture
def browser_of_manager(manager: User, client: Client) -> Client:
    client.force_login(manager)
    return client
