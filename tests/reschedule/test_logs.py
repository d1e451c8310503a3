"""No line of any log names a customer's key."""

import logging
import socket
from pathlib import Path

import pytest
from django.test import Client

from reschedule.logs import WithoutKeys, without_keys
from tests.factories import clinic
from tests.reliability.site import Site
from tests.reliability.test_same_again import opened, token_for

KEY = "aB3-_xYz" * 5 + "Q9w"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"GET /r/{KEY}/pick/ HTTP/1.1", "GET /r/•••/pick/ HTTP/1.1"),
        (f'"https://janji.example/f/{KEY}/" "Mozilla"', '"https://janji.example/f/•••/" "Mozilla"'),
        (f"/r/{KEY}?lang=id", "/r/•••?lang=id"),
        (f"/accounts/sign-in/?next=/r/{KEY}/", "/accounts/sign-in/?next=/r/•••/"),
        (f"/go?to=https%3A%2F%2Fx%2Fr%2F{KEY}&a=b", "/go?to=https%3A%2F%2Fx%2Fr%2F•••&a=b"),
        (f"/go?to=%252fR%252f{KEY}", "/go?to=%252fR%252f•••"),
        ("/r/%61" + KEY[1:], "/r/•••"),
        (f"/%72/{KEY}/ and /%2546/{KEY}/", "/%72/•••/ and /%2546/•••/"),
        (f"//r//{KEY}/", "//r//•••/"),
        ("/rounds/12/undo/ and /board/melati/2026-11-24/", "/rounds/12/undo/ and /board/melati/2026-11-24/"),
    ],
)
def test_the_key_goes_and_the_rest_of_the_line_stays(written: str, left: str) -> None:
    assert without_keys(written) == left


def test_a_traceback_names_no_key_either() -> None:
    logger = logging.getLogger("tests.logs")
    try:
        raise ValueError(f"cannot answer /r/{KEY}/")
    except ValueError as error:
        record = logger.makeRecord("x", logging.ERROR, "f", 1, "at %s", (f"/r/{KEY}/",), (type(error), error, None))
    WithoutKeys().filter(record)
    assert logging.Formatter("%(message)s").format(record) == "at /r/•••/\nValueError: cannot answer /r/•••/"


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_the_web_server_writes_down_every_request_and_no_key(
    client: Client, child_environment: dict[str, str], tmp_path: Path
) -> None:
    """Any format: the one below has all places of a request in which a key can stand."""
    token = token_for(opened(clinic(rooms=2)))
    access = tmp_path / "access.log"
    shape = '%(h)s "%(r)s" %(U)s %(q)s %(s)s "%(f)s" "%({referer}i)s" "%({cookie}i)s" "%(a)s"'
    options = ["--access-logfile", str(access), "--access-logformat", shape, "--log-level", "debug"]
    with Site(child_environment, log=tmp_path / "site.log", options=options) as site:
        assert site.ask("GET", f"/r/{token}/").status == 200
        assert site.ask("GET", f"/r/{token}/?lang=id").status == 200
        assert site.ask("POST", f"/r/{token}/tell/", {"nonce": "n", "words": "hello"}).status == 303
        assert site.ask("GET", f"/accounts/sign-in/?next=/r/{token}/").status == 200
        address = f"http://127.0.0.1:{site.port}/r/{token}/"
        assert site.ask("GET", "/static/none.css", headers={"Referer": address, "User-Agent": address}).status == 404
        with socket.create_connection(("127.0.0.1", site.port), timeout=60) as line:  # gunicorn refuses, and says why
            line.sendall(f"GET /r/{token}/ NONSENSE\r\n\r\n".encode())
            assert line.recv(100).startswith(b"HTTP/1.1 400")
    written = access.read_text()
    assert written.count("/r/•••/") >= 5
    assert written.count("\n") >= 6
    for log in (access, site.log):
        assert token not in log.read_text()
        assert token[:20] not in log.read_text()
