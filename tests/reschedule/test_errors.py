"""A database that is away is not the same as a mistake of ours."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from reschedule.errors import is_away


def raised_by_sqlite(path: str, statement: str) -> OperationalError:
    """What Django would make of it."""
    try:
        sqlite3.connect(path).execute(statement)
    except sqlite3.OperationalError as cause:
        error = OperationalError(str(cause))
        error.__cause__ = cause
        return error
    raise AssertionError("it worked")


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (raised_by_sqlite("/nowhere/at/all.sqlite3", "SELECT 1"), True),
        (raised_by_sqlite(":memory:", "SELECT 1 FROM nothing"), False),
        (OperationalError("the connection is closed"), True),
        (InterfaceError("connection already closed"), True),
        (ProgrammingError("no such column"), False),
        (ValueError("something else"), False),
        (None, False),
    ],
)
def test_only_a_database_out_of_reach_is_away(error: BaseException | None, away: bool) -> None:
    assert is_away(error) is away


@pytest.fixture
def answers_all() -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    return client


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_a_sqlite_file_that_cannot_be_opened_is_told_kindly(answers_all: Client, tmp_path: Path) -> None:
    connection.close()
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(tmp_path / "unplugged" / "disk.sqlite3")
    try:
        answer, ready = answers_all.get("/accounts/sign-in/"), answers_all.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "no-store" in answer["Cache-Control"]
    assert "One moment, please" in answer.content.decode()
    assert (ready.status_code, ready["Retry-After"], ready.json()["database"]) == (503, "10", "unreachable")


@pytest.mark.django_db
def test_a_mistake_of_ours_is_still_a_mistake(answers_all: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("django.contrib.auth.views.LoginView.get", broken)

    answer = answers_all.get("/accounts/sign-in/")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
