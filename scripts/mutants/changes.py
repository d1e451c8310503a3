"""What can be changed in a rule: constants, comparisons, what joins them, look-ups of the database."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

OPERATORS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip
OPERATOR = re.compile(r"<=|>=|==|!=|<|>|\bnot\s+in\b|\bis\s+not\b|\bin\b|\bis\b")
LOOKUPS = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
SELECTS = {"filter": "exclude", "exclude": "filter"}
EXTREMES = {"min": "max", "max": "min"}
OF_STATE = re.compile(r"(?:^|_)(?:state|kind|kinds|purpose|outcome|wished|wants|active)(?:_|$)")
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")

Span = tuple[int, int]


class Replacement(NamedTuple):
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Change:
    """One change of one rule. `reads`: the line as it then is. `of`: where its function begins; None for a constant."""

    line: int
    old: str
    new: str
    reads: str
    source: str
    of: int | None

    def __str__(self) -> str:
        return f"{self.line}: {self.old} → {self.new}"


def changes_of(source: str) -> list[Change]:
    """Every change of one rule in `source`, in the order of its lines."""
    return sorted(_Reader(source).changes(), key=lambda change: change.line)


def dependents(source: str, line: int) -> set[str]:
    """The module's constants that are made in `line` or from what is."""
    named: set[str] = set()
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            uses = {node.id for node in ast.walk(statement.value) if isinstance(node, ast.Name)}
            if uses & named or statement.lineno <= line <= (statement.end_lineno or 0):
                named |= _targets(statement)
    return named


def users(source: str, names: set[str]) -> set[int] | None:
    """Where the functions begin that use one of `names`; None when something besides functions does."""
    found: set[int] = set()
    for statement in ast.parse(source).body:
        inside = ast.walk(statement) if isinstance(statement, ast.FunctionDef | ast.ClassDef) else ()
        uses = any(isinstance(node, ast.Name) and node.id in names for node in inside)
        if uses and isinstance(statement, ast.ClassDef):
            return None
        if uses and isinstance(statement, ast.FunctionDef):
            found.add(first_line(statement))
    return found


