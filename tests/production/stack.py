"""The programs of docs/operations.md with production settings, each in a process of its own, and a client."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from tests.engines import machine
from tests.engines.redis import RedisServer
from tests.engines.smtp import SmtpSink
from tests.notifications.delivery.processes import Worker

ROOT = Path(__file__).resolve().parents[2]
HOST = "janji.melati.example"
PASSWORD = "sunny-garden-gate"


@dataclass
class Answer:
    """What the web server said; `weight` is what went over the line for the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def weight(self) -> int:
        return len(self.body)


@dataclass
class Client:
    """A browser behind the operator's own proxy, which ends TLS; cookies are kept as they come."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, data: list[tuple[str, str]] | None = None, **headers: str) -> Answer:
        told = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
            "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": "application/x-www-form-urlencoded"} if data is not None else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body=urlencode(data) if data is not None else None, headers=told)
            answer = line.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            line.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, *data: tuple[str, str]) -> Answer:
        """Sends a form with the token that the page at `path` has set."""
        token = [("csrfmiddlewaretoken", self.cookies["csrftoken"])] if "csrftoken" in self.cookies else []
        return self.ask("POST", path, [*token, *data])


def fields(page: str) -> list[tuple[str, str]]:
    """Name and value of every hidden field of a page but the token."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return [(name, html.unescape(value)) for name, value in found if name != "csrfmiddlewaretoken"]


class Stack:
    """Everything that docs/operations.md lists, started in its order. `clinic` says who works there."""

    def __init__(self, *, postgres_url: str, folder: Path) -> None:
        self.folder = folder
        self.engines = ExitStack()
        self.port = machine.free_port()
        self.server, self.database = postgres_url, f"production_{secrets.token_hex(4)}"
        self.clinic: dict[str, Any] = {}

    def __enter__(self) -> Stack:
        try:
            self.redis = self.engines.enter_context(RedisServer())
            self.sink = self.engines.enter_context(SmtpSink())
            self._sql(f"CREATE DATABASE {self.database}")
            self.engines.callback(self._sql, f"DROP DATABASE {self.database} WITH (FORCE)")
            with ThreadPoolExecutor() as both:
                orders = ["migrate --verbosity 0", "collectstatic --noinput --verbosity 0"]
                list(both.map(lambda order: self.run("manage.py", *order.split()), orders))
            self.clinic = json.loads(self.run("-m", "tests.production.open_clinic", "3"))
            self._start()
        except BaseException:
            self.engines.close()  # `with` leaves only what it has entered
            raise
        return self

    def __exit__(self, *_reason: object) -> None:
        self.engines.close()

    def run(self, *command: str) -> str:
        """One command of the operator; what it prints."""
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def client(self) -> Client:
        return Client(self.port)

    def logs(self) -> str:
        return "\n".join(f"--- {path.name}\n{path.read_text()[-3000:]}" for path in self.folder.glob("*.log"))

    @property
    def environment(self) -> dict[str, str]:
        parts = urlsplit(self.server)
        return {
            **{name: value for name, value in os.environ.items() if name != "LOG_LEVEL"},
            "DJANGO_SETTINGS_MODULE": "reschedule.settings",
            "SECRET_KEY": "of-a-production-that-exists-only-in-this-test-0123456789-abcdef",
            "PUBLIC_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST,
            "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
            "TRUSTED_PROXIES": "1",
            "DEBUG": "false",
            "DEMO": "false",
            "EMBEDDED": "false",
            "EMAIL_PROVIDER": "",
            "EMAIL_URL": self.sink.url,
            "MESSAGE_FROM": "Klinik Melati <janji@melati.example>",
            "DATABASE_URL": parts._replace(path=f"/{self.database}").geturl(),
            "REDIS_URL": self.redis.url,
            "RESCHEDULE_DATA": str(self.folder / "data"),
            "STATIC_ROOT": str(self.folder / "static"),
        }

    def _start(self) -> None:
        programs = {
            "web": f"-m gunicorn reschedule.wsgi --workers 1 --bind 127.0.0.1:{self.port}",
            "worker": "-m celery -A reschedule worker --concurrency 2",
            "beat": f"-m celery -A reschedule beat --schedule {self.folder / 'beat'}",
        }
        started = [
            Worker(*command.split(), environment=self.environment, log=self.folder / f"{name}.log")
            for name, command in programs.items()
        ]
        for program in started:
            self.engines.callback(program.stop)
        for program in started:  # these run first: all are asked to end before one is waited for
            self.engines.callback(program.process.terminate)
        machine.wait_until(self._answers, seconds=120, what="the web server's first answer")

    def _answers(self) -> bool:
        try:
            return self.client().get("/healthz").status == 200
        except OSError:
            return False

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.server.replace("postgres://", "postgresql://"), autocommit=True) as line:
            line.execute(statement)
