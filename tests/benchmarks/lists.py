"""Goal 6, the lists: 100,000 appointments of 20,000 customers, and 60,000 promises that wait for somebody.

Beside a page of a queue a plain view of the same fifty rows, read by key, on the same frame; beside its thousandth page
its first; beside the search a page of the queue.
"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from appointments.domain.pages.queues.paging import SIZE, write_place
from appointments.enums import PromiseKind
from appointments.models import Appointment, Customer, Promise
from tests.benchmarks import database, dataset, table
from tests.benchmarks.dataset import CHUNK, World
from tests.benchmarks.table import Row, side_by_side
from tests.factories import StaffFactory

RESOURCES, STORED, CUSTOMERS, WAITING = 50, 100_000, 20_000, 60_000
LINE = 'class="line'
PAGES = 1_000
LARGEST = 150  # kB
ROUNDS = 25


def run(*, seed: int) -> list[Row]:
    """Milliseconds, the least of many rounds."""
    with database.fresh():
        world = dataset.make(providers=RESOURCES, stored=STORED, seed=seed, customers=CUSTOMERS)
        staff = StaffFactory()
        _owe(world, owner=staff.pk)
        database.settle()
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(staff, backend="reschedule.sign_in.Colleagues")
        with time_machine.travel(world.now, tick=True):
            return [*_queue(client), *_search(client)]


def _owe(world: World, *, owner: int) -> None:
    """A call for each of so many appointments, due at all hours of a year."""
    ids = list(Appointment.objects.order_by("pk").values_list("pk", flat=True)[:WAITING])
    made = world.now - timedelta(days=1)
    due = [world.now + timedelta(minutes=world.chance.randrange(1, 60 * 24 * 365)) for _one in ids]
    Promise.objects.bulk_create(
        (
            Promise(kind=PromiseKind.CALL, appointment_id=pk, owner_id=owner, made_at=made, due_at=moment)
            for pk, moment in zip(ids, due, strict=True)
        ),
        batch_size=CHUNK,
    )


def _queue(client: Client) -> list[Row]:
    """The first page and the thousandth, which begin where the database says by brute force."""
    stand = Promise.objects.order_by("due_at", "pk")
    last_before = stand.values_list("due_at", "pk")[SIZE * (PAGES - 1) - 1]
    first, thousandth = ({"sort": "due"}, {"sort": "due", "after": write_place(last_before)})
    expected = {
        _address(question): list(stand.values_list("appointment__customer__name", flat=True)[begin : begin + SIZE])
        for question, begin in ((first, 0), (thousandth, SIZE * (PAGES - 1)))
    }
    for address, names in expected.items():
        _check(client.get(address).content.decode(), names)
    ours, deep = (_shows(client, address) for address in expected)
    own, deeper, theirs = side_by_side(ours, deep, _shows(client, "/plain-list/"), rounds=ROUNDS)
    name = f"list, {database.label()}: what waits for us"
    return [
        table.row(f"{name}, beside the same rows by key (ms)", own, theirs, at_most=3),
        table.row(f"{name}, page 1,000 beside page 1 (ms)", deeper, own, at_most=1.3),
        table.count(f"{name} (queries)", _queries(ours), at_most=12),
        table.count(f"{name} (kB)", len(client.get(_address(first)).content) / 1000, at_most=LARGEST),
    ]


def _search(client: Client) -> list[Row]:
    """By a name, and by the end of an address: each finds the one whom the table has."""
    somebody = Customer.objects.order_by("pk")[CUSTOMERS // 2]
    rows = []
    for what, words in (("a name", somebody.name), ("an address", somebody.email)):
        address = f"/search/?{urlencode({'q': words})}"
        _check(client.get(address).content.decode(), [somebody.name])
        ours, page = _shows(client, address), _shows(client, _address({"sort": "due"}))
        own, theirs = side_by_side(ours, page, rounds=ROUNDS)
        name = f"list, {database.label()}: search by {what}"
        rows += [
            table.row(f"{name}, beside a page of a queue (ms)", own, theirs, at_most=2),
            table.count(f"{name} (queries)", _queries(ours), at_most=12),
        ]
    return rows


def _address(question: dict[str, str]) -> str:
    return f"/queues/promises/?{urlencode(question)}"


def _shows(client: Client, address: str) -> Callable[[], int]:
    @override_settings(ROOT_URLCONF="tests.benchmarks.plain")
    def size() -> int:
        answer = client.get(address)
        if answer.status_code != 200:
            raise AssertionError(f"{address} answered {answer.status_code}")
        return len(answer.content)

    return size


def _queries(work: Callable[[], int]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
        return len(asked)


def _check(page: str, names: list[str]) -> None:
    """The page names them all, in this order."""
    place = 0
    for name in names:
        place = page.find(name, place) + 1
        if not place:
            raise AssertionError(f"{name} is missing")
