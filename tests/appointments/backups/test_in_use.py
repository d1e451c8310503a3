"""Whoever serves says so by a lock; who needs the installation for himself gets it only while nobody does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appointments.backups import in_use

SERVING = """
import sys
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1])
from appointments.backups import in_use
in_use.serve()
print("serving", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    held: list[int] = []
    monkeypatch.setattr(in_use, "_held", held)
    yield tmp_path
    for file in held:
        os.close(file)


def serving(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SERVING, str(folder)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "serving\n"
    return child


def test_many_serve_and_then_nobody_is_alone(folder: Path) -> None:
    in_use.serve()
    in_use.serve()
    with pytest.raises(in_use.InUse, match="Stop web server, worker and beat"), in_use.alone():
        raise AssertionError("somebody serves")


def test_a_process_that_was_killed_serves_no_more(folder: Path) -> None:
    child = serving(folder)
    with pytest.raises(in_use.InUse), in_use.alone():
        raise AssertionError("the child serves")
    child.kill()
    child.communicate()
    with in_use.alone():
        pass


def test_nobody_begins_to_serve_meanwhile_and_anybody_afterwards(folder: Path) -> None:
    with in_use.alone(), pytest.raises(in_use.InUse, match="being moved"):
        in_use.serve()
    in_use.serve()


def test_a_folder_that_takes_no_lock_keeps_nobody_from_serving(settings: Any) -> None:
    settings.DATA_DIR = "/dev/null/nowhere"
    in_use.serve()
