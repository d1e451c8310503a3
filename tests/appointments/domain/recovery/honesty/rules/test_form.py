"""Gaps and shouting, which are the same in any language."""

import pytest

from appointments.domain.recovery.honesty import TextKind
from tests.appointments.domain.recovery.honesty.situations import kinds, words


@pytest.mark.parametrize(
    "gap",
    [
        "{name}",
        "{{ x }}",
        "{% if %}",
        "[NAME]",
        "%s",
        "%(x)s",
        "<<x>>",
        "<name>",
        "___",
        "##:##",
        "X" * 3,
        "${x}",
        "TBD",
    ],
)
def test_a_gap_that_nobody_filled_is_seen(gap: str) -> None:
    assert kinds(f"We come at {gap} then.") == ["placeholder"]


def test_names_that_are_filled_in_later_are_none() -> None:
    known = {"text": TextKind.REASON, "gaps": frozenset({"provider"})}
    assert kinds("{provider} is needed elsewhere", **known) == []
    assert words("{doctor} is needed elsewhere", **known) == ["{doctor}"]


@pytest.mark.parametrize("text", ["Wait … please", "5 < 6", "Sari xxx", "100% wool", "(by ten)"])
def test_ordinary_signs_are_none(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text", ["Come now!!", "Really?!", "PLEASE", "Come ON TIME", "It is IMPORTANT", "You MUST come"]
)
def test_shouting_is_heard(text: str) -> None:
    assert kinds(text) == ["shouting"]


@pytest.mark.parametrize("text", ["Come now!", "The MRI at RSUD", "USG, BPJS and ASAP", "I am OK", "Our VAT number"])
def test_abbreviations_are_quiet(text: str) -> None:
    assert kinds(text) == []


def test_a_name_in_capitals_is_a_name() -> None:
    assert kinds("Welcome to KLINIK SENTOSA", names=("Klinik Sentosa",)) == []
