"""What the business says of itself."""

import pytest

from appointments.domain import actors
from appointments.domain.setup import business
from appointments.models import Business, Setup
from tests.clock import NOW
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db


def test_the_country_is_kept_beside_the_business() -> None:
    business.write_down(Business(name="Melati"), country="DE", by=actors.SYSTEM, now=NOW)

    assert Business.current().name == "Melati"
    assert business.home_country(otherwise="ID") == "DE"


def test_before_it_was_said_the_country_is_that_of_the_first_place() -> None:
    assert business.home_country(otherwise="ID") == "ID"
    LocationFactory(country="SG")
    assert business.home_country(otherwise="ID") == "SG"
    business.write_down(Business(name="Melati"), by=actors.SYSTEM, now=NOW)
    assert business.home_country(otherwise="ID") == "SG"


def test_a_country_that_is_not_known_is_none() -> None:
    LocationFactory(country="ZZ")

    assert business.home_country(otherwise="ID") == ""


def test_the_trade_is_remembered() -> None:
    business.remember_trade("salon")

    assert Setup.current().trade == "salon"
