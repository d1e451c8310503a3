"""Figures for monitors: for whoever has the token, and without anybody's data in them."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from notifications import restores
from notifications.models import Heartbeat
from reschedule.monitors import metrics
from tests.factories import UserFactory, clinic
from tests.house.source import ROOT

TOKEN = "t0ken-of-the-monitor"
ASKS = {"Authorization": f"Bearer {TOKEN}"}
KEY = "k" * 43


@pytest.fixture
def monitored(settings: Any, tmp_path: Path) -> None:
    settings.METRICS_TOKEN, settings.METRICS_DIR = TOKEN, tmp_path
    settings.MIDDLEWARE = ["reschedule.monitors.metrics.CountRequests", *settings.MIDDLEWARE]


def figures(client: Client) -> dict[tuple[str, ...], float]:
    """By its name and the values of its labels."""
    answer = client.get("/metrics", headers=ASKS)
    assert answer.status_code == 200
    found = text_string_to_metric_families(answer.content.decode())
    return {(one.name, *one.labels.values()): one.value for family in found for one in family.samples}


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_without_the_token_there_is_no_such_page(client: Client, monitored: None, said: dict[str, str]) -> None:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    answer = client.get("/metrics", headers=said)
    assert (answer.status_code, answer.content) == (404, b"Not found")


def test_it_is_off_unless_somebody_sets_a_token(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_it_says_how_messages_do_and_who_lives(client: Client, monitored: None, settings: Any) -> None:
    settings.REDIS_URL = ""
    world = clinic()
    world.offered()
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(seconds=40))

    found = figures(client)

    assert found["reschedule_database_up",] == 1
    assert found["reschedule_messages", "queued"] == found["reschedule_messages", "due"] == 1
    assert found["reschedule_messages", "held"] == 0
    assert found["reschedule_oldest_due_seconds",] > 0
    assert 40 <= found["reschedule_heartbeat_age_seconds", "worker"] < 60
    assert ("reschedule_broker_up",) not in found
    restores.hold_all(now=timezone.now())
    after = figures(client)
    assert (after["reschedule_messages", "held"], after["reschedule_messages", "due"]) == (1, 0)


@pytest.mark.django_db
def test_a_broker_that_is_down_is_said(client: Client, monitored: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert figures(client)["reschedule_broker_up",] == 0


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_nothing_of_an_address_is_told(client: Client, monitored: None) -> None:
    before = figures(client)
    for _time in range(2):
        client.get(f"/r/{KEY}/")
    client.get("/no/such/Ana-Putri/")
    client.get("/search/?q=Ana+Putri")

    found = figures(client)

    def grown(*name: str) -> float:
        return found[name] - before.get(name, 0)

    assert grown("reschedule_requests_total", "GET", "404", "answer") == 2
    assert grown("reschedule_requests_total", "GET", "404", "none") == 1
    assert grown("reschedule_requests_total", "GET", "302", "search") == 1
    assert grown("reschedule_request_seconds_count", "answer") == 2
    page = client.get("/metrics", headers=ASKS).content.decode()
    assert KEY not in page
    assert "Ana" not in page


COUNTING = """
import django
django.setup()
from django.test import Client
client = Client(headers={"Authorization": "Bearer t0ken-of-the-monitor", "Host": "localhost"})
client.raise_request_exception = False
client.get("/r/x/")
print(client.get("/metrics").content.decode())
"""


def test_all_processes_of_the_web_server_are_counted_together(tmp_path: Path) -> None:
    environment = {**os.environ, "METRICS_TOKEN": TOKEN, "RESCHEDULE_DATA": str(tmp_path)}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'nothing.sqlite3'}"
    living = subprocess.Popen(
        [sys.executable, "-c", COUNTING.replace("print", "input") + "print()"],
        env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert living.stdout is not None
    said = ""
    while "reschedule_database_up 0.0" not in said:
        said += living.stdout.readline()
    done = subprocess.run(
        [sys.executable, "-c", COUNTING], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    living.communicate("\n")

    assert 'reschedule_requests_total{method="GET",status="500",view="answer"} 2.0' in done.stdout
    assert list((tmp_path / "metrics").glob("counter_*.db"))


def test_what_the_last_life_counted_is_forgotten_when_nobody_of_it_lives(monitored: None, tmp_path: Path) -> None:
    dead = tmp_path / "counter_4194999.db"
    dead.touch()
    alive = tmp_path / f"counter_{os.getppid()}.db"
    alive.touch()
    metrics.CountRequests(lambda request: None)  # type: ignore[arg-type,return-value]  # is never asked
    assert dead.exists()
    alive.unlink()
    metrics.CountRequests(lambda request: None)  # type: ignore[arg-type,return-value]  # is never asked
    assert not dead.exists()
