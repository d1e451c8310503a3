"""A manager lets held messages go, or drops them with a reason: each once, whoever else decides at the same time."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from appointments.domain import audit
from appointments.domain.actors import staff
from appointments.domain.colleagues import name_of
from appointments.domain.messages.held.reading import Held, held
from appointments.domain.transactions import one_transaction
from appointments.enums import AuditAction
from appointments.models.staff.audit import HELD
from notifications import restores


class Reason(TextChoices):
    """Why something is dropped, in words that name nobody: they stay in the audit."""

    LEFT = "left", _("It had left before the restore.")
    TOLD = "told", _("They were told in another way.")
    UNTRUE = "untrue", _("It is not so any more.")
    OTHER = "other", _("Another reason")


def chosen(*, pks: Collection[int] = (), kind: str = "", newest: int | None = None) -> Held:
    """These; or, with `newest`, all of a kind that were there when the reader last looked, on whichever page."""
    if newest is None:
        return held().filter(pk__in=pks)
    among = held().filter(pk__lte=newest)
    return among.filter(kind=kind) if kind else among


@one_transaction
def release(messages: Held, *, by: User, now: datetime) -> int:
    """They leave when they are due, if they are still true then. Returns how many it were."""
    count = restores.release(messages, by=name_of(by), now=now)
    if count:
        audit.record(AuditAction.RELEASED, by=staff(by), now=now, noun=HELD, after={"how_many": count})
    return count


@one_transaction
def drop(messages: Held, *, reason: Reason, note: str = "", by: User, now: datetime) -> int:
    """They never leave, and say who decided so and why. Returns how many it were. `note` stands with them only."""
    said = note if reason == Reason.OTHER else f"{reason.label} {note}"
    count = restores.drop(messages, by=name_of(by), now=now, reason=said.strip())
    if count:
        after = {"how_many": count, "reason": str(reason.label)}
        audit.record(AuditAction.DROPPED, by=staff(by), now=now, noun=HELD, after=after)
    return count
