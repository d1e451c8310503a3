"""Two records that were put together by mistake become two again, for a day, except for what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain.customers.merging import OWNED, locked, plain, tell
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind
from appointments.errors import DomainError
from appointments.models import Customer, CustomerMerge

UNDO_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Undone:
    """What was not put back: fields (by their names) that were corrected since, how many appointments were booked since
    for the one that was kept, and how many that had gone over belong to somebody else by now.
    """

    corrected: Sequence[str]
    booked: int
    elsewhere: int


def can_be_undone(merge: CustomerMerge, *, now: datetime) -> bool:
    return merge.undone_at is None and now <= merge.at + UNDO_WITHIN


def undoable(customer: Customer, *, now: datetime) -> list[CustomerMerge]:
    """What was put together with this customer lately, the last first. One query."""
    lately = CustomerMerge.objects.in_force().filter(kept=customer, at__gte=now - UNDO_WITHIN)
    return list(lately.select_related("gone", "by"))


@one_transaction
def undo(merge: CustomerMerge, *, by: User, now: datetime) -> Undone:
    """Puts everything back, except what has been changed since.

    Raises `DomainError` after a day, when it is undone already, and while the one that was kept is gone itself.
    """
    if not can_be_undone(merge, now=now):
        raise DomainError(_("This can no longer be undone: more than a day has passed, or somebody has undone it."))
    kept, gone = locked(merge.kept, merge.gone)
    if gone.forgotten_at:
        raise DomainError(_("This customer was forgotten: there is nothing to bring back."))
    if kept.merges.in_force().exists():
        raise DomainError(_("%(name)s was put together with somebody else since. Undo that first.") % {"name": kept})
    if not CustomerMerge.objects.in_force().filter(pk=merge.pk).update(undone_at=now, undone_by=by):
        raise DomainError(_("Somebody has undone this already."))
    back = _hand_back(merge, kept)
    corrected = _restore(kept, merge)
    tell(kept, gone, note=lambda: _("Two records that were put together are two again."), by=by, now=now)
    since = {"events__kind__in": (EventKind.BOOKED, EventKind.IMPORTED), "events__at__gt": merge.at}
    return Undone(
        corrected,
        kept.appointments.filter(**since).distinct().count(),
        len(merge.moved["appointments"]) - back["appointments"],
    )


def _hand_back(merge: CustomerMerge, kept: Customer) -> dict[str, int]:
    """How many of each went back: what belongs to a third one by now stays there."""
    return {name: getattr(kept, name).filter(pk__in=merge.moved[name]).update(customer=merge.gone_id) for name in OWNED}


def _restore(kept: Customer, merge: CustomerMerge) -> list[str]:
    """Sets what was known before, where nobody has corrected it since; the names of the others."""
    untouched = [name for name, value in merge.after.items() if plain(kept, name) == value]
    for name in untouched:
        setattr(kept, name, merge.before[name])
    if untouched:
        kept.save(update_fields=untouched)
    return [name for name in merge.after if name not in untouched]
