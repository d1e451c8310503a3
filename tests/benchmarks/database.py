"""A database of the benchmark's own, beside the configured one, with every table and nothing in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# What people call it, in the names of rows.
LABELS = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


@contextmanager
def fresh() -> Iterator[str]:
    """Make it, yield its DATABASE_URL for other processes, remove it."""
    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield url()
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


def url() -> str:
    """The address of the database that is open now."""
    wanted = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{wanted['NAME']}"
    login = wanted["USER"] + (f":{wanted['PASSWORD']}" if wanted["PASSWORD"] else "")
    return f"postgres://{login}@{wanted['HOST']}:{wanted['PORT']}/{wanted['NAME']}"


def settle() -> None:
    """Let the database learn how its rows are spread, as it would by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def label() -> str:
    return LABELS[connection.vendor]