def first_line(function: ast.FunctionDef) -> int:
    """As its code object tells it: a decorator is a part of it."""
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def _targets(statement: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


class _Reader:
    """Works on bytes, as the positions of a syntax tree do."""

    def __init__(self, source: str) -> None:
        self.bytes = source.encode()
        self.tree = ast.parse(source)
        self.starts = [0]
        for line in self.bytes.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def changes(self) -> Iterator[Change]:
        for statement in self.tree.body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                yield from self._in_functions(statement)
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and _is_constant(statement):
                for value in _values(statement):
                    for replacement in self._of_constant(value):
                        yield self._change(replacement, of=None)

    def _in_functions(self, node: ast.FunctionDef | ast.ClassDef) -> Iterator[Change]:
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.ClassDef):
                    yield from self._in_functions(inner)
            return
        for statement in node.body:
            for replacement in self._of_code(statement):
                yield self._change(replacement, of=first_line(node))

    def _change(self, to: Replacement, *, of: int | None) -> Change:
        changed = self.bytes[: to.start] + to.text.encode() + self.bytes[to.end :]
        line = self.bytes.count(b"\n", 0, to.start) + 1
        old = self.bytes[to.start : to.end].decode()
        reads = changed.decode().splitlines()[line - 1].strip()
        return Change(line, " ".join(old.split()), to.text or "(nothing)", reads, changed.decode(), of)

    # Where things stand.

    def _span(self, node: ast.AST) -> Span:
        assert isinstance(node, ast.expr | ast.keyword)  # noqa: S101  a promise to the type checker
        assert node.end_lineno is not None  # noqa: S101
        assert node.end_col_offset is not None  # noqa: S101
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[node.end_lineno - 1] + node.end_col_offset

    def _between(self, one: ast.expr, other: ast.expr) -> tuple[int, str]:
        start = self._span(one)[1]
        return start, self.bytes[start : self._span(other)[0]].decode()

    # Constants.

    def _of_constant(self, value: ast.expr) -> Iterator[Replacement]:
        for node in _walk(value):
            if isinstance(node, ast.Constant):
                yield from self._of_number(node)
            elif isinstance(node, ast.Set | ast.Tuple | ast.List) and len(node.elts) > 1:
                yield from self._without_each(node.elts)
            elif isinstance(node, ast.Dict) and len(node.values) > 1:
                for key, item in zip(node.keys, node.values, strict=True):
                    if key is not None:
                        yield self._without(self._span(key)[0], self._span(item)[1])

    def _of_number(self, node: ast.Constant) -> Iterator[Replacement]:
        start, end = self._span(node)
        if isinstance(node.value, bool):
            yield Replacement(start, end, str(not node.value))
        elif isinstance(node.value, int):
            yield Replacement(start, end, str(node.value + 1))
            if node.value > 0:
                yield Replacement(start, end, str(node.value - 1))
        elif isinstance(node.value, float):
            yield Replacement(start, end, str(node.value * 1.25))
            yield Replacement(start, end, str(node.value * 0.8))

    def _without_each(self, members: list[ast.expr]) -> Iterator[Replacement]:
        if all(not isinstance(member, ast.Constant) or isinstance(member.value, str) for member in members):
            for member in members:
                yield self._without(*self._span(member))

    def _without(self, start: int, end: int) -> Replacement:
        comma = re.match(rb"\s*,\s*", self.bytes[end:])
        return Replacement(start, end + (comma.end() if comma else 0), "")

    # Code.

    def _of_code(self, statement: ast.AST) -> Iterator[Replacement]:
        tests = {id(getattr(node, "test", None)) for node in ast.walk(statement)}
        for node in _walk(statement):
            if isinstance(node, ast.Compare):
                yield from self._of_comparison(node)
            elif isinstance(node, ast.BoolOp) and (id(node) in tests or any(map(_is_a_question, node.values))):
                yield from self._of_junction(node)
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
                start = self._span(node)[0]
                space = re.match(rb"not\s*", self.bytes[start:])
                yield Replacement(start, start + (space.end() if space else 0), "")
            elif isinstance(node, ast.Call):
                yield from self._of_call(node)

    def _of_comparison(self, node: ast.Compare) -> Iterator[Replacement]:
        sides = [node.left, *node.comparators]
        for left, right in pairwise(sides):
            start, text = self._between(left, right)
            found = OPERATOR.search(text)
            if found:
                new = OPERATORS[" ".join(found[0].split())]
                yield Replacement(start + found.start(), start + found.end(), new)
        for side in node.comparators:
            for inner in _walk(side):
                if isinstance(inner, ast.Constant) and not isinstance(inner.value, bool) and not _in_call(side, inner):
                    yield from self._of_number(inner)

    def _of_junction(self, node: ast.BoolOp) -> Iterator[Replacement]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in pairwise(node.values):
            start, text = self._between(left, right)
            found = re.search(rf"\b{old}\b", text)
            if found:
                yield Replacement(start + found.start(), start + found.end(), new)

    def _of_call(self, node: ast.Call) -> Iterator[Replacement]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        start, end = self._span(node.func)
        end_of_name, start_of_name = end, end - len(name.encode())
        if isinstance(node.func, ast.Name) and name in EXTREMES:
            yield Replacement(start, end, EXTREMES[name])
        if name == "timedelta":
            for number in (n for n in ast.walk(node) if isinstance(n, ast.Constant)):
                yield from self._of_number(number)
        for keyword in node.keywords:
            yield from self._of_lookup(keyword)
        rules = [keyword for keyword in node.keywords if OF_STATE.search(keyword.arg or "")]
        if name in SELECTS and rules:
            yield Replacement(start_of_name, end_of_name, SELECTS[name])
            for keyword in rules if len(node.keywords) > 1 else ():
                yield self._without(*self._span(keyword))

    def _of_lookup(self, keyword: ast.keyword) -> Iterator[Replacement]:
        path, __, last = (keyword.arg or "").rpartition("__")
        start = self._span(keyword)[0]
        if path and last in LOOKUPS:
            yield Replacement(start, start + len(keyword.arg or ""), f"{path}__{LOOKUPS[last]}")
        if path and last == "isnull" and isinstance(keyword.value, ast.Constant):
            yield from self._of_number(keyword.value)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Without what stands inside an f-string: its positions are not told exactly before Python 3.12."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.JoinedStr):
            yield from _walk(child)


def _is_constant(statement: ast.Assign | ast.AnnAssign) -> bool:
    return all(CONSTANT.fullmatch(name) for name in _targets(statement))


def _values(statement: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    """What is assigned; one by one for `A, B = 1, 2`."""
    several = isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple)
    if several and isinstance(statement.value, ast.Tuple):
        return statement.value.elts
    return [statement.value] if statement.value is not None else []


def _is_a_question(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def _in_call(side: ast.expr, number: ast.Constant) -> bool:
    """Whether the number is one of `timedelta(…)`, which is changed there."""
    calls = (node for node in ast.walk(side) if isinstance(node, ast.Call))
    return any(number in ast.walk(call) for call in calls if getattr(call.func, "id", "") == "timedelta")
