"""The PostgreSQL that a business moves to: reached, fit, empty, with the same tables as here."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils.translation import gettext as _

from appointments.backups.moving.tables import tables
from appointments.errors import DomainError

ALIAS = "moving"
OLDEST = 14
PUT_THERE_BY_MIGRATIONS: tuple[type[Model], ...] = (ContentType, Permission, Group, Group.permissions.through)
"""Rows of these are in every fresh database; they are replaced by those from here."""


class CannotMove(DomainError):
    """Nothing has been changed; the message says what is in the way."""


def must_be_ready_here() -> None:
    """Raises CannotMove unless this is a SQLite database in which everything has been migrated."""
    if connection.vendor != "sqlite":
        raise CannotMove(_("DATABASE_URL names PostgreSQL already; only SQLite is moved."))
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        raise CannotMove(_here_is_nothing())
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotMove(_("The database here is not up to date. Run first: manage.py migrate"))


def _here_is_nothing() -> str:
    """`manage.py start` keeps its data in a folder of its own unless it is told another one."""
    own = settings.DATA_DIR / "own"
    said = _("The database here is empty: %(file)s.") % {"file": connection.settings_dict["NAME"]}
    if (own / "reschedule.sqlite3").is_file():
        said += " " + _("Did you mean RESCHEDULE_DATA=%(folder)s?") % {"folder": own}
    return said


@contextmanager
def connected(url: str) -> Iterator[BaseDatabaseWrapper]:
    """Inside, Django knows the database of this address as ALIAS. Raises CannotMove when it cannot be reached."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise CannotMove(_("Say where to as postgres://user:password@host:5432/name."))
    found = environ.Env.db_url_config(url)
    wanted = {
        "default": dict(settings.DATABASES["default"]),
        ALIAS: found | {"ENGINE": "django.db.backends.postgresql"},
    }
    connections.settings[ALIAS] = connections.configure_settings(wanted)[ALIAS]
    target = connections[ALIAS]
    try:
        _must_answer(target)
        yield target
    finally:
        target.close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


def _must_answer(target: BaseDatabaseWrapper) -> None:
    try:
        target.ensure_connection()
        version = target.get_database_version()[0]
    except Error as error:
        why = str(error).strip()
        raise CannotMove(_("PostgreSQL cannot be reached: %(why)s") % {"why": why}) from error
    if version < OLDEST:
        said = {"version": version, "oldest": OLDEST}
        raise CannotMove(_("This is PostgreSQL %(version)s; version %(oldest)s or later is needed.") % said)


def must_be_ours_or_empty(target: BaseDatabaseWrapper) -> None:
    """Raises CannotMove when there are tables that are not ours, or tables of another version."""
    there = set(target.introspection.table_names())
    if not there:
        return
    recorder = MigrationRecorder(target)
    unknown = recorder.applied_migrations().keys() - MigrationExecutor(connection).loader.disk_migrations.keys()
    if not recorder.has_table() or unknown:
        raise CannotMove(_("That database holds something else. Make a new one: createdb --owner NAME NAME"))


def filled(target: BaseDatabaseWrapper) -> list[str]:
    """The tables with rows that no migration has put there."""
    there = set(target.introspection.table_names())
    return [
        model._meta.db_table
        for model in tables()
        if model not in PUT_THERE_BY_MIGRATIONS
        and model._meta.db_table in there
        and model._base_manager.using(ALIAS).exists()
    ]


def migrate(url: str, target: BaseDatabaseWrapper) -> None:
    """In a process whose only database it is, so that no migration can mean another one. Raises CannotMove."""
    words = [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks", "--verbosity", "0"]
    environment = {**os.environ, "DATABASE_URL": url, "DEMO": "false"}
    done = subprocess.run(  # noqa: S603  our own program, no shell
        words, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotMove(_("Its tables could not be made: %(why)s") % {"why": done.stderr.strip()[-1000:]})
    ours, theirs = (MigrationRecorder(one).applied_migrations().keys() for one in (connection, target))
    if ours != theirs:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in ours ^ theirs))
        raise CannotMove(_("The two databases are not of one version: %(names)s") % {"names": names})
