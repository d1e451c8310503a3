"""The door of the managers' reports. They live in the admin, whose site closes them to everybody else."""

from django.contrib.auth.decorators import permission_required

may_read = permission_required("appointments.view_reschedulerequest", raise_exception=True)
"""For those who may read why appointments move; to others a report is forbidden (403)."""
