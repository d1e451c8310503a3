"""Figures for Prometheus at /metrics, for whoever has METRICS_TOKEN; without one there is no such page.

Labels are names from our own code: of views, methods, states, processes. Nothing that anybody typed, no address and
no customer ever becomes one.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from appointments.domain import affected
from appointments.domain.limbo import in_limbo
from notifications import health as post_office
from notifications.enums import MessageState
from notifications.models import Heartbeat, Message

METHODS = ("GET", "HEAD", "POST")
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
PATIENCE_SECONDS = 1

_of_requests = CollectorRegistry()
_requests = Counter(
    "reschedule_requests", "Requests answered.", ("view", "method", "status"), registry=_of_requests
)  # fmt: skip
_durations = Histogram(
    "reschedule_request_seconds", "How long answers took.", ("view",), buckets=SECONDS, registry=_of_requests
)


class CountRequests:
    """Counts each answer under the name of its view; what leads to none of ours is all one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        _begin_to_count()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        answer = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match is not None else "none"
        method = request.method if request.method in METHODS else "other"
        _requests.labels(view, method, str(answer.status_code)).inc()
        _durations.labels(view).observe(time.monotonic() - began)
        return answer


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For `Authorization: Bearer METRICS_TOKEN`. To anybody else there is nothing here."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        return HttpResponseNotFound("Not found", content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(_Figures())
    counted = registry if _is_counted_together() else _of_requests
    if counted is registry:
        multiprocess.MultiProcessCollector(registry)
    pages = {id(one): generate_latest(one) for one in (registry, counted)}
    return HttpResponse(b"".join(pages.values()), content_type=CONTENT_TYPE_LATEST)


def _begin_to_count() -> None:
    """The first process of the web server's new life forgets what those of the last one counted. As long as any of them
    lives, all stays, since a sum must not become smaller.
    """
    files = {file: file.stem.rpartition("_")[2] for file in settings.METRICS_DIR.glob("*.db")}
    if not any(_lives(pid) for pid in files.values()):
        for file in files:
            file.unlink(missing_ok=True)


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return int(pid) != os.getpid()


def _is_counted_together() -> bool:
    """Whether all processes of the web server write into one folder, as set up in the settings."""
    return "PROMETHEUS_MULTIPROC_DIR" in os.environ


class _Figures(Collector):
    """What the database knows at this moment, and how long the broker's line is. Few queries, all on indexes."""

    def collect(self) -> Iterator[Metric]:
        try:
            yield from _from_the_database(timezone.now())
            up = 1
        except DatabaseError:
            up = 0
        yield _gauge("reschedule_database_up", "1 while the database answers.", up)
        if settings.REDIS_URL:
            length = _broker_length()
            yield _gauge("reschedule_broker_up", "1 while Redis answers.", 0 if length is None else 1)
            yield _gauge("reschedule_broker_tasks", "Tasks that wait in Redis.", length or 0)


def _from_the_database(now: datetime) -> list[Metric]:
    post = post_office.condition(now=now)
    waiting = {"due": Message.objects.due(now).count(), "held": post.held, "failed": post.failed, "parked": post.parked}
    waiting["queued"] = Message.objects.filter(state=MessageState.QUEUED).count()
    waiting["sending"] = Message.objects.filter(state=MessageState.SENDING).count()
    messages = GaugeMetricFamily("reschedule_messages", "Messages that have not left.", labels=["state"])
    for state, count in waiting.items():
        messages.add_metric([state], count)
    alive = GaugeMetricFamily("reschedule_heartbeat_age_seconds", "Since a process was last seen.", labels=["process"])
    for name, at in Heartbeat.objects.values_list("name", "at"):
        alive.add_metric([name], max(0.0, (now - at).total_seconds()))
    found = [
        messages,
        alive,
        _gauge("reschedule_oldest_due_seconds", "Since the oldest was due.", post.oldest_due.total_seconds()),
        _gauge("reschedule_delivery_stuck", "Channels by which nothing leaves.", len(post.stuck)),
        _gauge("reschedule_limbo", "Customers we moved who were forgotten. Has to be 0.", in_limbo(now).count()),
        _gauge("reschedule_untold", "Customers nobody has told. Has to be 0.", affected.counts()["untold"]),
    ]
    if post.last_success:
        left = post.last_success.timestamp()
        found.append(_gauge("reschedule_last_success_timestamp_seconds", "When a message last left.", left))
    return found


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _broker_length() -> int | None:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, retry=None
    )
    try:
        return int(client.llen("celery"))
    except redis.RedisError:
        return None
    finally:
        client.close()
