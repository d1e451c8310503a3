"""One transaction for one thing that happens, tried again when the database asks for it."""

import functools
import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 6
TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})  # PostgreSQL: serialization failure, deadlock, lock not available

_queue = threading.RLock()
"""SQLite has one writer at a time and lets those who wait ask again and again, the unlucky ones until they give up.

Here the threads of a process line up instead, so that only one of them asks.
"""


def _turn() -> AbstractContextManager[object]:
    return _queue if connection.vendor == "sqlite" else nullcontext()


def is_worth_another_try(error: OperationalError) -> bool:
    """Whether the database asks to begin anew: a deadlock, a lost lock, a writer who waited in vain."""
    return getattr(error.__cause__, "sqlstate", None) in TRY_AGAIN or "database is locked" in str(error)


def one_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Runs `function` in one transaction; a deadlock or a lost lock starts it anew, so that nobody gets to see one.

    Inside another transaction it joins that one: only the outermost can be tried again.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return function(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with _turn(), transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if attempt == ATTEMPTS or not is_worth_another_try(error):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  not a secret, only a pause
        raise AssertionError("unreachable")

    return run


def part_of_one(function: Callable[P, R]) -> Callable[P, R]:
    """Runs `function` in the caller's transaction, or in one of its own where there is none.

    Nothing of it can be taken back by itself: whoever catches an error of it gives the transaction up, or has set a
    savepoint before.
    """
    alone = one_transaction(function)

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return (function if connection.in_atomic_block else alone)(*args, **kwargs)

    return run


def line_up(one: int, other: int) -> bool:
    """Waits while another transaction has named the same two numbers; whoever comes next waits for the end of this one.

    Whether there was nobody to wait for. On SQLite nobody can tell: transactions stand in one line before they begin.
    """
    if connection.vendor != "postgresql":
        return False
    numbers = [one % 2**31, other % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", numbers)
        (is_first,) = cursor.fetchone()
        if not is_first:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", numbers)
    return bool(is_first)
