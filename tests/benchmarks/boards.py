"""Goal 6, the boards: a day of 50 resources, a week of the place, and an open board that asks whether there is news.

Beside each a plain view of the same rows on the same frame: one query and a line for each row, or one query, a count
and a cell for each resource and day. Beside the question a view that asks the database twice and says as little.
"""

from collections.abc import Callable
from datetime import date, timedelta

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from tests.benchmarks import database, dataset, table
from tests.benchmarks.dataset import World
from tests.benchmarks.table import Row, side_by_side
from tests.factories import StaffFactory

RESOURCES, STORED = 50, 100_000
LINE = 'class="line"'


def run(*, seed: int) -> list[Row]:
    """Milliseconds, the least of many rounds."""
    with database.fresh():
        world = dataset.make(providers=RESOURCES, stored=STORED, seed=seed, customers=20_000)
        database.settle()
        with time_machine.travel(world.now, tick=True):
            return [row for pair in pairs(world) for row in _rows(*pair)]


def pairs(world: World) -> list[tuple[str, Callable[[], int], Callable[[], int], int]]:
    """What is compared: its name, ours and the plain one, and how many queries ours may ask. Each answers how many rows
    or cells it shows.
    """
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(StaffFactory(), backend="reschedule.sign_in.Colleagues")
    place, day = world.location.code, _a_full_day(world)
    asked = client.get(f"/board/{place}/{day}/").content.decode().split('hx-get="/news/')[1].split('"')[0]

    def shows(path: str, row: str = LINE) -> Callable[[], int]:
        @override_settings(ROOT_URLCONF="tests.benchmarks.plain")
        def count() -> int:
            answer = client.get(path)
            if answer.status_code not in (200, 204):
                raise AssertionError(f"{path} answered {answer.status_code}")
            return answer.content.decode().count(row)

        return count

    board, plain = f"/board/{place}", f"{world.location.pk}/{day}/"
    return [
        ("50 resources a day", shows(f"{board}/{day}/", '<a class="block '), shows(f"/plain-day/{plain}", LINE), 12),
        ("a week of the place", shows(f"{board}/week/{day}/", "<td class"), shows(f"/plain-week/{plain}", LINE), 12),
        ("anything new?", shows(f"/news/{asked}"), shows(f"/plain-news/{world.location.pk}/"), 2),
    ]


def _a_full_day(world: World) -> date:
    """The next Wednesday: nobody has closed it."""
    return world.today + timedelta(days=(2 - world.today.weekday()) % 7)


def _rows(name: str, ours: Callable[[], int], plain: Callable[[], int], queries: int) -> list[Row]:
    ours()  # what is known for some minutes afterwards
    with CaptureQueriesContext(connection) as queries_of_ours:
        shown = ours()
        asked = len(queries_of_ours)
    if (there := plain()) and there != shown:
        raise AssertionError(f"{name}: {shown} beside {there}")
    name = f"board, {database.label()}: {name}"
    own, theirs = side_by_side(ours, plain, rounds=40)
    compared = (
        table.row(f"{name}, asked in a second beside a plain view", 1000 / own, 1000 / theirs, at_least=0.5)
        if queries == 2
        else table.row(f"{name}, beside a plain view (ms)", own, theirs, at_most=3)
    )
    return [compared, table.count(f"{name} (queries)", asked, at_most=queries)]
