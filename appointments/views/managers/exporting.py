"""What managers take home as a file is written down before it leaves."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.enums import AuditAction
from appointments.exports import Table, download
from appointments.models.staff.audit import REPORT


def take_home(request: HttpRequest, table: Table, kind: str) -> StreamingHttpResponse:
    """The table as a file of `kind`."""
    by = staff(cast("User", request.user))
    audit.record(AuditAction.EXPORTED, noun=REPORT, name=f"{table.name}.{kind}", by=by, now=timezone.now())
    return download(table, kind)
