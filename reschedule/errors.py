"""What a visitor reads when it is our fault."""

import sqlite3
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import get_template
from django.views.decorators.csrf import requires_csrf_token

COME_BACK_SECONDS = 10


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After while the database is away or overrun, whoever asked it; 500 for everything else.

    Django calls this while it handles what was raised. The pages are drawn without the database.
    """
    if is_away(sys.exc_info()[1]):
        page = get_template("503.html").render()
        return HttpResponse(
            page, status=503, headers={"Retry-After": str(COME_BACK_SECONDS), "Cache-Control": "no-store"}
        )
    return HttpResponseServerError(get_template("500.html").render())


def is_away(error: BaseException | None) -> bool:
    """Whether the database could not be reached or is too busy, rather than asked for nonsense.

    SQLite says both by the same class: its plain SQLITE_ERROR is a statement that nobody could carry out.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    return not (isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode == sqlite3.SQLITE_ERROR)
