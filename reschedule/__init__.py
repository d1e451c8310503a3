"""The project: settings, addresses and the worker. It knows both apps; neither app knows it."""

from reschedule.celery import app as celery_app

__all__ = ["celery_app"]
