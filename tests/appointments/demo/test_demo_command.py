"""manage.py demo, started for real: it serves, delivers, survives a dead child, stops, and keeps its data."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests import migrated

# The demo has a database of its own, whatever the tests run on: once is enough.
pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

PATIENCE = 150.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(question: Callable[[], object], *, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if question():
            return
        time.sleep(0.3)
    raise AssertionError(f"never happened: {what}")


class Demo:
    """A running `manage.py demo` with a data folder of its own."""

    command: tuple[str, ...] = ("demo", "--scale", "small")

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.url = folder, port, f"http://127.0.0.1:{port}"
        self.log = folder / f"log-{time.monotonic_ns()}.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *self.command],
                cwd=settings.BASE_DIR, env=self.environment(), stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def environment(self) -> dict[str, str]:
        return environment(self.folder, self.port)

    def said(self) -> str:
        return self.log.read_text()

    def until_open(self) -> "Demo":
        eventually(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None, what="open")
        assert self.process.poll() is None, self.said()
        return self

    def get(self, path: str) -> str:
        """The body of the answer, whatever its status."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def children(self) -> dict[str, int]:
        """The process ids of what it started, by a word of the command."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        ).stdout
        return {
            "messenger" if "messenger" in line else "web": int(line.split()[0])
            for line in listed.splitlines()
            if "ps -o" not in line
        }

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def count(self, table: str) -> int:
        with sqlite3.connect(self.folder / "reschedule.sqlite3") as database:
            return int(database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608


def environment(folder: Path, port: int | str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in ("PUBLIC_URL", "ALLOWED_HOSTS")}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "reschedule.settings",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/never-touched",
        "PORT": str(port),
        "RESCHEDULE_DATA": str(folder),
    }


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Demo]]:
    started: list[Demo] = []

    def begin() -> Demo:
        started.append(Demo(tmp_path, free_port()))
        return started[-1].until_open()

    yield begin
    for demo in started:
        if demo.process.poll() is None:
            demo.stop(signal.SIGTERM)


@pytest.fixture
def tables(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """They are there already: to make them takes longer than what the test is about."""
    migrated.file_for(tmp_path / "reschedule.sqlite3", pytestconfig.cache.mkdir("migrated"))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_a_newcomer_finds_everything_and_a_second_start_keeps_it(start: Callable[[], Demo]) -> None:
    demo = start()

    told = demo.said()
    assert [login for login in ("sari / teratai-sari", "budi / teratai-budi") if login not in told] == []
    assert all(f"{demo.url}{path}" in told for path in ("/", "/admin/", "/demo/mail/"))
    assert demo.get("/healthz") == "ok"
    eventually(lambda: '"ok": true' in demo.get("/readyz"), what="ready")
    assert '"limbo": 0' in demo.get("/readyz")
    eventually(lambda: len(list((demo.folder / "mail").glob("*.eml"))) >= 5, what="five messages in the mail folder")
    addresses = re.findall(r"[\w.’-]+@[\w.]*example(?:\.com)?", demo.get("/demo/mail/"))
    assert len(set(addresses)) >= 5
    _sign_in(demo, "sari", "teratai-sari")

    children = demo.children()
    assert set(children) == {"messenger", "web"}
    assert demo.stop() == 0
    assert [name for name, pid in children.items() if is_alive(pid)] == []
    assert "The data is kept" in demo.said()

    before = (demo.count("appointments_customer"), demo.count("appointments_appointment"))
    again = start()
    assert (again.count("appointments_customer"), again.count("appointments_appointment")) == before == (120, 420)
    assert again.get("/healthz") == "ok"
    assert again.stop(signal.SIGTERM) == 0


def _sign_in(demo: Demo, name: str, password: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{demo.url}/accounts/sign-in/", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token is not None
    fields = urlencode({"csrfmiddlewaretoken": token[1], "username": name, "password": password}).encode()
    with browser.open(f"{demo.url}/accounts/sign-in/", data=fields, timeout=20) as answer:
        assert "/board/" in answer.url


@pytest.mark.usefixtures("tables")
def test_a_child_that_dies_is_started_again(start: Callable[[], Demo]) -> None:
    demo = start()
    first = demo.children()

    for name in ("messenger", "web"):
        os.kill(first[name], signal.SIGKILL)

    def both_are_new() -> bool:
        now = demo.children()
        return set(now) == set(first) and not set(now.values()) & set(first.values())

    def answers() -> bool:
        try:
            return demo.get("/healthz") == "ok"
        except (urllib.error.URLError, OSError):
            return False

    eventually(both_are_new, what="both are new")
    eventually(answers, what="the web server answers again")
    assert "The web server stopped" in demo.said()
    assert "The messenger stopped" in demo.said()
    assert demo.stop() == 0


def refused(tmp_path: Path, port: int | str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=settings.BASE_DIR, env=environment(tmp_path, port), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        told = refused(tmp_path, port)

    assert told.startswith(f"CommandError: Port {port} cannot be used")
    assert f"PORT={port % 65000 + 1} make demo" in told
    assert not (tmp_path / "reschedule.sqlite3").exists()


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "eighty") == "CommandError: PORT is “eighty”, which is not a port number.\n"


@pytest.mark.usefixtures("tables")
def test_a_real_business_is_not_opened_as_a_demo(tmp_path: Path) -> None:
    own = {
        **environment(tmp_path, 1),
        "EMBEDDED": "true",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'reschedule.sqlite3'}",
    }
    words = ("shell", "-c", "from appointments.models import Location as L; L.objects.create(code='a', name='Real')")
    subprocess.run([sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, env=own, check=True)

    assert "is not the sample business" in refused(tmp_path, free_port())
