"""Doorbells for the worker: read the clock, call one function. Each is a sweep: ringing twice or never does no harm."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from appointments.domain import booking, overlooked, pace, watchdog
from appointments.domain.disruptions import onwards, sending
from appointments.domain.imports.page import work
from appointments.domain.moving import at_work, chasing, offers, reminders
from appointments.domain.privacy import purging
from appointments.domain.recovery import listening, patterns, steps
from notifications.restores import by_timetable

__all__ = [
    "chase_answers",
    "complete_past",
    "follow_up",
    "forget",
    "import_files",
    "listen",
    "measure",
    "offer_onwards",
    "purge",
    "remind",
    "send_plans",
    "strike_out",
    "watch_promises",
]


@shared_task
@by_timetable()
def chase_answers() -> None:
    chasing.chase_answers(now=timezone.now())


@shared_task
@by_timetable()
def strike_out() -> None:
    now = timezone.now()
    overlooked.look_again(now=now)
    offers.strike_out(now=now)


@shared_task
@by_timetable()
def offer_onwards() -> None:
    onwards.offer_freed(now=timezone.now())


@shared_task
@by_timetable()
def send_plans() -> None:
    sending.send_due(now=timezone.now())


@shared_task
@by_timetable()
def watch_promises() -> None:
    watchdog.watch(now=timezone.now())


@shared_task
@by_timetable()
def listen() -> None:
    now = timezone.now()
    listening.listen(now=now)
    steps.settle_all(now=now)


@shared_task(soft_time_limit=570, time_limit=600)
def import_files() -> None:
    """All of a file is one transaction, so this one may take its time."""
    work.work_off(now=timezone.now())


@shared_task
def measure() -> None:
    pace.remember(now=timezone.now())


@shared_task
def forget() -> None:
    patterns.forget(today=timezone.localdate())
    at_work.forget(now=timezone.now())


@shared_task
def purge() -> None:
    purging.purge(now=timezone.now())


@shared_task
@by_timetable()
def remind() -> None:
    reminders.remind_all(now=timezone.now())


@shared_task
@by_timetable()
def follow_up() -> None:
    reminders.ask_all(now=timezone.now())


@shared_task
def complete_past() -> None:
    now = timezone.now()
    reminders.complete_past(now=now)
    booking.sweep_holds(now=now - timedelta(minutes=5))
