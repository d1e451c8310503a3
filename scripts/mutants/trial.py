"""Tries changes: one pytest session collects a wing's tests and makes the database, then forks for every change.

Nothing is imported twice. In the child the changed code takes the place of the old inside the functions that exist
already, so it is what every module that imported them calls.
"""

import ast
import functools
import gc
import os
import resource
import shutil
import signal
import sys
import time
import traceback
import types
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from scripts.mutants.changes import Change, changes_of, dependents, first_line, users

SURVIVED, NOTICED, BROKEN = range(3)
CPU_SECONDS, WALL_SECONDS = 60, 600
"""A change that runs for ever is noticed, too."""

Cache = type(functools.cache(len))
Place = tuple[str, int]


class DoesNotStartError(Exception):
    """The changed module cannot even be imported, which nobody overlooks."""


@dataclass(frozen=True)
class Subject:
    """A module of ours, its changes, and the files of the tests that have to notice them: its own first."""

    name: str
    path: Path
    tests: tuple[Path, ...]


@dataclass
class Verdict:
    """What became of the changes of a wing. `unreached`: those survivors that no test comes by."""

    made: int = 0
    killed: int = 0
    allowed: int = 0
    survivors: list[tuple[Subject, Change]] = field(default_factory=list)
    unreached: list[Change] = field(default_factory=list)
    red: bool = True


class Trial:
    """A pytest plugin that runs the tests once as they are, and then once more for each change."""

    def __init__(self, subjects: list[Subject], *, allowed: Callable[[Subject, Change], bool], at_once: int) -> None:
        self.subjects = subjects
        self.allowed = allowed
        self.at_once = at_once
        self.verdict = Verdict()
        self.files = {str(subject.path) for subject in subjects}
        self.reached: dict[Place, set[str]] = defaultdict(set)
        self.caches: list[Any] = []
        self.functions: list[types.FunctionType] = []
        self.now_running: list[str] = []
        self.under_way: dict[int, tuple[Subject, Change, int]] = {}
        self.first: dict[str, list[str]] = defaultdict(list)

    # The tests as they are.

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """What the fixtures of one test call counts for all tests of its file: the next one may find it done."""
        self.now_running[:] = [other.nodeid for other in item.session.items if other.path == item.path]
        for cache in self.caches:
            cache.cache_clear()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.now_running[:] = [item.nodeid]
        return (yield)

    def _is_ours(self, cache: Any) -> bool:
        packages = {subject.name.split(".")[0] for subject in self.subjects} | {"appointments", "notifications"}
        return str(getattr(cache, "__module__", "")).split(".")[0] in packages

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.unfreeze()  # what is frozen by now is not among the objects that can be found
        self.caches = [found for found in gc.get_objects() if type(found) is Cache and self._is_ours(found)]
        self.functions = [f for f in _functions() if f.__code__.co_filename in self.files]
        for subject in self.subjects:
            _swap(self.functions, subject, _with_bells(subject, self.reached, self.now_running))
        _run(session.items, session, until_one_fails=False)
        self.verdict.red = bool(session.testsfailed) or not session.items
        if self.verdict.red:
            return True
        gc.freeze()  # a child then looks through its own new objects only
        with _no_database_open() as database:
            for subject in self.subjects:
                self._try_all(subject, session, database)
            while self.under_way:
                self._wait()
        return True

    # The changes.

    def _try_all(self, subject: Subject, session: pytest.Session, database: Path | None) -> None:
        for change in changes_of(subject.path.read_text()):
            self.verdict.made += 1
            if self.allowed(subject, change):
                self.verdict.allowed += 1
                continue
            items = self._items_for(subject, change, session.items)
            if not items:
                self.verdict.unreached.append(change)
                self.verdict.survivors.append((subject, change))
                continue
            while len(self.under_way) >= self.at_once:
                self._wait()
            self._fork(subject, change, items, session, database)

    def _items_for(self, subject: Subject, change: Change, items: list[pytest.Item]) -> list[pytest.Item]:
        """The tests of this module that come by, those first that noticed something lately."""
        reached = self._reached(subject, change)
        order = {path: number for number, path in enumerate(subject.tests)}
        lately = {nodeid: number for number, nodeid in enumerate(reversed(self.first[subject.name]))}
        mine = [item for item in items if item.path in order and (reached is None or item.nodeid in reached)]
        return sorted(mine, key=lambda item: (lately.get(item.nodeid, len(lately) + 1), order[item.path]))

    def _reached(self, subject: Subject, change: Change) -> set[str] | None:
        """Which tests come by what is changed; None when that cannot be told, as for a constant of several modules."""
        if change.of is not None:
            return self.reached[str(subject.path), change.of]
        source, module = subject.path.read_text(), sys.modules[subject.name]
        names = dependents(source, change.line)
        lines = users(source, names)
        if lines is None or any(_holders(module, name) != [module] for name in names):
            return None
        return {nodeid for line in lines for nodeid in self.reached[str(subject.path), line]}

    def _fork(
        self, subject: Subject, change: Change, items: list[pytest.Item], session: pytest.Session, database: Path | None
    ) -> None:
        sys.stdout.flush()
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writing)
            self.under_way[pid] = (subject, change, reading)
            return
        code = BROKEN
        try:
            _limit_and_be_quiet()
            _own_copy(database)
            self._install(subject, change)
            noticed = _run(items, session, until_one_fails=True)
            os.write(writing, (noticed or "").encode()[:4000])
            code = NOTICED if noticed else SURVIVED
        except DoesNotStartError:
            code = NOTICED
        except BaseException:  # noqa: BLE001  the parent raises it
            os.write(writing, traceback.format_exc().encode()[-4000:])
        finally:
            if database:
                Path(f"{database}.{os.getpid()}").unlink(missing_ok=True)
            os._exit(code)

    def _install(self, subject: Subject, change: Change) -> None:
        """Makes this process behave as if the module had been written with `change`."""
        code = compile(change.source, str(subject.path), "exec")
        if change.of is None:
            names = dependents(subject.path.read_text(), change.line)
            _change_constants(self.functions, sys.modules[subject.name], code, names)
        else:
            _swap(self.functions, subject, code)

    def _wait(self) -> None:
        pid, status = os.wait()
        subject, change, reading = self.under_way.pop(pid)
        with os.fdopen(reading) as pipe:
            noticed = pipe.read()
        code = os.waitstatus_to_exitcode(status)
        if code == BROKEN:
            raise RuntimeError(f"{subject.path.name}:{change} could not be tried.\n{noticed}")
        if code == SURVIVED:
            self.verdict.survivors.append((subject, change))
            print(f"survived  {subject.path.name}:{change}", flush=True)
            return
        self.verdict.killed += 1
        if noticed:
            self.first[subject.name] = [*(one for one in self.first[subject.name] if one != noticed), noticed]


