"""What all tests share: the engines, the test database, and which tests belong to which database."""

import gc
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import serializers
from django.core.cache import cache as known_for_minutes
from django.db import connections, transaction
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.models import Model
from django.utils import timezone, translation
from hypothesis import HealthCheck
from pytest_django import DjangoDbBlocker

from tests import emptying, migrated
from tests.engines.fixtures import (
    browser,
    child_environment,
    live_site,
    open_page,
    own_file,
    page,
    phone_page,
    postgres_url,
    redis_server,
    redis_url,
    smtp_sink,
)
from tests.factories import journal

__all__ = [
    "browser",
    "child_environment",
    "live_site",
    "open_page",
    "own_file",
    "page",
    "phone_page",
    "postgres_url",
    "redis_server",
    "redis_url",
    "smtp_sink",
]

# How fast this machine is at the moment says nothing about what a test has found.
hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def _another_day() -> Iterator[None]:
    """No test knows today: `TEST_TODAY=2028-02-29T09:00+07:00` makes that the beginning of the run.

    For this process; programs that a test starts live today, so such a run leaves out what needs them.
    """
    if not (moment := os.environ.get("TEST_TODAY")):
        yield
        return
    with time_machine.travel(datetime.fromisoformat(moment)):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> None:
    """The test database begins as a copy of what migrations leave. On SQLite it is a file of this run: threads and
    child processes can open it, and no other run.
    """
    default, originals = connections["default"], pytestconfig.cache.mkdir("migrated")
    if default.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        migrated.file_for(file, originals)
        default.settings_dict["TEST"]["NAME"] = str(file)
    else:
        with django_db_blocker.unblock():
            default.settings_dict["TEST"]["TEMPLATE"] = migrated.template_on(default, originals)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """On SQLite the file is there before its tables are asked for, and goes with the folder of the run."""
    return django_db_keepdb or connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Let tests with real transactions clean up, history too, which no other `flush` may empty.

    It is the class that changes: once a browser runs, its event loop gives this thread another connection object.
    """
    first = connections["default"]
    operations = type(first.ops)
    plain_flush = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        return emptying.allowed(self.connection, plain_flush(self, style, tables, **options), tables)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        # For the same reason: what migrations left, to be brought back after each test.
        if hasattr(first, "_test_serialized_contents"):
            left = first._test_serialized_contents
            patch.setattr(type(first), "_test_serialized_contents", left, raising=False)
            patch.setattr(type(first.creation), "deserialize_db_from_string", _bring_back)
        yield


def _bring_back(creation: BaseDatabaseCreation, data: str) -> None:
    """What Django does with two statements for each row, with one for each table: hundreds of tests wait for it."""
    alias = creation.connection.alias
    with transaction.atomic(alias):  # at its end everything that points to something has it
        for model, rows in _rows_in(data).items():
            model._base_manager.using(alias).bulk_create(rows, ignore_conflicts=True)


@cache
def _rows_in(data: str) -> dict[type[Model], list[Model]]:
    """What migrations left, by model in the order of the file; then what connects rows with one another."""
    rows: dict[type[Model], list[Model]] = {}
    ties: dict[type[Model], list[Model]] = {}
    for found in serializers.deserialize("json", data):
        rows.setdefault(type(found.object), []).append(found.object)
        for name, others in (found.m2m_data or {}).items():
            field: Any = type(found.object)._meta.get_field(name)
            through = field.remote_field.through
            ends = field.m2m_column_name(), field.m2m_reverse_name()
            ties.setdefault(through, []).extend(
                through(**dict(zip(ends, (found.object.pk, other), strict=True))) for other in others
            )
    return rows | ties


@pytest.fixture(autouse=True)
def _mail_folder_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path / "mail"


@pytest.fixture(autouse=True)
def _nothing_known_from_another_test() -> None:
    """Rows have the same numbers again in the next test, so what is known of one must not be believed of the other."""
    known_for_minutes.clear()


@pytest.fixture(autouse=True)
def _worlds_are_remembered(request: pytest.FixtureRequest) -> Iterator[None]:
    """For a test whose rows are all taken back; one that changes our code has worlds built by what it has changed."""
    item = request.node
    if not _asks_the_database(item) or _has_real_transactions(item) or _changes_our_code(item):
        yield
        return
    request.getfixturevalue("db")
    with journal.kept():
        yield


@pytest.fixture(autouse=True)
def _clock_and_language_of_nobody() -> Iterator[None]:
    """A page that one test has opened leaves its reader's language and zone active for the next."""
    yield
    translation.deactivate()
    timezone.deactivate()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests of the other database; on PostgreSQL also those that ask no database, which SQLite's run had."""
    on_sqlite = django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    foreign = "postgres_only" if on_sqlite else "sqlite_only"
    left_out = {
        item for item in items if item.get_closest_marker(foreign) or not (on_sqlite or _asks_the_database(item))
    }
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if _has_real_transactions(item):
            # Emptying the tables afterwards also takes what migrations put there (the roles): bring it back each time.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def _asks_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db")) or bool(fixtures & {"db", "transactional_db", "live_server"})


def _has_real_transactions(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or bool(fixtures & {"transactional_db", "live_server"})


def _changes_our_code(item: Any) -> bool:
    """By a fixture of ours, or by itself; pytest-django asks for the same in every test."""
    found = item._fixtureinfo
    askers = [one for name, many in found.name2fixturedefs.items() if not name.startswith("_template") for one in many]
    return "monkeypatch" in {*found.argnames, *(name for one in askers for name in one.argnames)}
