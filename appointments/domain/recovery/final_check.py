"""After the end of a complaint: whether our answer helped, by one tap."""

from datetime import datetime

from django.utils.translation import gettext as _

from appointments.domain.actors import CUSTOMER
from appointments.domain.colleagues import leads_first
from appointments.domain.history import record
from appointments.domain.recovery import cases, steps
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, Mood
from appointments.errors import DomainError
from appointments.models import Appointment, RecoveryCase


def to_be_checked(appointment: Appointment) -> RecoveryCase | None:
    """The complaint about which the customer is asked: the last one, when it is closed and they have not said yet."""
    last = _last(appointment)
    return last if last is not None and last.is_to_be_checked else None


def has_helped(appointment: Appointment) -> bool:
    """Whether the customer has said so of the last complaint."""
    last = _last(appointment)
    return last is not None and last.solved is True


def mood_asked(appointment: Appointment) -> bool:
    """Whether the customer is asked how they feel about it now."""
    last = _last(appointment)
    return last is not None and last.is_mood_asked


@one_transaction
def feel(appointment: Appointment, *, mood: Mood) -> RecoveryCase:
    """How the customer feels about it, after they have said that it is settled. Once; raises `DomainError` else."""
    last = _last(appointment)
    if last is None or not (case := cases.lock(last)).is_mood_asked:
        raise DomainError(_("You have answered this already, or it is being worked on again."))
    case.mood_after = mood
    case.save(update_fields=["mood_after"])
    return case


@one_transaction
def say(appointment: Appointment, *, solved: bool, now: datetime) -> RecoveryCase:
    """The customer says whether it answered them. If not, somebody who leads takes it up anew. Once for each end.

    Raises `DomainError` when nothing is asked any more.
    """
    asked = to_be_checked(appointment)
    if asked is None or not (case := cases.lock(asked)).is_to_be_checked:
        raise DomainError(_("You have answered this already, or it is being worked on again."))
    case.solved = solved
    case.save(update_fields=["solved"])
    kind = EventKind.CASE_SOLVED if solved else EventKind.CASE_NOT_SOLVED
    record(case.appointment, kind, by=CUSTOMER, now=now, round_=case.request)
    if solved:
        return case
    return steps.reopen(case, to=next(iter(leads_first()), case.owner), by=CUSTOMER, now=now)


def _last(appointment: Appointment) -> RecoveryCase | None:
    found: RecoveryCase | None = (
        RecoveryCase.objects.filter(appointment=appointment).order_by("-opened_at", "-pk").first()
    )
    return found
