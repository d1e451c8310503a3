"""Goal 7: the customer's page. What it weighs, what it asks of the database, and its pace beside a plain view.

The plain view runs behind the same web server, asks as many queries for the same rows and answers with as many bytes
from one flat template. How fast the server answers at all (`/healthz`) is the limit.
"""

import gzip
import http.client
import os
import re
import tempfile
import threading
import time
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from appointments.domain import links
from appointments.enums import LinkPurpose
from tests.benchmarks import database, table
from tests.benchmarks.table import Row
from tests.clock import days
from tests.factories import clinic
from tests.reliability.site import Site

ASSETS = re.compile(r'(?:href|src)="(/[^"]+\.(?:css|js|svg|png|ico|woff2?)[^"]*)"')
CLIENTS = 8
REQUESTS = 400
ROUNDS = 4


def run() -> list[Row]:
    with database.fresh() as url, tempfile.TemporaryDirectory() as folder:
        path, plain_path, text, queries = _pages()
        name = f"customer's page, {database.label()}"
        (Path(folder) / "static").mkdir()
        environment = {**os.environ, "DATABASE_URL": url, "RESCHEDULE_DATA": folder}
        environment["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.page_settings"
        with Site(environment, log=Path(folder) / "site.log") as site:
            size = sum(_transferred(site, one) for one in [path, *dict.fromkeys(ASSETS.findall(text))])
            page = plain = health = 0.0
            for _ in range(ROUNDS):
                health = max(health, _pace(site, "/healthz"))
                plain = max(plain, _pace(site, plain_path))
                page = max(page, _pace(site, path))
        return [
            table.count(f"{name}: transferred in all (kB)", size / 1000, at_most=30),
            table.count(f"{name}: queries", queries, at_most=8),
            table.row(f"{name}: requests/s beside a plain view", page, plain, at_least=0.6),
            table.beside(f"{name}: requests/s beside /healthz, the limit", page, health),
        ]


def beside_one_another() -> tuple[tuple[int, int], tuple[int, int]]:
    """How many bytes and queries the page has and the plain one beside it."""
    _path, plain_path, text, queries = _pages()
    plain_text, plain_queries = _shown(plain_path, lines='class="line"')
    return (len(text.encode()), queries), (len(plain_text.encode()), plain_queries)


def _pages() -> tuple[str, str, str, int]:
    """The addresses of both, the text of ours, and how many queries it asks."""
    token = _customer_with_offers()
    path = f"/r/{token}/"
    _shown(path, lines='name="offer"')  # what is known for some minutes afterwards
    text, queries = _shown(path, lines='name="offer"')
    return path, f"/plain-page/{token}/{len(text.encode())}/", text, queries


@override_settings(ROOT_URLCONF="tests.benchmarks.plain")
def _shown(path: str, *, lines: str) -> tuple[str, int]:
    """A page with its three offers, and how many queries it asked."""
    with CaptureQueriesContext(connection) as queries:
        shown = Client(SERVER_NAME="127.0.0.1").get(path)
    text = shown.content.decode()
    if shown.status_code != 200 or text.count(lines) != 3:
        raise AssertionError(f"{path} does not show its three offers: {shown.status_code}")
    return text, len(queries)


def _customer_with_offers() -> str:
    """The key to a page with three offers."""
    here, now = clinic(rooms=2), timezone.now()
    appointment = here.booked(now.replace(second=0, microsecond=0) + days(7))
    here.offered(appointment, now=now)
    return links.issue(appointment, purpose=LinkPurpose.ANSWER, now=now)


def _transferred(site: Site, path: str) -> int:
    """Bytes of the body as it travels to a browser."""
    client = http.client.HTTPConnection("127.0.0.1", site.port)
    client.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = client.getresponse()
    body = answer.read()
    client.close()
    if answer.status != 200:
        raise AssertionError(f"{path} answered {answer.status}")
    if answer.headers.get("Content-Encoding") == "gzip":
        gzip.decompress(body)
    return len(body)


def _pace(site: Site, path: str) -> float:
    """Requests a second, by several clients that keep their connections."""
    failed: list[int] = []

    def ask() -> None:
        client = http.client.HTTPConnection("127.0.0.1", site.port)
        for _ in range(REQUESTS // CLIENTS):
            client.request("GET", path)
            answer = client.getresponse()
            answer.read()
            if answer.status != 200:
                failed.append(answer.status)
        client.close()

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - began
    if failed:
        raise AssertionError(f"{path} answered {failed[0]}")
    return REQUESTS / passed
