"""What would hurt real customers does not start; what is well set does."""

import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured

from appointments.demo.logins import SAMPLE_PASSWORDS
from reschedule import checks
from tests.engines.redis import RedisServer

KEY = "of-a-production-that-exists-only-in-this-test-0123456789-abcdef"
WELL_SET = {
    "ALLOWED_HOSTS": "janji.teratai.example",
    "DEBUG": "false",
    "DEMO": "false",
    "EMAIL_URL": "smtp+tls://user:secret@mail.teratai.example:587",
    "EMBEDDED": "false",
    "PUBLIC_URL": "https://janji.teratai.example",
    "SECRET_KEY": KEY,
}
UNSAFE = {
    "DEBUG": ("true", "DEBUG is on"),
    "DEMO": ("true", "DEMO is on"),
    "SECRET_KEY": (django_settings.SAMPLE_SECRET_KEY, "SECRET_KEY is the sample"),
    "PUBLIC_URL": ("http://janji.teratai.example", "PUBLIC_URL must be the https address"),
    "ALLOWED_HOSTS": ("*", "ALLOWED_HOSTS does not name"),
    "EMAIL_URL": ("", "No mail server"),
}


@pytest.fixture
def production(settings: Any) -> Any:
    """A production that may start, as settings."""
    settings.EMBEDDED = settings.DEBUG = settings.DEMO = False
    settings.SECRET_KEY = KEY
    settings.PUBLIC_URL = "https://janji.teratai.example"
    settings.ALLOWED_HOSTS = ["janji.teratai.example"]
    settings.EMAIL_URL, settings.EMAIL_PROVIDER = "smtp://mail.teratai.example", ""
    return settings


def errors() -> list[str | None]:
    return [message.id for message in checks.problems() if message.is_serious()]


@pytest.mark.django_db
def test_a_production_that_is_well_set_has_no_problems(production: Any) -> None:
    assert errors() == []
    checks.refuse_unsafe()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("DEBUG", True, "E001"),
        ("DEMO", True, "E002"),
        ("SECRET_KEY", django_settings.SAMPLE_SECRET_KEY, "E003"),
        ("SECRET_KEY", "short", "E003"),
        ("SECRET_KEY", "ab" * 40, "E003"),
        ("PUBLIC_URL", "http://janji.teratai.example", "E004"),
        ("PUBLIC_URL", "https://127.0.0.1:8000", "E004"),
        ("PUBLIC_URL", "https://localhost", "E004"),
        ("ALLOWED_HOSTS", ["*"], "E005"),
        ("ALLOWED_HOSTS", ["janji.teratai.example", "*"], "E005"),
        ("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"], "E005"),
        ("EMAIL_URL", "", "E006"),
    ],
)
def test_each_unsafe_value_is_found_by_itself(production: Any, name: str, value: object, error: str) -> None:
    setattr(production, name, value)

    assert errors() == [f"reschedule.{error}"]


@pytest.mark.django_db
def test_a_mail_provider_is_as_good_as_a_mail_server(production: Any) -> None:
    production.EMAIL_URL, production.EMAIL_PROVIDER = "", "postmark"

    assert errors() == []


@pytest.mark.django_db
def test_a_login_of_the_demo_stops_the_start_until_its_password_is_another(production: Any) -> None:
    name, password = next(iter(SAMPLE_PASSWORDS.items()))
    user = User.objects.create_user(name, password=password)
    assert errors() == ["reschedule.E007"]

    user.set_password("something that only she knows")
    user.save()
    assert errors() == []


@pytest.mark.django_db
def test_a_demo_login_that_is_switched_off_does_no_harm(production: Any) -> None:
    name, password = next(iter(SAMPLE_PASSWORDS.items()))
    User.objects.create_user(name, password=password, is_active=False)

    assert errors() == []


@pytest.mark.parametrize(
    ("public_url", "demo", "is_production"),
    [
        ("http://127.0.0.1:8000", False, False),
        ("http://reception.local:8000", False, False),
        ("http://192.168.1.20:8000", False, False),
        ("https://janji.teratai.example", False, True),
        ("https://janji.teratai.example", True, False),
    ],
)
def test_an_embedded_installation_under_a_public_address_is_production(
    settings: Any, public_url: str, demo: bool, is_production: bool
) -> None:
    settings.EMBEDDED, settings.PUBLIC_URL, settings.DEMO = True, public_url, demo

    assert checks.in_production() is is_production


