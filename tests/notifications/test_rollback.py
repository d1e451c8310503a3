"""Going back to the version before loses nothing and sends nothing twice."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from notifications import restores
from notifications.enums import Outcome
from tests.notifications.conftest import NOON, post

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_the_end() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.usefixtures("at_the_end")
def test_what_is_held_is_parked_for_a_version_that_cannot_hold() -> None:
    message = post()
    message.delivery_attempts.create(at=NOON, channel=message.channel, outcome=Outcome.AWAY)
    restores.hold_all(now=NOON)

    call_command("migrate", "notifications", "0001", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT state, why FROM notifications_message")
        assert cursor.fetchall() == [("parked", "Held since a restore.")]
        cursor.execute("SELECT outcome FROM notifications_deliveryattempt")
        assert cursor.fetchall() == [("later",)]
