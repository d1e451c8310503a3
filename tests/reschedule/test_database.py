"""What the connections of real processes are set to."""

import subprocess
import sys

import pytest
from django.db import connection

ASK = """
import django
django.setup()
from django.db import connection
print([connection.cursor().execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")])
"""
FULL = 2


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("process", ["reschedule.wsgi", "reschedule.celery"])
def test_a_commit_is_on_the_disk_before_anybody_is_told(process: str, child_environment: dict[str, str]) -> None:
    """The customer's page says "you are booked" after the commit; a power cut must not take it back."""
    done = subprocess.run(
        [sys.executable, "-c", f"import {process}{ASK}"],
        env=child_environment | {"DJANGO_SETTINGS_MODULE": "reschedule.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == str([FULL, "wal"])


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_postgresql_tries_few_orders_of_tables_before_it_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW join_collapse_limit")

        assert cursor.fetchone() == ("4",)
