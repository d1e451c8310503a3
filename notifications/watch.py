"""A worker that hears nothing any more leaves, so that whoever started it starts it again.

The library between worker and broker can die in silence: the process lives, its connection does not, and nothing is
begun any more. What shows it is that no task comes, for the timetable sends one every two seconds. A broker that is
down for long looks the same from here; a worker that starts anew meanwhile does no harm.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from threading import Event, Thread
from typing import Any

from billiard import active_children
from django.conf import settings

log = logging.getLogger(__name__)

EXIT_CODE = 70
"""Not 0, so that a supervisor takes it for what it is."""


class Watch:
    """Counts the seconds since the last task; after WORKER_SILENCE_SECONDS the process ends."""

    def __init__(self) -> None:
        self._heard_at = time.monotonic()
        self._over = Event()

    def begin(self, **kwargs: Any) -> None:
        self.heard()
        Thread(target=self._watch, name="watch", daemon=True).start()

    def heard(self, **kwargs: Any) -> None:
        self._heard_at = time.monotonic()

    def end(self, **kwargs: Any) -> None:
        """Whoever is asked to stop hears nothing new, and has its time to finish."""
        self._over.set()

    def _watch(self) -> None:
        patience = float(settings.WORKER_SILENCE_SECONDS)
        while not self._over.wait(min(1.0, patience / 4)):
            if time.monotonic() - self._heard_at > patience:
                log.critical("Nothing came from the broker for %g s: this worker leaves, to start anew", patience)
                _leave()


def _leave() -> None:
    """At once: the threads of a dead library cannot be waited for. What was on its way is found by its lease."""
    for child in active_children():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    logging.shutdown()
    os._exit(EXIT_CODE)
