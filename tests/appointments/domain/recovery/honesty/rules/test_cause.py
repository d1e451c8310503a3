"""Words that tell another cause than the recorded one."""

import pytest

from appointments.domain.recovery.honesty import Facts
from appointments.domain.recovery.honesty.rules.cause import is_untrue
from appointments.enums import Family, Fault
from tests.appointments.domain.recovery.honesty.situations import found, kinds

WISH = "You asked us to move it."


def test_whose_wish_it_was_is_told_as_it_was() -> None:
    assert kinds(WISH, family="operational", fault="ours") == ["cause"]
    assert kinds(WISH, family="customer", fault="customer") == []
    assert kinds(WISH) == [], "nothing is known, so nothing contradicts"


def test_a_finding_says_which_cause_the_words_tell() -> None:
    (finding,) = found("The machine is broken.", family="absence", fault="ours")
    assert finding.about == "equipment"


@pytest.mark.parametrize(
    ("about", "untrue", "true"),
    [
        ("wish", {"operational", "absence", "priorities", "outside"}, {"customer"}),
        ("ours", {"customer", "outside"}, {"operational", "absence", "priorities"}),
        ("beyond", {"customer"}, {"operational", "absence", "priorities", "outside"}),
        ("person", {"operational", "customer", "outside"}, {"absence", "priorities"}),
        ("equipment", {"absence", "priorities", "customer", "outside"}, {"operational"}),
        ("outside", {"absence", "priorities", "customer"}, {"operational", "outside"}),
    ],
)
def test_each_kind_of_words_fits_some_causes_only(about: str, untrue: set[str], true: set[str]) -> None:
    assert {one for one in Family.values if is_untrue(about, Facts(language="", family=one))} == untrue
    assert untrue | true == set(Family.values)


@pytest.mark.parametrize(
    ("about", "untrue"),
    [("wish", {"ours", "nobody"}), ("ours", {"customer"}), ("beyond", {"ours", "customer"}), ("person", set())],
)
def test_words_about_fault_follow_the_fault(about: str, untrue: set[str]) -> None:
    assert {one for one in Fault.values if is_untrue(about, Facts(language="", fault=one))} == untrue


@pytest.mark.parametrize("text", ["You took a day off twice for us.", "You had taken two days off for this."])
def test_a_day_off_of_the_customer_is_no_absence_of_ours(text: str) -> None:
    assert kinds(text, family="operational", fault="ours") == []
    assert kinds("Ratna has taken a day off.", family="operational", fault="ours") == ["cause"]
