"""What a test has written so far, and under what circumstances: by that `remembered` knows a world again."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.core.signals import setting_changed
from django.db import connection
from django.utils import timezone, translation

from tests.factories import sequences

Statement = tuple[str, Any, bool]

READS = ("SELECT", "SAVEPO", "RELEAS", "EXPLAI")
BESIDE = re.compile(r'"django_session"|"axes_accesslog"|SET "last_login"')
"""That somebody signs in, with a key that is never the same: no world is made of it."""
OF_EACH_TEST = frozenset({"MAIL_DIR"})
"""Settings that differ in every test and that nothing in the tables depends on."""

_changed: dict[str, list[str]] = {}
"""The settings that are not what they were in the beginning: each with all that it has been made since, in turn."""


def _hear(setting: str, value: Any, enter: bool, **_: Any) -> None:
    if setting in OF_EACH_TEST:
        return
    made = _changed.setdefault(setting, [])
    if enter:
        made.append(repr(value))
    elif made:
        made.pop()
    if not made:
        del _changed[setting]


setting_changed.connect(_hear)


class Journal:
    """Follows one test on one connection, inside the transaction that is rolled back after it."""

    def __init__(self) -> None:
        self.is_open = True
        """Until something is taken back to a savepoint: what is left then cannot be told from the statements."""
        self._read = hashlib.sha256()
        self._notes: list[list[Statement]] = []

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """A wrapper for `connection.execute_wrapper`."""
        result = execute(sql, params, many, context)
        words = sql if isinstance(sql, str) else str(sql)
        verb = words.lstrip()[:6].upper()
        if verb == "ROLLBA":
            self.is_open = False
        elif verb not in READS and not BESIDE.search(words[:80]):
            kept = [*map(_own, params)] if many else _own(params)
            self._read.update(f"{words}\0{_told(kept)}\0".encode("utf-8", "surrogatepass"))
            for notes in self._notes:
                notes.append((words, kept, many))
        return result

    def so_far(self) -> tuple[Any, ...]:
        """Part of a key: what was written, the clock, the settings, the language and the zone."""
        now = timezone.now()
        # A clock that stands still says the same twice; of one that goes only the hour matters.
        moment = now if timezone.now() == now else now.replace(minute=0, second=0, microsecond=0)
        reader = translation.get_language(), timezone.get_current_timezone_name()
        return self._read.digest(), moment, reader, tuple(sorted((name, made[-1]) for name, made in _changed.items()))

    @contextmanager
    def noting(self) -> Iterator[list[Statement]]:
        """The statements that write, from now on until the end of the block."""
        notes: list[Statement] = []
        self._notes.append(notes)
        try:
            yield notes
        finally:
            self._notes.pop()


def _own(params: Any) -> Any:
    return None if params is None else dict(params) if isinstance(params, dict) else tuple(params)


def _told(params: Any) -> str:
    """All of the values: what wraps one for the database shows only its beginning."""
    if isinstance(params, dict):
        return repr({name: _told(one) for name, one in params.items()})
    if isinstance(params, list | tuple):
        return repr([_told(one) for one in params])
    return f"{type(params).__name__} {getattr(params, 'obj', params)!r}"


_current: Journal | None = None


def current() -> Journal | None:
    """The journal of the test that runs, if what it begins with may be remembered."""
    return _current if _current is not None and _current.is_open and connection.in_atomic_block else None


@contextmanager
def kept() -> Iterator[None]:
    """Keeps a journal of the test that runs inside, which has written nothing yet."""
    global _current  # noqa: PLW0603  one test runs at a time
    sequences.begin()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_from_the_beginning())
    _current = Journal()
    try:
        with connection.execute_wrapper(_current):
            yield
    finally:
        _current = None


@cache
def _from_the_beginning() -> str:
    """Lets PostgreSQL number its rows as in the first test: unlike SQLite, it takes no number back with a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        return "SELECT " + ", ".join(
            f"setval('{name}', {last or 1}, {str(last is not None).lower()})" for name, last in cursor.fetchall()
        )
