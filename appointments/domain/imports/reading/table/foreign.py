"""Workbooks of other programs (.xls, .ods) → the same records as those of a workbook (.xlsx). `confined` reads them."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from appointments.domain.imports.reading.table import confined
from appointments.domain.imports.reading.table.delimited import MOST_CELLS

logger = logging.getLogger("appointments.imports")

CHILD = Path(__file__).with_name("confined.py")
OLD = b"\xd0\xcf\x11\xe0"
"""How the files of Excel before 2007 begin, and every workbook with a password."""
MOST_WRITTEN = 40 * 1024 * 1024
LONGEST_WAIT = 40
"""Seconds; a web worker gives a request up after sixty."""
NEEDS = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""All that the reader needs of what is set for us: no key is within its reach."""


class Refused(Exception):
    """No workbook, a broken one, or one with a password."""


class Endless(Exception):
    """It asks for more memory or time than there is for it."""


def rows_of(data: bytes, *, max_rows: int, longest_cell: int) -> tuple[list[tuple[int, list[Any]]], list[str]]:
    """The rows of the first sheet with anything on it, by their numbers, one more than `max_rows` at most, and the
    names of further sheets that are filled. Raises `Refused` and `Endless`.
    """
    most = (max_rows, MOST_CELLS, longest_cell, MOST_WRITTEN)
    words = [sys.executable, "-P", str(CHILD), *map(str, most)]
    known = {name: os.environ[name] for name in NEEDS if name in os.environ} | {"PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603  our own program, no shell
            words, input=data, capture_output=True, env=known, timeout=LONGEST_WAIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Endless from error
    if done.returncode == confined.TOO_MUCH or done.returncode < 0:  # ended by the system: of memory, or of time
        raise Endless
    if done.returncode:
        if done.returncode != confined.BROKEN:  # not the file's fault alone: it is not there, or has broken down itself
            logger.warning("The reader of workbooks ended with %d: %s", done.returncode, _last_line(done.stderr))
        raise Refused
    rows, others = [], []
    for said in _said(done.stdout):
        if isinstance(said, str):
            others.append(said)
        else:
            rows.append((said[0], [_meant(cell) for cell in said[1]]))
    return rows, others


def _last_line(errors: bytes) -> str:
    return (errors.decode("utf-8", "replace").strip().splitlines() or [""])[-1][:200]


def _said(output: bytes) -> Iterator[Any]:
    for line in output.splitlines():
        yield json.loads(line)


def _meant(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    kind, value = cell
    if kind == "timedelta":
        return timedelta(seconds=value)
    kinds: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}
    return kinds[kind].fromisoformat(value)
