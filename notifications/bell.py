"""The bell on the counter: tells a worker that something may be due. Nothing is lost when nobody hears it.

A sweep finds every due row anyway, so a broker that is down costs one short time-out and a log line, then silence
for a while. With the in-memory broker there is nobody to hear the bell but the messenger itself; it is not rung.
"""

from __future__ import annotations

import logging
import threading
import time

from celery import current_app
from django.db import DEFAULT_DB_ALIAS, transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

TASK = "notifications.tasks.deliver_due"
SILENCE_SECONDS = 30.0
_silent_until = 0.0
_lock = threading.Lock()


def ring_on_commit(using: str = DEFAULT_DB_ALIAS) -> None:
    """Once per transaction, however many messages it writes."""
    waiting = transaction.get_connection(using).run_on_commit
    if not any(entry[1] is ring for entry in waiting):
        transaction.on_commit(ring, using=using, robust=True)


def ring() -> bool:
    """Whether the bell was heard by a broker."""
    global _silent_until  # noqa: PLW0603  one bell per process
    if str(current_app.conf.broker_url or "memory://").startswith("memory"):
        return False
    if time.monotonic() < _silent_until:
        return False
    try:
        current_app.send_task(TASK, ignore_result=True, retry=False, expires=60)
    except (OperationalError, OSError) as error:
        with _lock:
            _silent_until = time.monotonic() + SILENCE_SECONDS
        log.warning("The broker does not answer (%s); the sweep will find what is due.", type(error).__name__)
        return False
    return True
