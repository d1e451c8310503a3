"""Is it alive, and can it do its work? For load balancers and monitors; nothing here is a secret.

GET /healthz   "ok" while the web process answers. Touches nothing else.
GET /readyz    200 or 503 and the figures behind it, as JSON.
GET /metrics   the same and more for Prometheus, for whoever has the token: reschedule.monitors.metrics.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appointments.domain import affected
from appointments.domain.limbo import in_limbo
from notifications import health as post_office
from notifications.models import Heartbeat
from reschedule.errors import COME_BACK_SECONDS
from reschedule.monitors import metrics

SILENT_AFTER = timedelta(minutes=3)
PATIENCE_SECONDS = 1


class AnswerFirst:
    """Lets monitors in before everybody else: no host name, https, session or login is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        doors = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics.metrics}
        view = doors.get(request.path_info, self.get_response)
        return view(request)


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """`ok` is false, with status 503, when something has to be done at once: database or broker cannot be reached, no
    worker was seen for 3 minutes, or messages are due and none leaves (`delivery` says by which channel).

    The rest is news for people: `limbo` counts customers whom we moved and owe an answer that nobody has promised, and
    `untold` those whose appointment cannot take place and whom nobody has told; both must read 0. `failed`, `parked`
    and `held` messages wait for a person. `oldest_due_message_s` is counted from when a message was first due, however
    often it was tried since. Ages are whole seconds; null where nothing can be measured.
    """
    figures = _figures(now=timezone.now())
    if figures["ok"]:
        return JsonResponse(figures)
    return JsonResponse(figures, status=503, headers={"Retry-After": str(COME_BACK_SECONDS)})


def _figures(*, now: datetime) -> dict[str, object]:
    figures: dict[str, object] = {
        "ok": False,
        "database": "unreachable",
        "broker": _broker(),
        "worker_heartbeat_age_s": None,
        "delivery": None,
        "oldest_due_message_s": None,
        "last_success_age_s": None,
        "failed": None,
        "parked": None,
        "held": None,
        "limbo": None,
        "untold": None,
    }
    try:
        heartbeat = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
        post = post_office.condition(now=now)
        figures |= {
            "database": "ok",
            "worker_heartbeat_age_s": _age(heartbeat, now),
            "delivery": f"nothing leaves by {', '.join(post.stuck)}" if post.stuck else "ok",
            "oldest_due_message_s": int(post.oldest_due.total_seconds()),
            "last_success_age_s": _age(post.last_success, now),
            "failed": post.failed,
            "parked": post.parked,
            "held": post.held,
            "limbo": in_limbo(now).count(),
            "untold": affected.counts()["untold"],
        }
    except DatabaseError:
        return figures
    alive = heartbeat is not None and now - heartbeat <= SILENT_AFTER
    figures["ok"] = alive and figures["broker"] != "unreachable" and not post.stuck
    return figures


def _age(moment: datetime | None, now: datetime) -> int | None:
    return max(0, int((now - moment).total_seconds())) if moment else None


def _broker() -> str:
    """`none` in the embedded installation, where the outbox is swept by its own messenger."""
    if not settings.REDIS_URL:
        return "none"
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, retry=None
    )
    try:
        client.ping()
    except redis.RedisError:
        return "unreachable"
    finally:
        client.close()
    return "ok"
