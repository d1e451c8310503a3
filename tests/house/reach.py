"""What a function comes to: which others it names, and those again, as far as the source tells."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.house.source import modules

Names = frozenset[str]


@cache
def functions() -> dict[str, tuple[ast.AST, str]]:
    """Each function, method and class of ours by its dotted name, with its module. Whoever names a class may call any
    method of it.
    """
    found: dict[str, tuple[ast.AST, str]] = {}
    for module, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[f"{module}.{node.name}"] = (node, module)
    return found


@cache
def imported(module: str) -> dict[str, str]:
    """What a name at the top of a module, or inside a function of it, stands for."""
    package = module.rpartition(".")[0]
    known: dict[str, str] = {}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Import):
            known |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or package
            known |= {one.asname or one.name: f"{base}.{one.name}" for one in node.names}
    return known


def _named(node: ast.AST, module: str) -> Iterator[str]:
    known = imported(module)
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            yield f"{known.get(one.value.id, one.value.id)}.{one.attr}"
        elif isinstance(one, ast.Name):
            yield known.get(one.id, f"{module}.{one.id}")


@cache
def _whole(name: str) -> str:
    """Where something is written that a package only passes on."""
    for _step in range(4):
        if name in functions():
            return name
        module, __, last = name.rpartition(".")
        if module not in modules() or last not in imported(module):
            return name
        name = imported(module)[last]
    return name


@cache
def _names_in(name: str) -> Names:
    return frozenset(map(_whole, _named(*functions()[name])))


def reached(name: str) -> Names:
    """The dotted names of all that a function may come to, its own among them."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        if (one := _whole(waiting.pop())) in found:
            continue
        found.add(one)
        if one in functions():
            waiting += _names_in(one)
    return frozenset(found)
