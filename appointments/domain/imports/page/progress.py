"""How far an import has come, for whoever watches it.

All of a file is one transaction, in which nobody else sees anything, so this stands in a small file beside the
database. It is only for looking at: where it cannot be written, the page counts nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

EVERY = 50
"""So many rows are one step."""


class Progress(NamedTuple):
    done: int
    total: int


def say(pk: int, done: int, total: int) -> None:
    if done % EVERY and done != total:
        return
    try:
        _file(pk).parent.mkdir(parents=True, exist_ok=True)
        _file(pk).write_text(f"{done} {total}")
    except OSError:
        return


def halves(pk: int) -> tuple[Callable[[int, int], None], Callable[[int, int], None]]:
    """What hears of the two halves of the work, each of which goes through the rows, and tells of rows all the same:
    two rows compared are one row done.
    """
    every = 0

    def compared(done: int, total: int) -> None:
        nonlocal every
        every = total
        say(pk, done // 2, total)

    def placed(done: int, total: int) -> None:
        say(pk, (every + every * done // total) // 2, every)

    return compared, placed


def read(pk: int) -> Progress | None:
    """None where nothing is known of it."""
    try:
        done, total = _file(pk).read_text().split()
        return Progress(int(done), int(total))
    except (OSError, ValueError):
        return None


def end(pk: int) -> None:
    _file(pk).unlink(missing_ok=True)


def _file(pk: int) -> Path:
    return Path(settings.DATA_DIR) / "imports" / f"{pk}.progress"
