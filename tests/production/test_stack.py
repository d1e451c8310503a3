"""From `migrate` to the confirmation in the customer's mailbox, as it runs for real; and on while Redis is dead."""

import json
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.engines import machine
from tests.engines.smtp import Received
from tests.journeys.stage import page_of
from tests.production.stack import HOST, PASSWORD, Answer, Client, Stack, fields

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]  # it brings its own PostgreSQL

PATIENCE = 60


@pytest.fixture(scope="module")
def stack(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(postgres_url=postgres_url, folder=tmp_path_factory.mktemp("production")) as running:
        yield running


def letter_to(stack: Stack, number: int, words: str) -> EmailMessage:
    """The letter to one customer with `words` in its subject, as soon as it has arrived."""

    def found() -> list[Received]:
        return [
            one
            for one in list(stack.sink.messages)
            if one.recipients == (f"ana{number}@mail.example",) and words in one.message["Subject"]
        ]

    try:
        machine.wait_until(lambda: bool(found()), seconds=PATIENCE, what=f"a letter about “{words}”")
    except TimeoutError as late:
        raise TimeoutError(f"{late}\n{stack.logs()}") from late
    (only,) = found()
    return only.message


def at_the_desk(stack: Stack) -> Client:
    """A colleague who has signed in through the form."""
    client = stack.client()
    client.get("/accounts/sign-in/")
    answer = client.post("/accounts/sign-in/", ("username", stack.clinic["user"]), ("password", PASSWORD))
    assert (answer.status, answer.headers["location"]) == (302, "/")
    return client


def offer(stack: Stack, client: Client, number: int) -> None:
    """Propose what the page proposes and send it."""
    path = f"/appointments/{stack.clinic['appointments'][number]}/move/"
    page = client.get(path).text
    (nonce,) = re.findall(r'name="nonce" value="([^"]+)"', page)
    (until,) = re.findall(r'name="respond_by" value="([^"]+)"', page)
    (contact,) = re.findall(r'<option value="(\d+)" selected>', page)
    times = re.findall(r'name="offer" value="([^"]+)" checked', page)
    chosen = [("reason", str(stack.clinic["reason"])), ("contact", contact), ("respond_by", until), ("nonce", nonce)]
    preview = client.post(path, ("step", "preview"), *chosen, *(("offer", one) for one in times))
    assert "This is what goes out" in preview.text
    sent = client.post(path, ("step", "send"), *fields(preview.text))
    assert (sent.status, sent.headers["location"][:8]) == (302, "/rounds/")


def pick(client: Client, letter: EmailMessage) -> Answer:
    """The customer opens the link and takes the first time. The page that says how it ended."""
    address = page_of(letter)
    assert address.startswith(f"https://{HOST}/r/")
    path = address.removeprefix(f"https://{HOST}")
    page = client.get(path).text
    first = re.findall(r'name="offer" value="(\d+)"', page)[0]
    (nonce, *_) = re.findall(r'name="nonce" value="([^"]+)"', page)
    answer = client.post(f"{path}pick/", ("nonce", nonce), ("offer", first))
    assert (answer.status, answer.headers["location"]) == (303, path)
    return client.get(path)


def is_confirmed(page: Answer) -> bool:
    """Which times are free depends on the day: the first one may be the same hour with somebody else, or another."""
    return bool(re.search("<h1>Your (appointment|new time) is confirmed</h1>", page.text))


def test_an_offer_goes_out_is_answered_and_confirmed(stack: Stack) -> None:
    offer(stack, at_the_desk(stack), 0)
    letter = letter_to(stack, 0, "please choose a new time")

    page = pick(stack.client(), letter)

    assert is_confirmed(page)
    confirmation = letter_to(stack, 0, "Confirmed")
    assert [part.get_filename() for part in confirmation.iter_attachments()] == ["invite.ics"]
    assert confirmation["From"] == "Klinik Melati <janji@melati.example>"


def test_what_is_sent_to_browsers_is_safe_and_small(stack: Stack) -> None:
    offer(stack, at_the_desk(stack), 1)
    path = page_of(letter_to(stack, 1, "please choose a new time")).removeprefix(f"https://{HOST}")
    client = stack.client()

    page = client.get(path, Accept_Encoding="gzip")

    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    parts = {address: client.get(address, Accept_Encoding="gzip") for address in linked}
    assert {part.status for part in parts.values()} == {200}
    assert {"max-age=315360000" in part.headers["cache-control"] for part in parts.values()} == {True}
    assert page.weight + sum(part.weight for part in parts.values()) < 30_000
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store, private", "no-referrer")
    assert client.cookies == {}
    assert client.get("/", Host="forged.example").status == 400
    assert client.get("/demo/mail/").status == 404


def test_while_redis_is_dead_pages_answer_and_afterwards_the_letter_leaves(stack: Stack) -> None:
    client = at_the_desk(stack)
    stack.redis.kill()
    try:
        offer(stack, client, 2)
        assert client.get("/waiting/").status == 200
        assert client.get("/healthz").status == 200
        assert client.get("/readyz").status == 503
    finally:
        stack.redis.start()

    letter = letter_to(stack, 2, "please choose a new time")

    assert is_confirmed(pick(stack.client(), letter))
    letter_to(stack, 2, "Confirmed")


def test_monitors_are_told_how_it_is(stack: Stack) -> None:
    client = stack.client()
    assert client.get("/healthz").text == "ok"

    machine.wait_until(lambda: client.get("/readyz").status == 200, seconds=100, what="a sign of life from the worker")

    told = json.loads(client.get("/readyz").text)
    assert 0 <= told.pop("worker_heartbeat_age_s") < 180
    assert told.pop("last_success_age_s") >= 0
    assert told == {
        "ok": True,
        "database": "ok",
        "broker": "ok",
        "delivery": "ok",
        "oldest_due_message_s": 0,
        "failed": 0,
        "parked": 0,
        "held": 0,
        "limbo": 0,
        "untold": 0,
    }
