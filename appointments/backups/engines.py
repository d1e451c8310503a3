"""How each engine gives its content away while people work, and takes it back in one step."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from appointments.errors import DomainError

LOCK_SECONDS = 10


class EngineTrouble(DomainError):
    """The engine or one of its programs could not do its part; the message says why."""


def dump(to: Path) -> None:
    """The whole database as it is at one moment, in one file."""
    {"sqlite": _dump_sqlite, "postgresql": _dump_postgresql}[connection.vendor](to)


def load(source: Path) -> None:
    """Put `source` in place of everything there is: all of it, or nothing when it fails."""
    {"sqlite": _load_sqlite, "postgresql": _load_postgresql}[connection.vendor](source)


# SQLite.


def _dump_sqlite(to: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(to)) as target:
        connection.connection.backup(target)
        _must_be_sound(target)


def _load_sqlite(source: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as restored:
        _must_be_sound(restored)
        # It lives nowhere yet: whoever delivers holds what waits, from the moment it is there.
        restored.execute("UPDATE notifications_epoch SET home = ''")
        restored.commit()
        restored.backup(connection.connection)
    connection.close()


def _must_be_sound(database: sqlite3.Connection) -> None:
    (said,) = database.execute("PRAGMA quick_check").fetchone()
    if said != "ok":
        raise EngineTrouble(_("The database is damaged: %(words)s") % {"words": said})


# PostgreSQL.


def _dump_postgresql(to: Path) -> None:
    words = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={to}"]
    _run([*words, f"--dbname={_login()}"])


def _load_postgresql(source: Path) -> None:
    """The script that pg_restore writes runs in one transaction after the tables that are there have been dropped."""
    restore, psql = _program("pg_restore"), _program("psql")
    _run([restore, "--list", str(source)])
    old = source.with_name("drop.sql")
    old.write_text("\n".join([f"SET lock_timeout = '{LOCK_SECONDS}s';", *_drops()]))
    script = source.with_name("restore.sql")
    _run([restore, "--no-owner", "--no-privileges", f"--file={script}", str(source)])
    connection.close()
    words = [psql, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run([*words, f"--file={old}", f"--file={script}", f"--dbname={_login()}"])


def _drops() -> Iterator[str]:
    """Our tables and functions, those of other versions too; nobody else's that share the schema."""
    prefixes = (*(f"{app.label}_" for app in apps.get_app_configs()), "django_")
    quote = connection.ops.quote_name
    for table in sorted(connection.introspection.table_names()):
        if table.startswith(prefixes):
            yield f"DROP TABLE {quote(table)} CASCADE;"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        )
        yield from (f"DROP FUNCTION {words} CASCADE;" for name, words in cursor.fetchall() if name.startswith(prefixes))


def _program(name: str) -> str:
    """From PATH, and not older than the server: it would refuse half way. Raises EngineTrouble."""
    server = connection.get_database_version()[0]
    found = shutil.which(name)
    hint = _("Install the PostgreSQL client programs, version %(server)d or later (Debian: postgresql-client).")
    if found is None:
        raise EngineTrouble(_("%(name)s is not in PATH.") % {"name": name} + " " + hint % {"server": server})
    said = re.search(r"(\d+)", _run([found, "--version"]))
    if said is None or int(said[1]) < server:
        raise EngineTrouble(_("%(name)s is older than the server.") % {"name": name} + " " + hint % {"server": server})
    return found


def _login() -> str:
    """Where to, without the password: others on the machine can read the words of a command."""
    wanted = connection.settings_dict
    login = {"dbname": wanted["NAME"], "user": wanted["USER"], "host": wanted["HOST"], "port": wanted["PORT"]}
    more = {name: value for name, value in wanted["OPTIONS"].items() if name.startswith("ssl")}
    return make_conninfo("", **{name: value for name, value in (login | more).items() if value})


def _run(words: list[str]) -> str:
    password = connection.settings_dict["PASSWORD"]
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  from PATH
    if done.returncode:
        name = Path(words[0]).name
        raise EngineTrouble(_("%(name)s failed: %(words)s") % {"name": name, "words": done.stderr.strip()[-1000:]})
    return done.stdout
