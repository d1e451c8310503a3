"""One thing that happens is one transaction, tried again when the database asks for it, and never by halves."""

from contextlib import nullcontext

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.domain import transactions
from appointments.domain.transactions import line_up, one_transaction, part_of_one
from appointments.models import Customer
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)


class Said(Exception):
    """What the driver says below Django's own error."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


class Trouble(OperationalError):
    """What the database says when two got into each other's way."""

    def __init__(self, text: str = "", *, sqlstate: str = "") -> None:
        super().__init__(text)
        self.__cause__ = Said(sqlstate) if sqlstate else None


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses are written down instead of waited for."""
    pauses: list[float] = []
    monkeypatch.setattr("appointments.domain.transactions.time.sleep", pauses.append)
    return pauses


def failing(times: int, trouble: OperationalError) -> list[int]:
    """How many tries there were until it worked; each writes a customer first."""
    tries: list[int] = []

    @one_transaction
    def work() -> int:
        CustomerFactory()
        tries.append(len(tries) + 1)
        if len(tries) <= times:
            raise trouble
        return len(tries)

    try:
        work()
    finally:
        assert Customer.objects.count() == (1 if len(tries) == times + 1 else 0)
    return tries


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_a_lost_lock_is_tried_again_from_the_start(unhurried: list[float], sqlstate: str) -> None:
    assert failing(1, Trouble(sqlstate=sqlstate)) == [1, 2]
    assert len(unhurried) == 1


def test_a_locked_sqlite_is_tried_again(unhurried: list[float]) -> None:
    assert failing(2, Trouble("database is locked")) == [1, 2, 3]


def test_six_tries_and_no_more(unhurried: list[float]) -> None:
    assert len(failing(5, Trouble(sqlstate="40P01"))) == 6
    Customer.objects.all().delete()
    with pytest.raises(Trouble):
        failing(6, Trouble(sqlstate="40P01"))
    assert len(unhurried) == 10


def test_another_trouble_is_raised_at_once(unhurried: list[float]) -> None:
    with pytest.raises(Trouble):
        failing(1, Trouble("disk full", sqlstate="53100"))
    assert unhurried == []


def test_inside_another_transaction_only_the_outermost_is_tried_again(unhurried: list[float]) -> None:
    tries: list[int] = []

    @one_transaction
    def inner() -> None:
        tries.append(1)
        raise Trouble("database is locked")

    with pytest.raises(Trouble), transaction.atomic():
        inner()
    assert (len(tries), unhurried) == (1, [])


def test_what_failed_inside_is_undone_and_the_rest_stands() -> None:
    @one_transaction
    def inner() -> None:
        CustomerFactory(name="Lost")
        raise LookupError

    @one_transaction
    def outer() -> None:
        CustomerFactory(name="Kept")
        with pytest.raises(LookupError):
            inner()

    outer()
    assert list(Customer.objects.values_list("name", flat=True)) == ["Kept"]


def test_a_part_is_undone_with_the_whole_and_not_by_itself() -> None:
    @part_of_one
    def part() -> None:
        CustomerFactory(name="Part")
        raise LookupError

    @one_transaction
    def whole() -> None:
        CustomerFactory(name="Whole")
        with pytest.raises(LookupError):
            part()

    with pytest.raises(LookupError):
        part()
    assert not Customer.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        whole()
    assert [query["sql"] for query in queries if "SAVEPOINT" in query["sql"]] == []
    assert list(Customer.objects.order_by("pk").values_list("name", flat=True)) == ["Whole", "Part"]


def test_a_part_alone_is_tried_again_like_a_whole(unhurried: list[float]) -> None:
    tries: list[int] = []

    @part_of_one
    def part() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise Trouble(sqlstate="40P01")
        return len(tries)

    assert part() == 2
    assert len(unhurried) == 1


def test_numbers_of_any_size_can_be_lined_up_for() -> None:
    with transaction.atomic():
        line_up(2**40, -5)
    assert not connection.in_atomic_block


@pytest.mark.postgres_only
def test_on_postgresql_the_threads_of_a_process_wait_for_nobody_but_the_database() -> None:
    assert isinstance(transactions._turn(), nullcontext)


@pytest.mark.sqlite_only
def test_on_sqlite_the_threads_of_a_process_stand_in_line() -> None:
    assert transactions._turn() is transactions._queue
