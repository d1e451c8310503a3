"""Short names for addresses, made out of names."""

import pytest

from appointments.domain.setup.codes import LONGEST, code_for
from appointments.models import Location
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db


def test_a_name_becomes_a_code_and_the_next_of_that_name_another_one() -> None:
    assert code_for("Melati Menteng", Location, otherwise="place") == "melati-menteng"
    LocationFactory(code="melati-menteng")
    assert code_for("Melati  menteng!", Location, otherwise="place") == "melati-menteng-2"
    LocationFactory(code="melati-menteng-2")
    assert code_for("Melati Menteng", Location, otherwise="place") == "melati-menteng-3"


def test_a_name_in_other_letters_gets_one_all_the_same() -> None:
    assert code_for("診療所", Location, otherwise="place") == "place"


def test_a_long_name_is_cut() -> None:
    assert len(code_for("a" * 200, Location, otherwise="place")) == LONGEST
