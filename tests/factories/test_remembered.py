"""A world that is written again is the one that was built: in every row, and in what the builder returns."""

from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.utils import translation

from appointments.models import Customer, Location, RescheduleRequest
from tests.clock import NOW, hours
from tests.factories import Clinic, CustomerFactory, clinic, journal, sequences
from tests.factories.remembered import remembered

pytestmark = pytest.mark.django_db

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that `place` was really built with, of which nothing is known yet."""
    monkeypatch.setattr("tests.factories.remembered._kept", {})
    _built.clear()
    return _built


_built: list[str] = []


@remembered
def place(name: str, *, near: Location | None = None) -> Location:
    _built.append(name)
    if near is not None:
        near.name = f"beside {name}"
    return Location.objects.create(code=name, name=name, zone="Asia/Jakarta", country="ID")


def rows() -> Rows:
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()}


def undone(build: Any) -> Any:
    """What `build` gives in a test of its own, and all rows as they are then; everything is taken back."""
    savepoint: Any = connection.savepoint()
    with journal.kept():
        result = build()
        left = rows()
    connection.savepoint_rollback(savepoint)
    return result, left


def world() -> tuple[Clinic, RescheduleRequest]:
    made = clinic()
    return made, made.offered()


def facts(instance: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(instance).items() if name != "_state"}


def test_every_row_is_there_again_and_what_comes_back_is_the_same(builds: list[str]) -> None:
    (first, offered), written = undone(world)
    (again, offered_again), written_again = undone(world)

    assert written == written_again  # the links too, which are drawn by chance: it was not built anew
    assert len(written["appointments.Offer"]) == 3
    assert facts(offered) == facts(offered_again)
    assert offered_again is not offered
    for name in ("location", "provider", "room", "service", "customer", "staff"):
        assert facts(getattr(first, name)) == facts(getattr(again, name))


def test_it_is_built_once_and_written_again(builds: list[str]) -> None:
    assert [undone(lambda: place("a"))[0].pk for _ in range(3)] == [undone(lambda: place("a"))[0].pk] * 3
    assert builds == ["a"]


def test_what_it_was_given_is_changed_again(builds: list[str]) -> None:
    def both() -> Location:
        first = place("a")
        place("b", near=first)
        return first

    assert [undone(both)[0].name, undone(both)[0].name] == ["beside b", "beside b"]
    assert builds == ["a", "b"]


def test_whoever_was_given_wrote_or_reads_something_else_gets_one_of_his_own(builds: list[str], settings: Any) -> None:
    undone(lambda: place("a"))
    undone(lambda: place("b"))
    undone(lambda: (CustomerFactory(), place("a")))
    settings.PUBLIC_URL = "https://elsewhere.example"
    undone(lambda: place("a"))
    with translation.override("id"):
        undone(lambda: place("a"))
    for moment in (NOW, NOW + hours(1)):
        with time_machine.travel(moment, tick=False):
            undone(lambda: place("a"))
    assert builds == ["a", "b", "a", "a", "a", "a", "a"]


def test_after_something_was_taken_back_nothing_is_remembered(builds: list[str]) -> None:
    def taken_back() -> Location:
        savepoint: Any = connection.savepoint()
        CustomerFactory()
        connection.savepoint_rollback(savepoint)
        return place("a")

    for _ in range(2):
        undone(taken_back)
    assert builds == ["a", "a"]


def test_factories_go_on_counting_where_the_world_ends(builds: list[str]) -> None:
    def one_more() -> tuple[str, ...]:
        clinic()
        CustomerFactory()
        return tuple(Customer.objects.order_by("pk").values_list("email", flat=True))

    assert [undone(one_more)[0] for _ in range(2)] == [("ana0@example.com", "ana1@example.com")] * 2


def test_every_test_counts_from_nought() -> None:
    CustomerFactory.create_batch(3)
    assert any(sequences.state())
    with journal.kept():
        assert not any(sequences.state())
