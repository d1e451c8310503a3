"""What monitors are told, with the real parts up and down."""

import json
import os
import socket
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications.models import Heartbeat, Message
from tests.engines.redis import RedisServer
from tests.factories import AppointmentFactory, RescheduleRequestFactory, UserFactory


def nobody_listens_here() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def beat(*, seconds_ago: float) -> None:
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now() - timedelta(seconds=seconds_ago)})


@pytest.mark.django_db
def test_being_alive_takes_no_query_no_session_and_no_login(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Whoever asks: also a browser that is signed in, under a name that is not ours."""
    client.force_login(UserFactory())

    with django_assert_num_queries(0):
        answer = client.get("/healthz", headers={"Host": "10.0.0.7", "Accept-Language": "id"})

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")
    assert not answer.cookies
    assert "Vary" not in answer
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_monitors_are_not_sent_to_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    beat(seconds_ago=5)

    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]


@pytest.mark.django_db
def test_it_is_ready_while_the_worker_is_seen(client: Client, settings: Any) -> None:
    settings.REDIS_URL = ""
    beat(seconds_ago=20)

    answer = client.get("/readyz")

    figures = answer.json()
    assert answer.status_code == 200
    assert 20 <= figures.pop("worker_heartbeat_age_s") < 60
    assert figures == {
        "ok": True,
        "database": "ok",
        "broker": "none",
        "delivery": "ok",
        "oldest_due_message_s": 0,
        "last_success_age_s": None,
        "failed": 0,
        "parked": 0,
        "held": 0,
        "limbo": 0,
        "untold": 0,
    }
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [181, 90_000])
def test_it_is_red_when_the_worker_has_been_silent_for_three_minutes(client: Client, seconds: int) -> None:
    beat(seconds_ago=seconds)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["ok"] is False
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db
def test_it_is_red_when_no_worker_was_ever_seen(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["worker_heartbeat_age_s"]) == (503, None)


@pytest.mark.django_db
def test_one_living_worker_is_enough(client: Client) -> None:
    beat(seconds_ago=5)
    Heartbeat.objects.create(name="a machine long gone", at=timezone.now() - timedelta(days=3))

    assert client.get("/readyz").status_code == 200


def waiting(*, seconds: int) -> Message:
    now = timezone.now()
    return Message.objects.create(
        key="k", kind="offer", about="appointment:1", language="id", zone="Asia/Jakarta", created_at=now,
        due_at=now + timedelta(seconds=30), first_due_at=now - timedelta(seconds=seconds),
    )  # fmt: skip


@pytest.mark.django_db
def test_it_is_red_while_messages_are_due_and_none_leaves(client: Client) -> None:
    beat(seconds_ago=5)
    message = waiting(seconds=90)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["delivery"]) == (503, "nothing leaves by email")
    assert 90 <= answer.json()["oldest_due_message_s"] < 120

    other = Message.objects.create(
        key="o", kind="offer", about="appointment:2", language="id", zone="Asia/Jakarta", created_at=timezone.now(),
        due_at=timezone.now(), sent_at=timezone.now(), state="sent",
    )  # fmt: skip
    other.delivery_attempts.create(at=timezone.now(), channel=message.channel, outcome="sent")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["delivery"]) == (200, "ok")
    assert 0 <= answer.json()["last_success_age_s"] < 30


@pytest.mark.django_db
def test_a_customer_in_limbo_and_what_failed_are_told_and_do_not_stop_traffic(client: Client) -> None:
    now = timezone.now()
    beat(seconds_ago=5)
    Message.objects.filter(pk=waiting(seconds=900).pk).update(state="failed")
    forgotten = AppointmentFactory(starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=2, hours=1))
    RescheduleRequestFactory(
        appointment=forgotten, opened_at=now - timedelta(days=2), respond_by=now - timedelta(days=1),
        call_by=now - timedelta(hours=22),
    )  # fmt: skip

    answer = client.get("/readyz")

    told = answer.json()
    assert (answer.status_code, told["limbo"], told["failed"], told["oldest_due_message_s"]) == (200, 1, 1, 0)


@pytest.mark.django_db
def test_the_broker_is_asked(client: Client, settings: Any, redis_server: RedisServer) -> None:
    settings.REDIS_URL = redis_server.url
    beat(seconds_ago=5)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["broker"]) == (200, "ok")


@pytest.mark.django_db
def test_it_is_red_when_the_broker_cannot_be_reached(client: Client, settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{nobody_listens_here()}/0"
    beat(seconds_ago=5)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["broker"], answer.json()["ok"]) == (503, "unreachable", False)
    assert client.get("/healthz").status_code == 200


ASK_BOTH = """
import json, django
django.setup()
from django.test import Client
answer = Client().get("/readyz")
print(json.dumps([Client().get("/healthz").status_code, answer.status_code, answer.json()]))
"""


@pytest.mark.parametrize("database", ["a server that does not answer", "tables that are not there"])
def test_it_is_red_and_alive_when_the_database_cannot_be_asked(database: str, tmp_path: Any) -> None:
    urls = {
        "a server that does not answer": f"postgres://nobody:x@127.0.0.1:{nobody_listens_here()}/none",
        "tables that are not there": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK_BOTH],
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "ALLOWED_HOSTS": "testserver",
            "DATABASE_URL": urls[database],
            "DJANGO_SETTINGS_MODULE": "reschedule.settings",
            "EMBEDDED": "true",
            "REDIS_URL": "",
            "RESCHEDULE_DATA": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    alive, ready, figures = json.loads(done.stdout)

    assert (alive, ready) == (200, 503)
    assert (figures["ok"], figures["database"], figures["limbo"]) == (False, "unreachable", None)
    assert "nobody" not in done.stdout