@pytest.mark.django_db
def test_trying_out_is_not_bothered(settings: Any) -> None:
    settings.EMBEDDED = settings.DEBUG = True
    settings.SECRET_KEY = django_settings.SAMPLE_SECRET_KEY
    User.objects.create_user("sari", password=SAMPLE_PASSWORDS["sari"])

    checks.refuse_unsafe()


@pytest.mark.django_db
def test_all_problems_are_told_at_once(production: Any) -> None:
    production.DEBUG, production.EMAIL_URL = True, ""

    with pytest.raises(ImproperlyConfigured) as refusal:
        checks.refuse_unsafe()

    lines = str(refusal.value).splitlines()
    assert [line[:5] for line in lines[1:]] == ["  1. ", "  2. "]
    assert "DEBUG" in lines[1]
    assert "mail server" in lines[2]


# --- Real processes -----------------------------------------------------------------------------------------------

DOORS = {
    "web server": ["-m", "gunicorn", "reschedule.wsgi", "--bind", "127.0.0.1:{port}"],
    "worker": ["-m", "celery", "-A", "reschedule", "worker", "--pool", "solo"],
    "timetable": ["-m", "celery", "-A", "reschedule", "beat"],
    "messenger": ["manage.py", "messenger"],
}


@dataclass
class Door:
    """A program of the project, started with `values` on a database of its own."""

    name: str
    folder: Path
    values: Mapping[str, str]
    port: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        words = [word.format(port=self.port) for word in DOORS[self.name]]
        words[0] = words[0].replace("manage.py", str(django_settings.BASE_DIR / "manage.py"))
        self.log = self.folder / "log.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words], cwd=self.folder, env=environment(self.folder, self.values), stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip

    def is_open(self) -> bool:
        """Whether it has begun its work: answers, says that it is ready, or has shown that it lives."""
        if self.name == "web server":
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                client.request("GET", "/healthz", headers={"Host": WELL_SET["ALLOWED_HOSTS"]})
                return client.getresponse().status == 200
            except OSError:
                return False
            finally:
                client.close()
        if self.name == "messenger":
            with sqlite3.connect(self.folder / "own.sqlite3") as database:
                return bool(database.execute("SELECT COUNT(*) FROM notifications_heartbeat").fetchone()[0])
        if self.name == "timetable":
            return bool(redis.Redis.from_url(self.values["REDIS_URL"]).llen("celery"))
        return "[queues]" in self.log.read_text()


def environment(folder: Path, values: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "REDIS_URL": "memory://localhost/",
        **values,
        "DATABASE_URL": f"sqlite:///{folder / 'own.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "reschedule.settings",
        "EMAIL_PROVIDER": "",
        "PYTHONPATH": str(django_settings.BASE_DIR),
        "RESCHEDULE_DATA": str(folder),
    }


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them, to be copied."""
    folder = tmp_path_factory.mktemp("tables")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=django_settings.BASE_DIR, env=environment(folder, WELL_SET), check=True,
    )  # fmt: skip
    return folder / "own.sqlite3"


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", DOORS)
def test_every_door_stays_closed_and_says_all_that_is_wrong(name: str, tables: Path, tmp_path: Path) -> None:
    shutil.copy(tables, tmp_path)
    door = Door(name, tmp_path, WELL_SET | {setting: value for setting, (value, __) in UNSAFE.items()})

    try:
        assert door.process.wait(timeout=90) != 0
    finally:
        door.process.kill()

    told = door.log.read_text()
    assert [sentence for __, sentence in UNSAFE.values() if sentence not in told] == []
    assert "secret@" not in told


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", DOORS)
def test_every_door_opens_when_all_is_well(name: str, tables: Path, tmp_path: Path, redis_server: RedisServer) -> None:
    shutil.copy(tables, tmp_path)
    door = Door(name, tmp_path, WELL_SET | {"REDIS_URL": redis_server.url})
    try:
        end = time.monotonic() + 90
        while not door.is_open() and door.process.poll() is None and time.monotonic() < end:
            time.sleep(0.3)

        assert door.is_open(), door.log.read_text()
    finally:
        door.process.send_signal(signal.SIGTERM)
        door.process.wait(timeout=30)
