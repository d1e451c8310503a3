"""The worker and the whole timetable.

Every entry is a sweep that looks for what is due, so a tick that is missed, doubled or late does no harm.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reschedule.settings")

app = Celery("reschedule")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "deliver messages that are due": {"task": "notifications.tasks.deliver_due", "schedule": 2.0},
    "say that the worker lives": {"task": "notifications.tasks.heartbeat", "schedule": 60.0},
    "follow up on rounds nobody answered": {"task": "appointments.tasks.chase_answers", "schedule": 30.0},
    "escalate promises before they break": {"task": "appointments.tasks.watch_promises", "schedule": 60.0},
    "remind customers of what is coming": {"task": "appointments.tasks.remind", "schedule": 300.0},
    "ask moved customers how it went": {"task": "appointments.tasks.follow_up", "schedule": 300.0},
    "close appointments that took place": {"task": "appointments.tasks.complete_past", "schedule": 300.0},
}
