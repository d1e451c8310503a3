"""Rules as text become rules as data, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.domain.schedule.rrule import Rule, RuleError, parse_rule


@given(st.text(max_size=80))
def test_any_text_is_a_rule_or_is_refused(text):
    for candidate in (text, f"FREQ=DAILY;{text}"):
        try:
            assert parse_rule(candidate).interval >= 1
        except RuleError:
            continue


def test_a_rule_is_read_part_by_part() -> None:
    assert parse_rule("FREQ=MONTHLY;BYDAY=1FR,-2MO,SU;BYMONTH=3,10;INTERVAL=2;COUNT=5;WKST=SU") == Rule(
        freq="MONTHLY", by={"BYMONTH": frozenset({3, 10})}, days=frozenset({(1, 4), (-2, 0), (0, 6)}),
        interval=2, count=5, week_start=6,
    )  # fmt: skip


def test_order_case_spaces_and_unknown_extensions_do_not_matter() -> None:
    assert parse_rule(" byday = mo ; freq = weekly ;; x-thing=1; UNTIL=20261231") == Rule(
        freq="WEEKLY", by={}, days=frozenset({(0, 0)}), until="20261231"
    )
    assert parse_rule("FREQ=WEEKLY\\;BYDAY=MO") == parse_rule("FREQ=WEEKLY;BYDAY=MO")


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [("BYSECOND", 0, 59), ("BYMINUTE", 0, 59), ("BYHOUR", 0, 23), ("BYMONTH", 1, 12)],
)
def test_numbers_of_the_clock_have_two_ends(name: str, lowest: int, highest: int) -> None:
    for number in (lowest, highest):
        assert parse_rule(f"FREQ=YEARLY;{name}={number}").by == {name: frozenset({number})}
    for number in (lowest - 1, highest + 1):
        with pytest.raises(RuleError):
            parse_rule(f"FREQ=YEARLY;{name}={number}")


@pytest.mark.parametrize(
    ("name", "highest"), [("BYMONTHDAY", 31), ("BYYEARDAY", 366), ("BYWEEKNO", 53), ("BYSETPOS", 366)]
)
def test_what_is_counted_from_either_end_has_no_nought(name: str, highest: int) -> None:
    for number in (1, -1, highest, -highest):
        assert parse_rule(f"FREQ=YEARLY;{name}={number}").by == {name: frozenset({number})}
    for number in (0, highest + 1, -highest - 1):
        with pytest.raises(RuleError):
            parse_rule(f"FREQ=YEARLY;{name}={number}")


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("BYDAY=53MO", True), ("BYDAY=-53MO", True), ("BYDAY=54MO", False), ("BYDAY=0MO", False), ("BYDAY=XX", False),
        ("INTERVAL=1", True), ("INTERVAL=0", False), ("INTERVAL=999999", True), ("INTERVAL=1000000", False),
        ("COUNT=1", True), ("COUNT=0", False), ("COUNT=-1", False), ("COUNT=-1;UNTIL=20261231", True),
        ("WKST=SU", True), ("WKST=XX", False), ("RSCALE=GREGORIAN", True), ("RSCALE=HEBREW", False),
        ("SKIP=OMIT", True), ("SKIP=FORWARD", False), ("BYEASTER=1", False), ("BYMONTHDAY=", True),
    ],
)  # fmt: skip
def test_what_a_rule_may_say(text: str, possible: bool) -> None:
    if possible:
        assert parse_rule(f"FREQ=YEARLY;{text}").freq == "YEARLY"
        return
    with pytest.raises(RuleError):
        parse_rule(f"FREQ=YEARLY;{text}")


@pytest.mark.parametrize("text", ["", "FREQ=", "FREQ=SOMETIMES", "BYDAY=MO"])
def test_without_a_frequency_there_is_no_rule(text: str) -> None:
    with pytest.raises(RuleError):
        parse_rule(text)
