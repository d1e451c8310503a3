"""manage.py seed_demo: into an empty database, and nowhere else."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from appointments.demo.logins import SAMPLE_PASSWORDS
from appointments.models import Customer, Location
from tests.factories import CustomerFactory, LocationFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def seed(*words: str) -> str:
    told = StringIO()
    call_command("seed_demo", *words, stdout=told)
    return told.getvalue()


def test_it_says_what_it_has_made_and_the_logins_work(client: Any) -> None:
    # How many a colleague who is away hits depends on the day.
    made = re.fullmatch(
        r"120 customers, 420 appointments, 14 moves, (\d+) more under way\.\n", seed("--scale", "small")
    )
    assert made is not None and int(made[1]) >= 5

    for name, password in SAMPLE_PASSWORDS.items():
        assert client.post("/accounts/sign-in/", {"username": name, "password": password}).status_code == 302


def test_seeding_twice_is_refused_and_keeping_leaves_what_people_have_done() -> None:
    seed("--scale", "small")
    Customer.objects.filter(pk=Customer.objects.earliest("pk").pk).update(name="Renamed By Hand")

    with pytest.raises(CommandError, match="not empty"):
        seed("--scale", "small", "--seed", "2")
    assert seed("--keep") == ""

    assert Customer.objects.filter(name="Renamed By Hand").count() == 1
    assert (Customer.objects.count(), Location.objects.count()) == (120, 2)


@pytest.mark.parametrize("factory", [LocationFactory, CustomerFactory])
def test_a_database_in_use_is_refused(factory: Any) -> None:
    factory()

    with pytest.raises(CommandError, match="not empty"):
        seed()


def test_keeping_does_not_open_a_real_business() -> None:
    LocationFactory()

    with pytest.raises(CommandError, match="RESCHEDULE_DATA"):
        seed("--keep")


def test_the_known_passwords_never_get_into_production(settings: Any) -> None:
    settings.EMBEDDED = False

    with pytest.raises(CommandError, match="only for trying out"):
        seed()

    assert Location.objects.count() == 0