def _run(items: list[pytest.Item], session: pytest.Session, *, until_one_fails: bool) -> str | None:
    """Runs the tests; with `until_one_fails` returns the first that did. What tests share stays for the next run."""
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else session.items[0]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if until_one_fails and session.testsfailed:
            return item.nodeid
    return None


def _limit_and_be_quiet() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    signal.alarm(WALL_SECONDS)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


@contextmanager
def _no_database_open() -> Iterator[Path | None]:
    """The file of the SQLite test database while nobody has it open; None without Django."""
    from django.conf import settings

    if not settings.configured:
        yield None
        return
    from django.db import connections

    name = Path(str(connections["default"].settings_dict["NAME"]))
    connections.close_all()
    yield name if name.exists() else None


def _own_copy(database: Path | None) -> None:
    """A child writes into a database of its own, so that none waits for another."""
    if database is None:
        return
    from django.db import connections

    mine = f"{database}.{os.getpid()}"
    shutil.copyfile(database, mine)
    connections["default"].settings_dict["NAME"] = mine


# Putting changed code into the modules that are there.


def _swap(functions: Iterable[types.FunctionType], subject: Subject, code: types.CodeType) -> None:
    """Gives the functions of a module, wherever they are held, the code that `code` has for them."""
    codes = {_key(inner): inner for inner in _inside(code)}
    for function in functions:
        if function.__code__.co_filename == str(subject.path) and _key(function.__code__) in codes:
            function.__code__ = codes[_key(function.__code__)]


def _with_bells(subject: Subject, reached: dict[Place, set[str]], now_running: list[str]) -> types.CodeType:
    """The module's code, in which every function first says that the tests running now have come by."""

    def ring(line: int) -> None:
        reached[str(subject.path), line].update(now_running)

    vars(sys.modules[subject.name])["__ring__"] = ring
    tree = ast.parse(subject.path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            call = ast.parse(f"__ring__({first_line(node)})").body[0]
            node.body.insert(0, call)
    return compile(ast.fix_missing_locations(tree), str(subject.path), "exec")


def _change_constants(
    functions: Iterable[types.FunctionType], module: types.ModuleType, code: types.CodeType, names: Iterable[str]
) -> None:
    """Gives constants, and the defaults made of them, the values that `code` has for them, in every module."""
    fresh = types.ModuleType(module.__name__)
    fresh.__dict__.update({key: vars(module).get(key) for key in ("__file__", "__package__", "__spec__")})
    try:
        exec(code, fresh.__dict__)  # noqa: S102  our own module, changed in one place
    except Exception as error:
        raise DoesNotStartError from error
    for name in names:
        for holder in _holders(module, name):
            setattr(holder, name, vars(fresh)[name])
    defaults = {_key(f.__code__): f for f in _functions() if f.__globals__ is fresh.__dict__}
    for function in functions:
        twin = defaults.get(_key(function.__code__))
        if twin is not None and function.__globals__ is vars(module):
            function.__defaults__, function.__kwdefaults__ = twin.__defaults__, twin.__kwdefaults__


def _holders(module: types.ModuleType, name: str) -> list[types.ModuleType]:
    """The modules that have this constant by its name: where it is made, and who imported it."""
    value = vars(module)[name]
    modules = (other for other in list(sys.modules.values()) if type(other) is types.ModuleType)
    return [other for other in modules if vars(other).get(name) is value]


def _functions() -> list[types.FunctionType]:
    """By their type alone: to be asked for its class wakes a lazy object up."""
    return [found for found in gc.get_objects() if type(found) is types.FunctionType]


def _inside(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _inside(constant)


def _key(code: types.CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def try_changes(
    subjects: list[Subject], *, root: Path, allowed: Callable[[Subject, Change], bool], at_once: int
) -> tuple[Verdict, float]:
    """Tries every change of `subjects` against their tests. Returns what became of them, and how long it took."""
    trial = Trial(subjects, allowed=allowed, at_once=at_once)
    tests = sorted({str(path) for subject in subjects for path in subject.tests})
    marks = "not browser and not slow and not race and not crash"
    began = time.monotonic()
    options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--capture=sys", f"--rootdir={root}", "-m", marks]
    pytest.main([*options, *tests], plugins=[trial])
    return trial.verdict, time.monotonic() - began
