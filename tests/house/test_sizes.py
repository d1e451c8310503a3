"""What can be read at once: modules, functions and folders have an end, and who needs more says why."""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.house.source import ROOT, modules

LONGEST_MODULE, LONGEST_FUNCTION, FULLEST_FOLDER = 300, 45, 16
WHOLE = {
    "reschedule.settings": "one setting after the other",
    "appointments.domain.imports.reading.zones": "mostly a table of names",
}
"""What is longer, and why it is not taken apart."""


def lengths() -> Iterator[tuple[str, int, int]]:
    """Each module and function by its dotted name, with its lines and how many it may have."""
    for name, tree in modules().items():
        body = tree.body
        yield name, max((node.end_lineno or 0 for node in body), default=0), LONGEST_MODULE
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1, LONGEST_FUNCTION


def test_modules_and_functions_can_be_read_at_once() -> None:
    long = {name: lines for name, lines, most in lengths() if lines > most}

    assert {name: lines for name, lines in long.items() if name not in WHOLE} == {}
    assert WHOLE.keys() - long.keys() == set(), "these have become short: they need no reason any more"


def test_folders_can_be_seen_at_once() -> None:
    packages = {name for name in modules() if ROOT.joinpath(*name.split(".")).is_dir()}
    inside = Counter(name.rpartition(".")[0] for name in modules().keys() - packages)

    assert {folder: count for folder, count in inside.items() if count > FULLEST_FOLDER} == {}
