"""The tables as migrations leave them, made once and copied: each worker would take a quarter of a minute for it.

On SQLite they are kept from one run to the next, until a file of ours or a package changes; on PostgreSQL for as long
as the server lives.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.house.source import PACKAGES, ROOT


def file_for(target: Path, folder: Path) -> None:
    """Makes `target` a SQLite file with all tables. `folder` is where the original is kept."""
    original, half = folder / f"{stamp()}.sqlite3", folder / "half.sqlite3"
    with _one_at_a_time(folder):
        if not original.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            _migrate(f"sqlite:///{half}")
            half.rename(original)
        shutil.copyfile(original, target)


def template_on(connection: BaseDatabaseWrapper, folder: Path) -> str:
    """The name of a database with all tables on the PostgreSQL server of `connection`, for others to be copied from."""
    original, half = f"migrated_{stamp()}", "migrated_half"
    with _one_at_a_time(folder), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated%%'")
        if (original,) in (there := cursor.fetchall()):
            return original
        for (old,) in there:
            cursor.execute(f"DROP DATABASE {old}")
        cursor.execute(f"CREATE DATABASE {half}")
        _migrate(address(connection, half))
        cursor.execute(f"ALTER DATABASE {half} RENAME TO {original}")
    return original


def address(connection: BaseDatabaseWrapper, name: str) -> str:
    """What a program needs as DATABASE_URL to work on the database `name` beside that of `connection`."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    wanted = connection.settings_dict
    login = wanted["USER"] + (f":{wanted['PASSWORD']}" if wanted["PASSWORD"] else "")
    return f"postgres://{login}@{wanted['HOST']}:{wanted['PORT']}/{name}"


def stamp() -> str:
    """Another one whenever something has changed that could change what migrations leave."""
    read = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    read.update(repr(sorted((one.name, one.version) for one in distributions())).encode())
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            read.update(f"{path.relative_to(ROOT)}".encode() + path.read_bytes())
    return read.hexdigest()[:24]


def _migrate(url: str) -> None:
    """In a process of its own: nothing of it stays in the caller's."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
