"""Taking up what went wrong: one open case of an appointment, with everything that came in, and one owner."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.domain import booking, own_words, promises
from appointments.domain.actors import Actor
from appointments.domain.colleagues import desk_colleagues, name_of
from appointments.domain.history import in_source, record
from appointments.domain.messages import announce
from appointments.domain.transactions import one_transaction
from appointments.enums import CaseOrigin, EventKind, PromiseKind
from appointments.errors import DomainError
from appointments.models import Appointment, CaseEntry, RecoveryCase, RescheduleRequest
from appointments.models.promise import CALL_KINDS

THEIR_WORDS = (CaseOrigin.TOLD, CaseOrigin.STAFF)
"""What a customer said to us: whoever said nothing is not told who has read it."""


@one_transaction
def take_up(
    appointment: Appointment,
    origin: CaseOrigin,
    *,
    key: str,
    now: datetime,
    by: Actor,
    words: str = "",
    owner: User | None = None,
    at: datetime | None = None,
    mood: str = "",
) -> RecoveryCase | None:
    """Opens a case, or joins the one that is open. `key` names what came in: the same again is the same case.

    `at`: when it came in. `mood` (`Mood`): how they felt then; the first that they said stays. A colleague owes the
    customer an answer from now on, unless one is owed already. None where nobody works at the desk who could own it.
    """
    appointment = booking.lock(appointment)
    known = CaseEntry.objects.filter(key=key).select_related("case").first()
    if known is not None:
        return known.case
    round_ = appointment.requests.told().select_related("contact").order_by("-round").first()
    owner = owner or _who_owns(round_)
    if owner is None:
        return None
    case = RecoveryCase.objects.open().filter(appointment=appointment).first()
    if case is None:
        case = RecoveryCase.objects.create(appointment=appointment, request=round_, owner=owner, opened_at=now)
        record(appointment, EventKind.CASE_OPENED, by=by, now=now, round_=round_, note=in_source(lambda: origin.label))
    if mood and not case.mood_before:
        case.mood_before = mood
        case.save(update_fields=["mood_before"])
    CaseEntry.objects.create(case=case, origin=origin, key=key, at=at or now, words=words)
    _owe_an_answer(case, words or in_source(lambda: origin.label), by=by, now=now)
    return case


@one_transaction
def hand_over(case: RecoveryCase, *, to: User, by: Actor, now: datetime, note: str = "") -> RecoveryCase:
    """Another colleague takes the case on, and with it what is owed to the customer because of it.

    A customer who told us something reads who has it now. Raises `DomainError` for somebody who has left, and when the
    case is closed.
    """
    case = lock(case)
    if not to.is_active:
        raise DomainError(_("This colleague does not work here any more."))
    if not case.is_open:
        raise DomainError(_("This complaint is closed."))
    if case.owner_id == to.pk:
        return case
    owed = list(case.appointment.promises.open().filter(kind=PromiseKind.REPLY).for_display().order_by("due_at", "pk"))
    for promise in owed:
        promises.hand_over(promise, to=to, by=by, now=now)
    case.owner = to
    case.save(update_fields=["owner"])
    if owed and owed[0].due_at > now and case.entries.filter(origin__in=THEIR_WORDS).exists():
        announce.handed_over(case, owed[0], now=now)
    said = own_words.NOW_WITH % {"name": name_of(to)}
    record(
        case.appointment,
        EventKind.CASE_HANDED,
        by=by,
        now=now,
        round_=case.request,
        note="\n".join(filter(None, (said, note.strip()))),
    )
    return case


def lock(case: RecoveryCase) -> RecoveryCase:
    """The case as it stands now, its appointment locked first, as everywhere."""
    booking.lock(Appointment(pk=case.appointment_id))
    RecoveryCase.objects.select_for_update(no_key=True).get(pk=case.pk)
    locked: RecoveryCase = RecoveryCase.objects.for_display().get(pk=case.pk)
    return locked


def _who_owns(round_: RescheduleRequest | None) -> User | None:
    """The colleague whom the customer knows already, else one from the desk."""
    return promises.stand_in_for(round_.contact) if round_ else desk_colleagues().first()


def _owe_an_answer(case: RecoveryCase, details: str, *, by: Actor, now: datetime) -> None:
    if case.appointment.promises.open().filter(kind__in=CALL_KINDS).exists():
        return
    about = case.request or case.appointment
    promises.owe(PromiseKind.REPLY, about, owner=case.owner, details=details, by=by, now=now)
