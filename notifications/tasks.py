"""Doorbells. Safe to ring twice, or never."""

from __future__ import annotations

import logging
from dataclasses import asdict

from celery import shared_task
from django.utils import timezone

from notifications import delivery
from notifications.models import Heartbeat

log = logging.getLogger(__name__)

WORKER = "worker"
"""The name under which whoever delivers messages shows that it lives."""


@shared_task(name="notifications.tasks.deliver_due", ignore_result=True)
def deliver_due() -> None:
    """Deliver what is due."""
    report = delivery.deliver_due(now_fn=timezone.now)
    if not report.quiet:
        log.info("messages: %s", ", ".join(f"{name} {count}" for name, count in asdict(report).items() if count))


@shared_task(name="notifications.tasks.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Say that the worker lives."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})
