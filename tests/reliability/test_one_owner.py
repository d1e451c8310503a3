"""Several visitors of a new installation have the code at once: one of them is the owner."""

import pytest
from django.contrib.auth.models import User
from django.db import connection

from appointments.domain.setup import owner
from appointments.domain.setup.owner import NotTheCode
from appointments.models import Setup
from tests.clock import NOW
from tests.reliability.site import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_of_visitors_at_once_exactly_one_is_the_owner() -> None:
    code = owner.new_code(now=NOW)

    def claim(name: str) -> str:
        try:
            return owner.make(
                code=code,
                username=name,
                email=f"{name}@melati.example",
                first_name=name,
                last_name="",
                password="hujan-sore-di-teras",
                country="ID",
                now=NOW,
            ).username
        except NotTheCode:
            return ""
        finally:
            connection.close()

    won = [one for one in all_at_once(claim, [f"visitor{number}" for number in range(6)]) if one]

    assert len(won) == 1
    assert [one.username for one in User.objects.all()] == won
    assert Setup.current().claimed_at == NOW
