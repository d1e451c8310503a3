"""Messages that may have left before the restore: what each would tell whom, and whether it is still so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from appointments.domain.messages import kinds
from notifications import outbox, policy
from notifications.errors import RenderError
from notifications.models import Message, MessageQuerySet

ON_A_PAGE = 50
Held = MessageQuerySet
_ABOUT_AN_APPOINTMENT = re.compile(r"\Aappointment:(\d{1,18})\Z")


@dataclass(frozen=True)
class Line:
    """`untrue`: why it would not leave though it is let go; empty while what it says is so."""

    message: Message
    called: str
    untrue: str
    appointment: int | None


@dataclass(frozen=True)
class Page:
    """`among` are all that fit, on this page and on others; `newest` is the last of them that was there to be seen."""

    lines: Sequence[Line]
    kinds: Sequence[tuple[str, str, int]]
    kind: str
    among: int
    newest: int
    number: int
    pages: int

    @property
    def all(self) -> int:
        return sum(count for _kind, _called, count in self.kinds)


def held() -> Held:
    return Message.objects.held()


def page(*, kind: str = "", number: int = 1, now: datetime) -> Page:
    """One page of them, the oldest first. What is true is asked of those on the page only, each by its own rule."""
    found = held().filter(kind=kind) if kind else held()
    paginator = Paginator(found.defer("mime", "html").order_by("created_at", "pk"), ON_A_PAGE)
    shown = paginator.get_page(number)
    counted = held().order_by("kind").values_list("kind").annotate(count=Count("pk"))
    return Page(
        lines=[_line(message, now) for message in shown],
        kinds=sorted(((one, called(one), count) for one, count in counted), key=lambda one: one[1]),
        kind=kind,
        among=paginator.count,
        newest=found.order_by("-pk").values_list("pk", flat=True).first() or 0,
        number=shown.number,
        pages=paginator.num_pages,
    )


def called(kind: str) -> str:
    """What colleagues call such a message; one of another version has only its own name."""
    return str(kinds.CALLED.get(kind, kind))


def why_untrue(message: Message, *, now: datetime) -> str:
    """What would keep it from leaving now; the sender asks the same."""
    if policy.too_late(now, message.not_after):
        return _("It is too late for it.")
    try:
        return kinds.why_stale(message.kind, message.true_if, now=now) or ""
    except (LookupError, ValueError, TypeError):
        return _("This version cannot judge it.")


def _line(message: Message, now: datetime) -> Line:
    if not message.text:
        _say(message)
    about = _ABOUT_AN_APPOINTMENT.match(message.about)
    return Line(
        message=message,
        called=called(message.kind),
        untrue=why_untrue(message, now=now),
        appointment=int(about[1]) if about else None,
    )


def _say(message: Message) -> None:
    """Some are put into words only when they leave; the reader sees them as they would be."""
    try:
        outbox.prepare(message)
    except RenderError as error:
        message.text = str(error)
