"""Recurrence in words."""

from datetime import date, datetime, timedelta

import pytest

from appointments.domain.schedule.recurrence import Budget, occurrences
from appointments.domain.schedule.rrule import parse_rule
from appointments.domain.setup import repeats
from appointments.domain.setup.repeats import Repeats

FIRST = date(2026, 12, 1)
"""A Tuesday, the first of its month."""


@pytest.mark.parametrize(
    ("how_often", "rule"),
    [
        ("", ""),
        ("daily", "FREQ=DAILY"),
        ("weekly", "FREQ=WEEKLY;BYDAY=TU"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("monthly", "FREQ=MONTHLY;BYDAY=1TU"),
        ("yearly", "FREQ=YEARLY"),
    ],
)
def test_what_is_chosen_is_a_rule_and_is_read_back(how_often: str, rule: str) -> None:
    assert repeats.rule(how_often, FIRST) == rule
    assert repeats.in_words(rule) == str(Repeats(how_often).label)


@pytest.mark.parametrize(("day", "which"), [(7, "1"), (8, "2"), (28, "4"), (29, "-1"), (31, "-1")])
def test_a_fifth_weekday_is_the_last_one(day: int, which: str) -> None:
    assert repeats.rule("monthly", date(2026, 12, day)).startswith(f"FREQ=MONTHLY;BYDAY={which}")


@pytest.mark.parametrize("how_often", [one for one in Repeats if one])
def test_every_rule_begins_on_its_first_day(how_often: str) -> None:
    for day in range(1, 32):
        first = datetime(2026, 12, day, 9)  # noqa: DTZ001  on the wall
        rule = parse_rule(repeats.rule(how_often, first.date()))
        found = occurrences(rule, first, first=first, last=first + timedelta(days=800), budget=Budget(10_000))
        assert next(iter(found)) == first


def test_what_nobody_can_choose_here_is_another_rhythm() -> None:
    assert repeats.in_words("RRULE:FREQ=WEEKLY;INTERVAL=3") == "in another rhythm"
