"""The door of the managers' reports. They live in the admin, whose site closes them to everybody else."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404

from appointments.models import CompensationTable

may_read = permission_required("appointments.view_reschedulerequest", raise_exception=True)
"""For those who may read why appointments move; to others a report is forbidden (403)."""
may_see_tables = permission_required("appointments.view_compensationtable", raise_exception=True)
may_change_tables = permission_required("appointments.change_compensationtable", raise_exception=True)
"""For those who may see, and change, what we give."""


def table_for(pk: int) -> CompensationTable:
    """A table of what we give: it is of no place, and whoever may read it may read all."""
    return get_object_or_404(CompensationTable, pk=pk)
