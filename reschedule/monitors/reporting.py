"""Errors to Sentry, or to what speaks its language, when SENTRY_DSN says where; nothing is loaded otherwise.

What leaves says where in our code something went wrong, and nothing of anybody: no keys of customers, no addresses,
no values of variables, no words of a request.
"""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from reschedule.logs import without_keys

KEPT_OF_A_REQUEST = ("method", "url")
LEFT_OUT = ("user", "breadcrumbs", "extra", "server_name", "modules")
_KEY = re.compile(r"[\w-]{40,}")
_ADDRESS = re.compile(r"[^\s@<>\"'(=]+@[^\s@<>\"')]+")
_NUMBER = re.compile(r"\+?\d[\d ()-]{7,}\d")
_ROW = re.compile(r"(DETAIL|CONTEXT):.*", re.DOTALL)
"""Behind it PostgreSQL repeats the row that it refuses."""


def begin() -> None:
    """Once, before the first request or task. Raises ImproperlyConfigured when it is wanted and not installed."""
    if not settings.SENTRY_DSN:
        return
    try:
        import sentry_sdk
    except ImportError as error:
        said = _("SENTRY_DSN is set, and sentry-sdk is not installed. Run: pip install -r requirements-sentry.txt")
        raise ImproperlyConfigured(said) from error
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.VERSION,
        before_send=scrub,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_session_tracking=False,
    )


def scrub(event: Any, hint: object = None) -> Any:
    """The same without what could be somebody's."""
    event = {name: value for name, value in event.items() if name not in LEFT_OUT}
    asked = event.get("request") or {}
    event["request"] = {name: asked[name] for name in KEPT_OF_A_REQUEST if name in asked}
    if "url" in asked:
        event["request"]["url"] = asked["url"].partition("?")[0]
    if logged := event.get("logentry"):
        event["logentry"] = {"message": logged.get("message", "")}
    return _clean(event)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return _without(value) if isinstance(value, str) else value


def _without(text: str) -> str:
    for pattern in (_ROW, _KEY, _ADDRESS, _NUMBER):
        text = pattern.sub("•••", text)
    return without_keys(text)
