"""What a customer asks for instead."""

import json
from datetime import date

import pytest

from appointments.domain.schedule.wishes import Wishes, part_of_day


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ("00:00", "morning"), ("11:59", "morning"), ("12:00", "afternoon"), ("16:59", "afternoon"),
        ("17:00", "evening"), ("23:59", "evening"),
    ],
)  # fmt: skip
def test_the_day_has_three_parts(clock: str, part: str) -> None:
    hour, minute = map(int, clock.split(":"))
    assert part_of_day(hour * 60 + minute) == part


def test_wishes_survive_being_stored() -> None:
    wishes = Wishes(
        days=frozenset({4, 1}), parts=frozenset({"evening", "morning"}), from_day=date(2026, 11, 24),
        until_day=date(2026, 12, 1), person="same", sooner=True, urgent=True, elsewhere=True, manner="phone",
    )  # fmt: skip
    stored = wishes.to_json()
    assert Wishes.from_json(json.loads(json.dumps(stored))) == wishes
    assert (stored["days"], stored["parts"]) == ([1, 4], ["morning", "evening"])


def test_who_asks_for_nothing_wishes_nothing() -> None:
    assert Wishes().is_empty
    assert Wishes.from_json({}) == Wishes.from_json(Wishes().to_json()) == Wishes()
    for wish in (
        Wishes(days=frozenset({0})),
        Wishes(person="same"),
        Wishes(sooner=True),
        Wishes(urgent=True),
        Wishes(elsewhere=True),
        Wishes(manner="home"),
    ):
        assert not wish.is_empty


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        Wishes.from_json({"from_day": "soon"})


def test_another_place_or_way_is_for_a_person() -> None:
    assert [one.is_for_a_person for one in (Wishes(urgent=True), Wishes(elsewhere=True), Wishes(manner="phone"))] == [
        False, True, True,
    ]  # fmt: skip
