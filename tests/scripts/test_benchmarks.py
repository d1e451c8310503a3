"""What `make bench` measures with can be made, and what it measures beside still asks as much as ours."""

import pytest
import time_machine

from appointments.models import Appointment, WeeklyHours
from tests.benchmarks import boards, dataset, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("patterns", [dataset.PATTERNS, dataset.NIGHTS], ids=["day", "night"])
def test_a_full_place_can_be_made(patterns: dataset.Patterns) -> None:
    world = dataset.make(seed=1, providers=3, stored=10, customers=5, patterns=patterns)
    assert Appointment.objects.count() >= 10
    assert WeeklyHours.objects.count() == 5 * len(world.providers)


def test_the_plain_page_asks_and_weighs_as_much_as_the_customers() -> None:
    ours, plain = page.beside_one_another()
    assert ours == plain


def test_the_plain_boards_show_as_much_as_ours() -> None:
    world = dataset.make(seed=1, providers=3, stored=10, customers=5)
    with time_machine.travel(world.now, tick=False):
        shown = {name: (ours(), plain()) for name, ours, plain, _ in boards.pairs(world)}

    (day, plain_day), week, news = shown.values()
    assert day == plain_day > 10
    assert (week, news) == ((3 * 8, 3 * 8), (0, 0))
