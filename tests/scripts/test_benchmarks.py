"""What `make bench` measures with can be made, and what it measures beside still asks as much as ours."""

import pytest

from appointments.models import Appointment, WeeklyHours
from tests.benchmarks import dataset, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("patterns", [dataset.PATTERNS, dataset.NIGHTS], ids=["day", "night"])
def test_a_full_place_can_be_made(patterns: dataset.Patterns) -> None:
    world = dataset.make(seed=1, providers=3, stored=10, customers=5, patterns=patterns)
    assert Appointment.objects.count() >= 10
    assert WeeklyHours.objects.count() == 5 * len(world.providers)


def test_the_plain_page_asks_and_weighs_as_much_as_the_customers() -> None:
    ours, plain = page.beside_one_another()
    assert ours == plain
