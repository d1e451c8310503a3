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
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured

from appointments.demo.logins import SAMPLE_PASSWORDS
from reschedule import checks
from tests import migrated
from tests.engines.redis import RedisServer
from tests.factories import CustomerFactory

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
    settings.EMBEDDED = settings.DEBUG = settings.DEMO = settings.PRIVATE_NETWORK = False
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
@pytest.mark.parametrize("is_required", [True, False])
def test_managers_without_a_second_step_are_spoken_of_and_stop_nothing(production: Any, is_required: bool) -> None:
    production.SECOND_STEP_REQUIRED = is_required
    assert errors() == []
    assert ("reschedule.W004" in [message.id for message in checks.problems()]) is not is_required


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


HERE, NETWORK, WORLD = "http://127.0.0.1:8000", "http://192.168.1.20:8000", "https://janji.teratai.example"
MAIL = "smtp://mail.teratai.example"


@pytest.fixture
def embedded(settings: Any) -> Any:
    """What DEMO or DEBUG make of an installation by themselves."""
    settings.EMBEDDED, settings.DEBUG, settings.PRIVATE_NETWORK = True, False, False
    settings.EMAIL_URL = settings.EMAIL_PROVIDER = ""
    return settings


def serve_at(settings: Any, address: str) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = address, ["127.0.0.1", urlsplit(address).hostname]


@pytest.mark.sqlite_only
@pytest.mark.django_db
@pytest.mark.parametrize("data", ["nothing", "the sample", "somebody's"])
@pytest.mark.parametrize("mail", ["", MAIL])
@pytest.mark.parametrize("address", [HERE, NETWORK, WORLD])
@pytest.mark.parametrize("demo", [False, True])
def test_address_mail_and_database_tell_whether_customers_are_behind_it(
    embedded: Any, demo: bool, address: str, mail: str, data: str
) -> None:
    """DEMO makes nothing safe; without it, what only this machine can open is a workbench."""
    embedded.DEMO, embedded.EMAIL_URL = demo, mail
    serve_at(embedded, address)
    if data != "nothing":
        CustomerFactory()
    if data == "the sample":
        for name, password in SAMPLE_PASSWORDS.items():
            User.objects.create_user(name, password=password)

    workbench = address == HERE and not demo
    harmless = address != WORLD and not mail and data != "somebody's"
    assert checks.in_production() is not (workbench or harmless)
    if checks.in_production() and demo:
        assert "reschedule.E002" in errors()


@pytest.mark.postgres_only
@pytest.mark.django_db
@pytest.mark.parametrize("address", [HERE, NETWORK, WORLD])
@pytest.mark.parametrize("demo", [False, True])
def test_postgresql_is_set_up_for_a_purpose(embedded: Any, demo: bool, address: str) -> None:
    embedded.DEMO = demo
    serve_at(embedded, address)

    assert checks.in_production() is (demo or address != HERE)


@pytest.mark.django_db
def test_a_host_that_the_world_can_reach_counts_as_much_as_the_address(embedded: Any) -> None:
    embedded.DEMO = True
    serve_at(embedded, HERE)
    embedded.ALLOWED_HOSTS = ["127.0.0.1", ".teratai.example"]

    assert checks.in_production()


@pytest.mark.django_db
def test_demo_on_a_production_environment_stops_the_start_and_excuses_nothing(embedded: Any) -> None:
    embedded.DEMO, embedded.EMAIL_URL = True, MAIL
    embedded.SECRET_KEY = django_settings.SAMPLE_SECRET_KEY
    serve_at(embedded, WORLD)
    User.objects.create_user("sari", password=SAMPLE_PASSWORDS["sari"])

    assert errors() == ["reschedule.E002", "reschedule.E003", "reschedule.E007"]
    with pytest.raises(ImproperlyConfigured):
        checks.refuse_unsafe()


# A network of one's own.


@pytest.fixture
def clinic_network(production: Any) -> Any:
    """No domain, no https: the clinic's own machine under its own name."""
    production.PRIVATE_NETWORK = True
    serve_at(production, "http://reception.lan:8000")
    return production


@pytest.mark.django_db
def test_a_clinic_on_its_own_network_may_start_and_is_told_what_that_means(clinic_network: Any) -> None:
    assert errors() == []
    assert "reschedule.W003" in [message.id for message in checks.problems()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("DEBUG", True, "E001"),
        ("DEMO", True, "E002"),
        ("SECRET_KEY", "short", "E003"),
        ("PUBLIC_URL", "http://127.0.0.1:8000", "E004"),
        ("PUBLIC_URL", "http://localhost:8000", "E004"),
        ("PUBLIC_URL", "http://janji.teratai.example", "E004"),
        ("ALLOWED_HOSTS", ["*"], "E005"),
        ("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"], "E005"),
        ("EMAIL_URL", "", "E006"),
        ("PRIVATE_NETWORK", False, "E004"),
    ],
)
def test_everything_else_is_checked_there_too(clinic_network: Any, name: str, value: object, error: str) -> None:
    setattr(clinic_network, name, value)

    assert f"reschedule.{error}" in errors()


@pytest.mark.django_db
def test_sample_logins_are_found_there_too(clinic_network: Any) -> None:
    User.objects.create_user("sari", password=SAMPLE_PASSWORDS["sari"])

    assert errors() == ["reschedule.E007"]


@pytest.mark.django_db
def test_a_private_network_excuses_no_address_of_the_world(production: Any) -> None:
    production.PRIVATE_NETWORK = True

    assert errors() == []
    assert "reschedule.W003" not in [message.id for message in checks.problems()]


@pytest.mark.parametrize(
    ("demo", "mail", "database", "open_to_all"),
    [
        ("true", "", "sqlite:///x.sqlite3", True),
        ("false", "", "sqlite:///x.sqlite3", False),
        ("true", MAIL, "sqlite:///x.sqlite3", False),
        ("true", "", "postgres://clinic@127.0.0.1/clinic", False),
    ],
)
def test_the_demo_mailbox_is_there_only_while_no_real_customer_can_be_in_it(
    tmp_path: Path, demo: str, mail: str, database: str, open_to_all: bool
) -> None:
    values = {"DEMO": demo, "EMAIL_URL": mail, "EMAIL_PROVIDER": "", "DATABASE_URL": database, "DEBUG": "false"}
    done = subprocess.run(
        [sys.executable, "-c", "from reschedule import settings; print(settings.DEMO_MAILBOX)"],
        env={**os.environ, "EMBEDDED": "true", "RESCHEDULE_DATA": str(tmp_path), **values},
        cwd=django_settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == str(open_to_all)


@pytest.mark.django_db
def test_trying_out_is_not_bothered(settings: Any) -> None:
    settings.EMBEDDED = settings.DEBUG = True
    serve_at(settings, HERE)
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
def tables(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A database with tables and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("tables") / "own.sqlite3"
    migrated.file_for(file, pytestconfig.cache.mkdir("migrated"))
    return file


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
