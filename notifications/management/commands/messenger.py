"""The messenger of an embedded installation: worker and timetable in one process, no broker."""

from __future__ import annotations

import warnings
from typing import Any

from celery import current_app
from celery.apps.worker import Worker
from celery.beat import EmbeddedService, Scheduler
from celery.exceptions import SecurityWarning
from celery.signals import worker_shutting_down
from django.core.management.base import BaseCommand

from notifications import delivery, tasks


class Command(BaseCommand):
    help = "Deliver messages and keep the timetable in one process, without a broker (the embedded installation)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until SIGTERM or SIGINT; then finishes what is under way, begins nothing more, and returns."""
        app = current_app._get_current_object()
        app.conf.update(
            broker_url="memory://localhost/", worker_hijack_root_logger=False, worker_redirect_stdouts=False
        )
        worker_shutting_down.connect(_no_more, dispatch_uid="notifications.messenger")
        # It warns of pickled tasks from strangers; here tasks are JSON and come from this very process.
        warnings.simplefilter("ignore", SecurityWarning)
        # Made first: who listens to the worker's beginning may refuse it, and then nothing else must be running.
        worker = Worker(
            app=app,
            pool="solo",
            loglevel="WARNING",
            quiet=True,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        tasks.heartbeat()
        # A timetable in memory: sweeps need no memory of their last turn, and no file can be damaged by a crash.
        beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        beat.start()
        try:
            worker.start()
        finally:
            beat.stop()


def _no_more(**kwargs: Any) -> None:
    delivery.closing.set()
