"""What docs/principles.md refers to exists, and it says of each line whether it is met."""

import importlib
import re

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from appointments.domain.messages.kinds import KINDS
from tests.house.source import ROOT

TEXT = (ROOT / "docs/principles.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| what is asked")]
REFERENCES = sorted(set(re.findall(r"`(page|message|rule|test):([^`]+)`", TEXT)))
VERDICTS = ("Met:", "Partly:", "Not yet:")
ASKED = 73
"""So many lines the articles come to."""


def is_address(name: str) -> bool:
    if not name.startswith("admin:"):
        return name in get_resolver().reverse_dict
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


def is_rule(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    return hasattr(importlib.import_module(module), attribute)


EXISTS = {
    "page": is_address,
    "message": KINDS.__contains__,
    "rule": is_rule,
    "test": lambda path: (ROOT / path).is_file(),
}


@pytest.mark.parametrize(("kind", "name"), REFERENCES)
def test_what_it_refers_to_exists(kind: str, name: str) -> None:
    assert EXISTS[kind](name)


def test_each_line_has_a_verdict_and_what_is_met_says_where() -> None:
    verdicts = [row.split("|")[2].strip() for row in ROWS]
    assert [verdict for verdict in verdicts if not verdict.startswith(VERDICTS)] == []
    assert [verdict for verdict in verdicts if verdict.startswith("Met:") and "`" not in verdict] == []


def test_no_line_is_left_out() -> None:
    assert len(ROWS) == ASKED
