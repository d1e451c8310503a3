"""A manager lets held messages go, or drops them with a reason: each once, whoever else decides at the same time.

Every door decides here: the page, the admin, the command.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.domain.colleagues import name_of
from appointments.domain.messages.failed import WORTH_A_CALL
from appointments.domain.messages.held.reading import Held, held
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.models.staff.audit import HELD
from notifications import restores


class Reason(TextChoices):
    """Why something is dropped, in words that name nobody: they stay in the audit."""

    LEFT = "left", _("It had left before the restore.")
    TOLD = "told", _("They were told by phone or in another way.")
    CALL = "call", _("They are to be phoned instead.")
    UNTRUE = "untrue", _("It is not so any more.")
    OTHER = "other", _("Another reason")


THEY_KNOW = (Reason.LEFT, Reason.TOLD)
"""With any other reason a customer may not know what holds: they are phoned, unless it is not so any more."""


@dataclass(frozen=True)
class Dropped:
    """How many do not leave, and how many of those a colleague says instead, if they are still so."""

    count: int
    to_phone: int


def chosen(*, pks: Collection[int] = (), kind: str = "", newest: int | None = None) -> Held:
    """These; or, with `newest`, all of a kind that were there when the reader last looked, on whichever page."""
    if newest is None:
        return held().filter(pk__in=pks)
    among = held().filter(pk__lte=newest)
    return among.filter(kind=kind) if kind else among


@one_transaction
def release(messages: Held, *, by: User, now: datetime, through: str = "") -> int:
    """They leave when they are due, if they are still true then. Returns how many it were. `through`: by which door,
    where it is not the page."""
    before = held().count()
    count = restores.release(messages, by=name_of(by), now=now)
    if count:
        _write_down(AuditAction.RELEASED, count=count, before=before, by=by, now=now, through=through)
    return count


@one_transaction
def drop(messages: Held, *, reason: Reason, note: str = "", by: User, now: datetime, through: str = "") -> Dropped:
    """They never leave, and say who decided so and why. `note` stands with them only.

    Whoever may not know what holds is phoned by a colleague: what is worth a call goes to the call desk, where each is
    looked at once more, so that nobody is phoned about what is not so.
    """
    said = (note if reason == Reason.OTHER else f"{reason.label} {note}").strip()
    before, to_phone = held().count(), 0
    if reason not in THEY_KNOW:
        to_phone = restores.phone(messages.filter(kind__in=WORTH_A_CALL), by=name_of(by), now=now, reason=said)
    count = to_phone + restores.drop(messages, by=name_of(by), now=now, reason=said)
    if count:
        more: dict[str, str | int] = {"reason": str(reason.label), "to_phone": to_phone}
        _write_down(AuditAction.DROPPED, count=count, before=before, by=by, now=now, through=through, **more)
    return Dropped(count, to_phone)


def said(dropped: Dropped) -> str:
    """What came of it, for whoever decided."""
    words = ngettext("%(count)d message is dropped.", "%(count)d messages are dropped.", dropped.count)
    calls = ngettext(
        "%(count)d of them goes to a colleague who phones, if it is still so: see “Calls”.",
        "%(count)d of them go to colleagues who phone, if they are still so: see “Calls”.",
        dropped.to_phone,
    )
    each = [(words, dropped.count), *([(calls, dropped.to_phone)] if dropped.to_phone else [])]
    return " ".join(text % {"count": count} for text, count in each)


def _write_down(
    action: AuditAction, *, count: int, before: int, by: User, now: datetime, through: str, **more: str | int
) -> None:
    after = {"waiting": held().count(), "how_many": count, **more, **({"through": through} if through else {})}
    audit.record(action, by=staff(by), now=now, noun=HELD, before={"waiting": before}, after=after)
