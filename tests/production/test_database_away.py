"""The database goes away under a running web server, stops answering, and comes back."""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.engines import machine
from tests.engines.postgres import PostgresServer
from tests.notifications.delivery.processes import ROOT, Worker
from tests.reliability.site import all_at_once
from tests.reschedule.test_checks import WELL_SET

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]  # it brings its own PostgreSQL

HOST = WELL_SET["ALLOWED_HOSTS"]
PAGE = "/accounts/sign-in/"
SOON = 4
"""Seconds after which a client has hung up; the promise is two."""


@dataclass(frozen=True)
class Answer:
    status: int
    come_back: str | None
    words: str


@dataclass(frozen=True)
class Web:
    """gunicorn with six threads and two connections to a PostgreSQL of its own."""

    server: PostgresServer
    port: int

    def ask(self, path: str) -> Answer:
        """With a session that has to be looked up."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SOON)
        try:
            line.request("GET", path, headers={"Host": HOST, "Cookie": f"sessionid={'x' * 32}"})
            answer = line.getresponse()
            return Answer(answer.status, answer.headers["Retry-After"], answer.read().decode())
        finally:
            line.close()

    def serves(self) -> bool:
        try:
            return self.ask(PAGE).status == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("away")
    with PostgresServer() as server:
        environment = os.environ | WELL_SET | {
            "DATABASE_URL": server.url,
            "DJANGO_SETTINGS_MODULE": "reschedule.settings",
            "DATABASE_POOL": "2",
            "REDIS_URL": "",
            "RESCHEDULE_DATA": str(folder),
        }  # fmt: skip
        orders = ["migrate --verbosity 0", "collectstatic --noinput --verbosity 0"]
        for order in orders:
            subprocess.run([sys.executable, "manage.py", *order.split()], cwd=ROOT, env=environment, check=True)
        port = machine.free_port()
        command = f"-m gunicorn reschedule.wsgi --threads 6 --bind 127.0.0.1:{port}"
        with Worker(*command.split(), environment=environment, log=folder / "web.log"):
            running = Web(server, port)
            machine.wait_until(running.serves, seconds=90, what="the web server's first answer")
            yield running


GONE: dict[str, tuple[Callable[[PostgresServer], object], Callable[[PostgresServer], object]]] = {
    "stopped": (PostgresServer.halt, PostgresServer.start),
    "frozen": (PostgresServer.freeze, PostgresServer.thaw),
}


@pytest.mark.parametrize("how", GONE)
def test_who_comes_meanwhile_hears_soon_that_it_will_be_back_and_then_it_is(web: Web, how: str) -> None:
    take_away, bring_back = GONE[how]
    assert web.serves()
    take_away(web.server)
    try:
        for _turn in range(3):  # on the line that was open, on none, on a new one
            page, ready, alive = (web.ask(path) for path in (PAGE, "/readyz", "/healthz"))
            assert (page.status, page.come_back) == (ready.status, ready.come_back) == (503, "10")
            assert alive.status == 200
            assert "One moment, please" in page.words
            assert '"database": "unreachable"' in ready.words
    finally:
        bring_back(web.server)

    machine.wait_until(web.serves, seconds=10, what="a page from the database that is back")


def test_many_at_once_are_all_served_though_connections_are_few(web: Web) -> None:
    """Nobody is sent away from a database that is merely busy."""
    assert all_at_once(lambda _number: web.ask(PAGE).status, range(12)) == [200] * 12
