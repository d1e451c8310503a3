"""The first row that fits is the one; nobody who is hit harder may get less."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.domain.compensation.table import Facts, decide, never_reached, worse_for_less
from appointments.enums import Benefit, Fault
from appointments.models import CompensationRule
from tests.factories.compensation import rule, rupiah


def a_rule(**fields: Any) -> CompensationRule:
    return rule(save=False, **fields)


def facts(**said: Any) -> Facts:
    values: dict[str, Any] = {
        "fault": "ours",
        "notice": timedelta(hours=48),
        "wait": timedelta(),
        "moves": 1,
        "service": 7,
    }
    return Facts(**values | said)


@pytest.mark.parametrize(
    ("row", "on", "off"),
    [
        ({"notice_hours": 24}, {"notice": timedelta(hours=23, minutes=59)}, {"notice": timedelta(hours=24)}),
        ({"wait_days": 7}, {"wait": timedelta(days=7)}, {"wait": timedelta(days=7) - timedelta(minutes=1)}),
        ({"moves": 2}, {"moves": 2}, {"moves": 1}),
        ({"service_id": 7}, {"service": 7}, {"service": 8}),
        ({"fault": Fault.NOBODY}, {"fault": "nobody"}, {"fault": "ours"}),
        ({"notice_hours": 0}, {"notice": -timedelta(minutes=1)}, {"notice": timedelta()}),
    ],
)
def test_a_row_fits_on_one_side_of_its_edge(row: dict[str, Any], on: dict[str, Any], off: dict[str, Any]) -> None:
    rows = [a_rule(**row)]
    assert decide(rows, facts(**on)) is rows[0]
    assert decide(rows, facts(**off)) is None


def test_the_first_row_that_fits_is_the_one() -> None:
    rows = [a_rule(moves=2), a_rule(), a_rule(benefit=Benefit.NOTHING)]
    assert decide(rows, facts(moves=3)) is rows[0]
    assert decide(rows, facts()) is rows[1]
    assert decide([], facts()) is None


def test_a_row_behind_one_that_takes_all_of_its_cases_is_never_reached() -> None:
    rows = [
        a_rule(notice_hours=48),
        a_rule(notice_hours=24, wait_days=3),
        a_rule(service_id=7),
        a_rule(notice_hours=72),
    ]
    assert never_reached(rows) == [rows[1]]


def test_whoever_is_hit_harder_does_not_get_less() -> None:
    little, much = a_rule(amount=rupiah(10_000)), a_rule(amount=rupiah(50_000))
    little.notice_hours = 24
    found = worse_for_less([little, much])
    assert [(one.milder, one.harder) for one in found] == [(much, little)]
    second = a_rule(amount=rupiah(90_000), moves=2)
    assert worse_for_less([second, much]) == []
    assert worse_for_less([a_rule(amount=rupiah(90_000), wait_days=3), a_rule(amount=rupiah(90_000))]) == []


edges = st.one_of(st.none(), st.integers(0, 96))
rules = st.builds(
    lambda notice, wait, moves, service, fault: a_rule(
        notice_hours=notice, wait_days=wait, moves=moves, service_id=service, fault=fault
    ),
    edges,
    st.one_of(st.none(), st.integers(0, 14)),
    st.integers(1, 4),
    st.sampled_from([None, 7, 8]),
    st.sampled_from(["ours", "nobody"]),
)
cases = st.builds(
    lambda fault, notice, wait, moves, service: facts(
        fault=fault, notice=timedelta(hours=notice), wait=timedelta(days=wait), moves=moves, service=service
    ),
    st.sampled_from(["ours", "nobody", "customer"]),
    st.integers(-5, 100),
    st.integers(-3, 20),
    st.integers(1, 5),
    st.sampled_from([7, 8, 9]),
)


@given(st.lists(rules, max_size=5), cases)
def test_what_is_never_reached_never_decides(rows: list[CompensationRule], case: Facts) -> None:
    found = decide(rows, case)
    assert all(found is not row for row in never_reached(rows))
    assert found is None or found.fault == case.fault != "customer"


@given(st.lists(rules, max_size=5), cases)
def test_without_what_is_never_reached_everything_is_decided_alike(rows: list[CompensationRule], case: Facts) -> None:
    dead = {id(row) for row in never_reached(rows)}
    assert decide([row for row in rows if id(row) not in dead], case) is decide(rows, case)


@given(
    st.lists(st.tuples(rules, st.integers(1, 5)), max_size=4),
    cases,
    st.integers(0, 90),
    st.integers(0, 20),
    st.integers(0, 3),
)
def test_whoever_is_hit_harder_and_gets_less_is_always_found(
    valued: list[tuple[CompensationRule, int]], mild: Facts, hours: int, days: int, moves: int
) -> None:
    rows = []
    for row, worth in valued:
        row.worth = rupiah(worth)
        rows.append(row)
    hard = replace(
        mild,
        notice=mild.notice - timedelta(hours=hours),
        wait=mild.wait + timedelta(days=days),
        moves=mild.moves + moves,
    )
    before, after = decide(rows, mild), decide(rows, hard)
    if before is not None and (after.value if after else 0) < before.value:
        assert worse_for_less(rows) != []
