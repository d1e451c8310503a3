"""Clients that send half a request hold no thread, so whoever asks properly is answered."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from appointments.models import Answer
from reschedule.webworker import LOOKED_AT, is_all_here
from tests.factories import clinic
from tests.reliability.site import Site
from tests.reliability.test_same_again import opened, token_for

HEAD = b"POST /r/x/tell/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HALF_OPEN = 200
"""Against 2 processes with 16 threads each."""


@pytest.mark.parametrize(
    ("begun", "all_here"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (HEAD + b"Content-Length: 5\r\n\r\n1234", False),
        (HEAD + b"Content-Length: 5\r\n\r\n12345", True),
        (HEAD + b"content-length:5\r\n\r\n1234", False),
        (HEAD + b"X-Content-Length: 5\r\n\r\n", True),
        (HEAD + b"Content-Length: 0\r\n\r\n", True),
        (HEAD + b"Content-Length: 999999999\r\n\r\n1234", False),
        (HEAD + b"Content-Length: rubbish\r\n\r\n", True),
        (b"x" * (LOOKED_AT - 1), False),
        (b"x" * LOOKED_AT, True),
    ],
)
def test_a_thread_is_given_when_it_need_not_wait(begun: bytes, all_here: bool) -> None:
    assert is_all_here(begun) is all_here


@pytest.fixture
def site(child_environment: dict[str, str], tmp_path: Path) -> Iterator[Site]:
    with Site(child_environment, log=tmp_path / "site.log") as running:
        yield running


def dial(site: Site, sent: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", site.port), timeout=60)
    line.sendall(sent)
    return line


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET /healthz HT",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nwords=hel",
    ],
    ids=["silence", "half a line", "half a head", "half a form"],
)
def test_half_open_requests_do_not_stop_healthz(site: Site, half: bytes) -> None:
    with ExitStack() as lines:
        waiting = [lines.enter_context(dial(site, half)) for _line in range(HALF_OPEN)]
        for _time in range(5):
            assert site.ask("GET", "/healthz").body == "ok"
        # None of them has been given up meanwhile: they simply cost nothing.
        waiting[0].setblocking(False)
        with pytest.raises(BlockingIOError):
            waiting[0].recv(1)


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_what_comes_in_pieces_is_answered_when_it_is_whole_and_the_line_stays_open(site: Site) -> None:
    body = b"nonce=n&words=hello"
    whole = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with dial(site, b"") as line:
        for _request in range(2):
            for place in range(0, len(whole), 40):
                line.sendall(whole[place : place + 40])
            assert line.recv(4096).startswith(b"HTTP/1.1 404")
            line.settimeout(1)
            try:
                while line.recv(65536):
                    pass
            except TimeoutError:
                line.settimeout(60)


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_a_form_far_too_large_is_refused_and_its_line_serves_the_next_one(site: Site) -> None:
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.connect()
    same = line.sock
    for _time in range(3):
        line.request("POST", "/accounts/sign-in/", body=b"x" * 10_000_000)
        refused = line.getresponse()
        refused.read()
        assert refused.status == 403
        line.request("GET", "/healthz")
        assert line.getresponse().read() == b"ok"
    assert line.sock is same
    line.close()


def end_of(line: socket.socket) -> bytes:
    """What still comes before the server hangs up."""
    try:
        return line.recv(100)
    except ConnectionResetError:
        return b""


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_who_does_not_go_on_is_given_up(site: Site) -> None:
    large = HEAD + b"Content-Length: 200000\r\n\r\n" + b"x" * LOOKED_AT
    halves = (b"", b"GET /healthz HTTP/1.1\r\n", HEAD + b"Content-Length: 9\r\n\r\n1", large)
    with ExitStack() as lines:
        for line in [lines.enter_context(dial(site, half)) for half in halves]:
            assert not end_of(line).startswith(b"HTTP/1.1 2")
    assert site.ask("GET", "/healthz").body == "ok"


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_half_a_form_is_never_taken_for_a_whole_one(site: Site) -> None:
    token = token_for(opened(clinic(rooms=2)))
    head = f"POST /r/{token}/tell/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with dial(site, head.encode() + b"Content-Length: 90\r\n\r\nnonce=n&words=please+do+not") as line:
        line.shutdown(socket.SHUT_WR)
        assert end_of(line) == b""
    assert not Answer.objects.exists()
