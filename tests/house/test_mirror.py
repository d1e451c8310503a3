"""Every rule has its tests where one looks for them: the tests have the folders and names of what they test."""

import ast
from collections import Counter
from pathlib import Path

from tests.house.source import ROOT

MIRRORED = ("appointments/domain", "notifications/text", "notifications/delivery")
BESIDES = (
    "notifications/outbox.py",
    "notifications/policy.py",
    "notifications/privacy.py",
    "notifications/bell.py",
    "notifications/receipts.py",
    "notifications/watch.py",
)
"""Channels are not among them: they all pass one contract."""
MOST_IN_A_FOLDER = 16


def modules_in(folder: str) -> list[Path]:
    """The modules there and below, as paths from the root."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.py") if path.name != "__init__.py")


def own_tests(module: Path) -> Path:
    return Path("tests") / module.parent / f"test_{module.name}"


def test_every_module_of_the_rules_has_the_tests_of_its_name() -> None:
    modules = [module for folder in MIRRORED for module in modules_in(folder) if does_something(module)]
    modules += map(Path, BESIDES)

    assert len(modules) > 60
    assert [str(module) for module in modules if not (ROOT / own_tests(module)).exists()] == []


def does_something(module: Path) -> bool:
    """What only declares values has no rule to test."""
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse((ROOT / module).read_text())))


def test_tests_stand_in_no_folder_that_the_rules_do_not_have() -> None:
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests/appointments/domain").rglob("*.py")}

    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder).is_dir()] == []


def test_no_folder_of_rules_is_a_crowd() -> None:
    crowds = Counter(str(module.parent) for module in modules_in("appointments/domain") + modules_in("notifications"))

    assert {folder: count for folder, count in crowds.items() if count > MOST_IN_A_FOLDER} == {}
