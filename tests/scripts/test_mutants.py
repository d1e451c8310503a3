"""`make mutants` on a tiny project: what is changed, what is noticed, and what survives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.mutants.__main__ import WINGS, is_equivalent, subjects_of
from scripts.mutants.changes import changes_of, dependents
from scripts.mutants.equivalent import EQUIVALENT
from tests.house.source import ROOT

RULES = '''"""Rules of a sample."""

from collections.abc import Callable
from functools import cache

LIMIT = 3
USUAL = LIMIT + 1
KINDS = frozenset({"call", "letter"})


def again(function: Callable[[int], bool]) -> Callable[[int], bool]:
    def run(number: int) -> bool:
        return function(number)

    return run


@again
def too_many(number: int) -> bool:
    return number > LIMIT


@cache
def worth_it(kind: str, default: int = LIMIT) -> bool:
    return kind in KINDS and default == 3


def too_few(number: int) -> bool:
    return number < 1


def never_tested(number: int) -> bool:
    return number > 7
'''

TESTS = """from sample.desk.rules import too_many, worth_it


def test_three_are_not_too_many() -> None:
    assert not too_many(3)


def test_letters_are_worth_it() -> None:
    assert worth_it("letter")
    assert not worth_it("gossip")
"""

STORY = """from sample.desk.rules import too_few


def test_nobody_is_too_few() -> None:
    assert too_few(0)
    assert not too_few(1)
"""


def changed(source: str) -> list[str]:
    """Each change of `source`, a single line in a function, as the line then reads."""
    text = f"def rule():\n    {source}\n"
    return [change.reads for change in changes_of(text)]


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("return a < b", ["return a <= b"]),
        ("return a >= b", ["return a > b"]),
        ("return (a) == (b)", ["return (a) != (b)"]),
        ("return a not in b", ["return a in b"]),
        ("return a is not None", ["return a is None"]),
        ("return a < b <= c", ["return a <= b <= c", "return a < b < c"]),
        ("return a > 2", ["return a >= 2", "return a > 3", "return a > 1"]),
        ("return not a", ["return a"]),
        (
            "if not (a or not b): pass",
            ["if (a or not b): pass", "if not (a and not b): pass", "if not (a or b): pass"],
        ),
        ("return a < b and c", ["return a < b or c", "return a <= b and c"]),
        ("return words or default", []),
        ("return max(a, b)", ["return min(a, b)"]),
        ("return timedelta(hours=2)", ["return timedelta(hours=3)", "return timedelta(hours=1)"]),
        ("rows.filter(at__lte=now)", ["rows.filter(at__lt=now)"]),
        ("rows.filter(at__isnull=True)", ["rows.filter(at__isnull=False)"]),
        ("rows.filter(state=OPEN)", ["rows.exclude(state=OPEN)"]),
        ("rows.exclude(pk=1, kind=CALL)", ["rows.filter(pk=1, kind=CALL)", "rows.exclude(pk=1, )"]),
        ('return f"{a < b}"', []),
        ('return "ü" if ä > b else c', ['return "ü" if ä >= b else c']),
    ],
)
def test_a_rule_is_changed_in_one_place_at_a_time(source: str, reads: list[str]) -> None:
    assert changed(source) == reads


@pytest.mark.parametrize(
    ("constant", "reads"),
    [
        ("HOURS = 2", ["HOURS = 3", "HOURS = 1"]),
        ("A, B = 0, time(8)", ["A, B = 1, time(8)", "A, B = 0, time(9)", "A, B = 0, time(7)"]),
        ('KINDS = {"a", "b"}', ['KINDS = {"b"}', 'KINDS = {"a", }']),
        ("STATES = (OPEN, CLOSED)", ["STATES = (CLOSED)", "STATES = (OPEN, )"]),
        ("DESK = {A: B, C: D}", ["DESK = {C: D}", "DESK = {A: B, }"]),
        ("OPEN = True", ["OPEN = False"]),
        ("name = 3", []),
    ],
)
def test_a_constant_gets_another_value_or_loses_a_member(constant: str, reads: list[str]) -> None:
    assert [change.reads for change in changes_of(constant)] == reads


def test_what_is_made_from_a_constant_changes_with_it() -> None:
    assert dependents(RULES, RULES.splitlines().index("LIMIT = 3") + 1) == {"LIMIT", "USUAL"}


FREEZING = """
import gc

def pytest_collection_finish():
    gc.freeze()
"""
"""As our own tests do: what is frozen does not show among the objects that live."""


@pytest.mark.slow
def test_survivors_are_listed_and_the_rest_was_noticed(tmp_path: Path) -> None:
    files = {"sample/desk/rules.py": RULES, "tests/sample/desk/test_rules.py": TESTS}
    files |= {
        "tests/conftest.py": FREEZING,
        "tests/sample/desk/test_a_story.py": STORY,
        "sample/__init__.py": "",
        "sample/desk/__init__.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.mutants", "--root", str(tmp_path), "sample/desk"],
        cwd=ROOT, env=environment | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    *survivors, figures = done.stdout.split("── sample/desk\n")[1].splitlines()
    assert survivors == [
        "sample/desk/rules.py:7: 1 → 2  (no test comes here)", "    USUAL = LIMIT + 2",
        "sample/desk/rules.py:7: 1 → 0  (no test comes here)", "    USUAL = LIMIT + 0",
        'sample/desk/rules.py:8: "call", → (nothing)', '    KINDS = frozenset({"letter"})',
        "sample/desk/rules.py:33: > → >=  (no test comes here)", "    return number >= 7",
        "sample/desk/rules.py:33: 7 → 8  (no test comes here)", "    return number > 8",
        "sample/desk/rules.py:33: 7 → 6  (no test comes here)", "    return number > 6",
    ]  # fmt: skip
    assert figures.startswith("18 changes, 12 noticed, 0 without effect, 6 survived; ")
    assert done.returncode == 1


def test_every_wing_has_modules_and_every_excuse_a_line() -> None:
    subjects = {subject.name: subject for wing in WINGS.values() for subject in subjects_of(wing, root=ROOT)}
    excused = {
        (subject.name, change.reads)
        for subject in subjects.values()
        for change in changes_of(subject.path.read_text())
        if is_equivalent(subject, change)
    }
    assert all(subjects_of(wing, root=ROOT) for wing in WINGS.values())
    assert excused == set(EQUIVALENT)
    assert all(EQUIVALENT.values())
