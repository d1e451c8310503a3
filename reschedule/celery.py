"""The worker and the whole timetable.

Every entry is a sweep that looks for what is due, so a tick that is missed, doubled or late does no harm.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, task_received, worker_init, worker_ready, worker_shutting_down
from django.core.exceptions import ImproperlyConfigured

from appointments.backups import in_use
from notifications.watch import Watch
from reschedule import checks
from reschedule.monitors import reporting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reschedule.settings")

app = Celery("reschedule")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "deliver messages that are due": {"task": "notifications.tasks.deliver_due", "schedule": 2.0},
    "send plans that have been counted down": {"task": "appointments.tasks.send_plans", "schedule": 3.0},
    "check files and bring them in": {"task": "appointments.tasks.import_files", "schedule": 2.0},
    "say that the worker lives": {"task": "notifications.tasks.heartbeat", "schedule": 60.0},
    "follow up on rounds nobody answered": {"task": "appointments.tasks.chase_answers", "schedule": 30.0},
    "strike out offers that can no longer take place": {"task": "appointments.tasks.strike_out", "schedule": 60.0},
    "offer what has become free to who waits for it": {"task": "appointments.tasks.offer_onwards", "schedule": 60.0},
    "take up complaints": {"task": "appointments.tasks.listen", "schedule": 20.0},
    "escalate promises before they break": {"task": "appointments.tasks.watch_promises", "schedule": 60.0},
    "measure how long we take to come back": {"task": "appointments.tasks.measure", "schedule": 3600.0},
    "forget what stood for a while": {"task": "appointments.tasks.forget", "schedule": 3600.0},
    "clear away what has had its time": {"task": "appointments.tasks.purge", "schedule": 900.0},
    "remind customers of what is coming": {"task": "appointments.tasks.remind", "schedule": 300.0},
    "ask moved customers how it went": {"task": "appointments.tasks.follow_up", "schedule": 300.0},
    "close appointments that took place": {"task": "appointments.tasks.complete_past", "schedule": 300.0},
}
for tick in app.conf.beat_schedule.values():
    # While no worker runs, ticks would pile up in Redis; the next one finds the same work.
    tick["options"] = {"expires": max(30, tick["schedule"])}


watch = Watch()
worker_ready.connect(watch.begin)
task_received.connect(watch.heard)
worker_shutting_down.connect(watch.end)


@worker_init.connect
@beat_init.connect
def refuse_unsafe(**kwargs: Any) -> None:
    """Celery swallows what its listeners raise, except the wish to exit."""
    try:
        reporting.begin()
        checks.refuse_unsafe()
        in_use.serve()
    except (ImproperlyConfigured, in_use.InUse) as error:
        raise SystemExit(str(error)) from error


@worker_ready.connect
def say_that_it_lives(**kwargs: Any) -> None:
    """At once, and not only at the first tick of the timetable: a fresh installation is ready when it can work."""
    app.send_task("notifications.tasks.heartbeat")
