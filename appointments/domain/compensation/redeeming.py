"""A code is used: exactly once, whoever else has it on their screen at the same moment."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import actors, history
from appointments.domain.colleagues import name_of
from appointments.domain.transactions import one_transaction
from appointments.enums import CompensationState, EventKind
from appointments.errors import DomainError
from appointments.models import Compensation


@one_transaction
def redeem(given: Compensation, *, by: User, now: datetime, note: str = "") -> Compensation:
    """Raises `DomainError`, which says what became of it, for a code that cannot be used (any more)."""
    usable = Compensation.objects.filter(pk=given.pk, state=CompensationState.ISSUED, valid_until__gte=now)
    claimed = usable.update(state=CompensationState.REDEEMED, redeemed_at=now, redeemed_by=by, note=note.strip()[:250])
    found: Compensation = Compensation.objects.for_display().get(pk=given.pk)
    if claimed != 1:
        raise DomainError(why_not(found, now=now))
    said = history.in_source(found.get_benefit_display)
    history.record(found.appointment, EventKind.REDEEMED, by=actors.staff(by), now=now, note=said)
    return found


def why_not(given: Compensation, *, now: datetime) -> str:
    """Why a code cannot be used, for whoever stands at the desk; "" when it can."""
    place = given.appointment.location
    if given.state == CompensationState.REDEEMED and given.redeemed_at is not None:
        said = {"at": place.said(given.redeemed_at), "name": name_of(given.redeemed_by)}
        return _("This code was used on %(at)s; %(name)s took it.") % said
    if given.state == CompensationState.WAITING:
        return _("Nobody has agreed to this yet, so it cannot be used.")
    if given.state != CompensationState.ISSUED:
        return _("This was not granted, or taken back before the customer knew of it.")
    if given.is_expired(now):
        return _("This code could be used until %(at)s.") % {"at": place.said(given.valid_until)}
    return ""
