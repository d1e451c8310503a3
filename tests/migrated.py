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
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.house.source import PACKAGES, ROOT


def file_for(target: Path, folder: Path, *, until: str = "") -> None:
    """Makes `target` a SQLite file with all tables, or with those of our app `until` one of its migrations. `folder` is
    where originals are kept.
    """
    name, half = f"{stamp()}{until}.sqlite3", folder / "half.sqlite3"
    with _one_at_a_time(folder):
        if not (folder / name).exists():
            for old in folder.glob("*.sqlite3*"):
                if not old.name.startswith(stamp()):
                    old.unlink()
            _migrate(f"sqlite:///{half}", until)
            half.rename(folder / name)
        shutil.copyfile(folder / name, target)


def template_on(connection: BaseDatabaseWrapper, folder: Path, *, until: str = "") -> str:
    """The same on the PostgreSQL server of `connection`: the name of a database for others to be copied from."""
    name, half = f"migrated_{stamp()}{until}", "migrated_half"
    with _one_at_a_time(folder), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated%%'")
        there = [one for (one,) in cursor.fetchall()]
        if name in there:
            return name
        for old in there:
            if stamp() not in old:
                cursor.execute(f"DROP DATABASE {old}")
        cursor.execute(f"CREATE DATABASE {half}")
        _migrate(address(connection, half), until)
        cursor.execute(f"ALTER DATABASE {half} RENAME TO {name}")
    return name


@contextmanager
def another_database(connection: BaseDatabaseWrapper, folder: Path, own: Path, *, until: str) -> Iterator[None]:
    """Inside, `connection` leads to a database of its own, as the migration `until` left it; on SQLite in `own`."""
    shared, name = connection.settings_dict["NAME"], f"until_{os.getpid()}"
    connection.close()
    if connection.vendor == "sqlite":
        name = str(own / "until.sqlite3")
        file_for(Path(name), folder, until=until)
    else:
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL has one
        template = template_on(connection, folder, until=until)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = shared
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL has one
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def address(connection: BaseDatabaseWrapper, name: str) -> str:
    """What a program needs as DATABASE_URL to work on the database `name` beside that of `connection`."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    wanted = connection.settings_dict
    login = wanted["USER"] + (f":{wanted['PASSWORD']}" if wanted["PASSWORD"] else "")
    return f"postgres://{login}@{wanted['HOST']}:{wanted['PORT']}/{name}"


@cache
def stamp() -> str:
    """Another one whenever something has changed that could change what migrations leave."""
    read = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    read.update(repr(sorted((one.name, one.version) for one in distributions())).encode())
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            read.update(f"{path.relative_to(ROOT)}".encode() + path.read_bytes())
    return read.hexdigest()[:24]


def _migrate(url: str, until: str) -> None:
    """In a process of its own: nothing of it stays in the caller's."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    command += ["appointments", until] if until else []
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
