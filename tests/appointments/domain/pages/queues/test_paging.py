"""Pages by key: every row once, in both directions, whatever has the same key."""

import random
from typing import Any

import pytest

from appointments.domain.pages.queues import paging
from appointments.domain.pages.queues.paging import cut, read_place, write_place
from appointments.domain.pages.queues.sources import PROMISES
from appointments.models import Promise
from tests.clock import NOW, hours
from tests.factories import Clinic, CustomerFactory, PromiseFactory

DUE, CUSTOMER, TURN = (PROMISES.sort(name) for name in ("due", "customer", "turn"))


@pytest.fixture
def promises(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> list[Promise]:
    """Seven, of which several fall due at the same hour and have customers of the same name."""
    monkeypatch.setattr(paging, "SIZE", 3)
    chance = random.Random(3)
    people = [CustomerFactory(name=name) for name in ("Ana", "Ben", "ana")]
    return [
        PromiseFactory(
            appointment=melati.booked(NOW + hours(24 * (turn + 1)), customer=chance.choice(people)),
            owner=melati.staff,
            due_at=NOW + hours(chance.randrange(3)),
        )
        for turn in range(7)
    ]


def walked(sort: Any) -> list[list[int]]:
    pages, after = [], ""
    while True:
        page = cut(Promise.objects.all(), sort, after=after)
        pages.append(list(page.ids))
        if not (after := page.after):
            return pages


@pytest.mark.parametrize("sort", [DUE, CUSTOMER])
def test_whoever_goes_on_meets_every_row_once_in_order(promises: list[Promise], sort: Any) -> None:
    pages = walked(sort)
    everything = list(Promise.objects.order_by(*sort.names, "pk").values_list("pk", flat=True))
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [pk for page in pages for pk in page] == everything


def test_whoever_goes_back_meets_the_same_pages(promises: list[Promise]) -> None:
    first, second, third = walked(DUE)
    back = cut(Promise.objects.all(), DUE, before=_place(third[0]))
    assert (list(back.ids), bool(back.before), bool(back.after)) == (second, True, True)
    begin = cut(Promise.objects.all(), DUE, before=back.before)
    assert (list(begin.ids), begin.before, bool(begin.after)) == (first, "", True)


def _place(pk: int) -> str:
    return write_place((Promise.objects.get(pk=pk).due_at, pk))


def test_a_row_that_has_gone_meanwhile_leaves_its_place(promises: list[Promise]) -> None:
    first, second, _third = walked(DUE)
    place = _place(first[-1])
    Promise.objects.filter(pk=first[-1]).update(state="kept", settled_at=NOW)
    assert list(cut(Promise.objects.open(), DUE, after=place).ids) == second


def test_the_last_page_leads_no_further_and_the_first_no_way_back(promises: list[Promise]) -> None:
    one = cut(Promise.objects.filter(pk__in=[one.pk for one in promises[:3]]), DUE)
    assert (len(one.ids), one.before, one.after) == (3, "", "")
    assert cut(Promise.objects.none(), DUE).ids == ()


@pytest.mark.parametrize(
    "nonsense",
    [
        "", "x", "%%%", "bnVsbA", "W10", "WzFd", "e30", "a" * 601, write_place(("soon", 1)), write_place((NOW,)),
        write_place((NOW, 2**64)), write_place((NOW.replace(tzinfo=None), 1)), write_place((NOW, NOW, 1)),
        write_place((NOW, "one")), write_place((NOW, None)),
    ],
)  # fmt: skip
def test_nonsense_is_no_place(nonsense: str) -> None:
    assert read_place(nonsense, DUE) is None


def test_nonsense_leads_to_the_first_page(promises: list[Promise]) -> None:
    first = cut(Promise.objects.all(), DUE)
    for where in ({"after": "x"}, {"before": "x"}, {"after": write_place(("Ana", 1))}):
        assert cut(Promise.objects.all(), DUE, **where) == first


def test_a_place_is_read_as_it_was_written() -> None:
    assert read_place(write_place((NOW, 7)), DUE) == (NOW, 7)
    assert read_place(write_place(("Ána “x” \\ é", 7)), CUSTOMER) == ("Ána “x” \\ é", 7)
    assert read_place(write_place((1, NOW, 7)), TURN) == (1, NOW, 7)


@pytest.mark.parametrize(
    ("sort", "values"),
    [
        (CUSTOMER, ("a\x00b", 7)), (CUSTOMER, ("\ud800", 7)), (CUSTOMER, (["a"], 7)), (TURN, (3, NOW, 7)),
        (TURN, ("x", NOW, 7)), (DUE, ("0001-01-01T00:00:00+14:00", 7)),
    ],
)  # fmt: skip
def test_what_no_database_takes_is_no_place(sort: Any, values: tuple[Any, ...]) -> None:
    assert read_place(write_place(values), sort) is None


def test_a_page_is_one_query(promises: list[Promise], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        cut(Promise.objects.all(), DUE, after=_place_of(promises))


def _place_of(promises: list[Promise]) -> str:
    return write_place((promises[0].due_at, promises[0].pk))
