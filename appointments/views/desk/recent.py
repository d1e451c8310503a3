"""What the reader has opened lately, kept with their session: keys, never names, and gone when they sign out."""

from django.http import HttpRequest

from appointments.domain.pages.search import recent
from appointments.domain.pages.search.recent import Kind, Recent
from appointments.views.desk.find import appointments_for, known_for

OPENED = "opened"


def note(request: HttpRequest, kind: Kind, pk: int) -> None:
    """That this was opened just now; what was opened last already is not written again."""
    before = request.session.get(OPENED, [])
    after = recent.opened(before, kind, pk)
    if after != before:
        request.session[OPENED] = after


def recent_of(request: HttpRequest) -> list[Recent]:
    """What of it they still may see."""
    kept = request.session.get(OPENED, [])
    return recent.recent(kept, appointments=appointments_for(request), customers=known_for(request).standing())
