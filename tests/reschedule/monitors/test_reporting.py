"""What leaves when an error is reported: where in our code, and nothing of anybody."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from reschedule.monitors import reporting
from tests.house.source import ROOT

KEY = "Kx9-q_" * 7 + "a"
FAILING = f"""
import io, logging, sentry_sdk
from wsgiref.util import setup_testing_defaults
from reschedule.wsgi import application

def ask(path, query=""):
    environ = {{"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost", "HTTP_COOKIE": "sessionid={KEY}"}}
    environ |= {{"HTTP_REFERER": "https://clinic.example/r/{KEY}/", "HTTP_USER_AGENT": "Phone of Ana Putri"}}
    environ |= {{"wsgi.input": io.BytesIO(b"name=Ana+Putri"), "CONTENT_LENGTH": "14", "REMOTE_ADDR": "203.0.113.77"}}
    setup_testing_defaults(environ)
    list(application(environ, lambda status, headers: None))

ask("/r/{KEY}/")
ask("/f/{KEY}/", "name=Ana+Putri")
logging.getLogger("x").error("The key %s of ana@mail.example, +62 812 3456 7890", "{KEY}")
try:
    name = "Ana Putri"
    raise ValueError('duplicate key\\nDETAIL:  Key (name)=(Ana Putri) already exists.')
except ValueError:
    logging.getLogger("x").exception("No row")
sentry_sdk.flush()
"""


@pytest.fixture
def heard() -> Iterator[tuple[str, list[bytes]]]:
    """The address of somebody who listens as Sentry does, and what came there."""
    came: list[bytes] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://public@127.0.0.1:{server.server_port}/1", came
    server.shutdown()
    server.server_close()


def test_no_key_and_nothing_of_a_person_leaves(heard: tuple[str, list[bytes]], tmp_path: Path) -> None:
    address, came = heard
    environment = {**os.environ, "SENTRY_DSN": address, "RESCHEDULE_DATA": str(tmp_path)}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'no_tables.sqlite3'}"
    subprocess.run([sys.executable, "-c", FAILING], env=environment, cwd=ROOT, check=True, capture_output=True)

    left = b"\n".join(gzip.decompress(one) if one[:2] == b"\x1f\x8b" else one for one in came).decode()
    events = [json.loads(line) for line in left.splitlines() if '"event_id"' in line and '"exception"' in line]
    assert len(events) >= 3
    assert "no such table" in left
    assert ["/r/•••/" in json.dumps(one["request"], ensure_ascii=False) for one in events] == [True, False, False]
    assert events[1]["request"] == {"method": "GET", "url": "http://localhost/f/•••/"}
    for private in (KEY, KEY[:20], "Ana", "Putri", "mail.example", "812 3456", "sessionid", "203.0.113"):
        assert private not in left, private


def test_nothing_is_loaded_unless_an_address_is_set(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    reporting.begin()


def test_who_wants_it_and_has_not_installed_it_is_told_how(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SENTRY_DSN = "https://key@sentry.example/1"
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-sentry\.txt"):
        reporting.begin()


def test_what_says_where_it_happened_stays() -> None:
    frame = {"filename": "appointments/domain/booking/moving.py", "lineno": 42, "function": "move"}
    event = {"exception": {"values": [{"type": "ValueError", "stacktrace": {"frames": [frame]}}]}, "release": "1.0"}
    assert reporting.scrub(event) == {**event, "request": {}}
