"""The engines as pytest fixtures. `tests/conftest.py` imports them, so every test can ask for them by name."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests import migrated
from tests.engines import chromium, postgres, redis
from tests.engines.smtp import SmtpSink

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
PATIENCE = 15_000
"""Milliseconds: two browsers, two databases and their tests share two cores."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a PostgreSQL for tests that need one whatever the test database is."""
    if given := postgres.given_url():
        yield given
        return
    with postgres.PostgresServer() as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Address of a Redis that stays up for the whole run."""
    if given := redis.given_url():
        yield given
        return
    with redis.RedisServer() as server:
        yield server.url


@pytest.fixture
def redis_server() -> Iterator[redis.RedisServer]:
    """A Redis of this test's own, to be killed, restarted and emptied."""
    with redis.RedisServer() as server:
        yield server


@pytest.fixture
def own_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """On SQLite the test has a database file of its own, with what is there now; on PostgreSQL nothing changes.

    For whoever puts another file in its place: the one of this run is open in other threads too, and SQLite loses its
    locks when somebody else opens and closes that file in the same process.
    """
    if connection.vendor != "sqlite":
        yield
        return
    shared, own = connection.settings_dict["NAME"], str(tmp_path / "own.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [own])
    connection.close()
    connection.settings_dict["NAME"] = own
    yield
    connection.close()
    connection.settings_dict["NAME"] = shared


@pytest.fixture
def smtp_sink(settings: Any) -> Iterator[SmtpSink]:
    """A mail server, and the settings that make Django send to it."""
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink


@pytest.fixture
def live_site(live_server: LiveServer, settings: Any) -> LiveServer:
    """The project served to real clients; links in messages lead to it."""
    settings.PUBLIC_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server


@pytest.fixture
def child_environment(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """The environment in which a program works on the test's own database (with committed rows)."""
    url = migrated.address(connection, connection.settings_dict["NAME"])
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run. Each test opens its own pages, with cookies of their own."""
    # The driver keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    program = chromium.find_chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS, headless=True)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(**options)`: a page in a browser context of its own (options as Playwright's new_context).

    After the test it fails when a page had a JavaScript error or broke the Content-Security-Policy.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            troubles.append(f"{message.text} {message.location}")

    def failed(error: Error) -> None:
        troubles.append(str(error))

    def opened(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", failed)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == [], troubles


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page on a desk's screen."""
    return open_page()


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    """A page on a small phone, touch and all."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True)
