"""Two questions after a move, and what a bad answer sets off."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from appointments.domain import booking, own_words, promises
from appointments.domain.actors import CUSTOMER
from appointments.domain.history import record
from appointments.domain.moving import limits
from appointments.domain.transactions import one_transaction
from appointments.enums import EventKind, PromiseKind
from appointments.errors import DomainError
from appointments.models import Appointment, Customer, Feedback, Promise, RescheduleRequest

QUESTIONS = ("handling", "outcome")
TOLD = {"handling": own_words.RATED_HANDLING, "outcome": own_words.RATED_OUTCOME}
"""How a score stands in the history."""
BAD = 2


@one_transaction
def rate(appointment: Appointment, *, question: str, score: int, now: datetime) -> Feedback:
    """Writes one score, 1 to 5; a customer may think again. A bad one gets a promise that a person answers."""
    if question not in QUESTIONS or score not in range(1, 6):
        raise DomainError(_("Please choose one of the five answers."))
    appointment = booking.lock(appointment)
    feedback, __ = Feedback.objects.get_or_create(appointment=appointment, defaults={"at": now})
    if getattr(feedback, question) == score:
        return feedback
    limits.must_allow_one_more(appointment, now=now)
    setattr(feedback, question, score)
    feedback.save(update_fields=[question])
    record(appointment, EventKind.RATED, by=CUSTOMER, now=now, note=TOLD[question] % {"score": score})
    if score <= BAD:
        _owe_an_answer(appointment, own_words.RATED % {"score": score}, now=now)
    return feedback


@one_transaction
def add_words(appointment: Appointment, *, words: str, now: datetime) -> Feedback:
    """Keeps the customer's own words beside the scores; a person reads and answers them."""
    appointment = booking.lock(appointment)
    feedback, __ = Feedback.objects.get_or_create(appointment=appointment, defaults={"at": now})
    words = words.strip()[: limits.LONGEST_WORDS]
    if not words or feedback.words == words:
        return feedback
    limits.must_allow_one_more(appointment, now=now)
    feedback.words = words
    feedback.save(update_fields=["words"])
    record(appointment, EventKind.RATED, by=CUSTOMER, now=now, note=noop("in their own words"))
    _owe_an_answer(appointment, words, now=now)
    return feedback


def ask_no_more(customer: Customer) -> None:
    """No more questions of this kind. Apologies and confirmations are sent in any case."""
    customer.wants_follow_up = False
    customer.save(update_fields=["wants_follow_up"])


@dataclass(frozen=True)
class Asked:
    """One question as the page shows it; `given` is the score so far."""

    key: str
    text: str
    given: int | None


def asked(appointment: Appointment, given: Feedback | None) -> list[Asked]:
    """The two questions, in the reader's language, with what was answered. Whose hour stayed is asked of no new one."""
    new_time = appointment.has_new_time
    texts = {
        "handling": _("How did we handle the change?"),
        "outcome": _("Did the new time work for you?") if new_time else _("Was the change all right for you?"),
    }
    return [Asked(key, texts[key], getattr(given, key, None)) for key in QUESTIONS]


def is_bad(given: Feedback | None) -> bool:
    """Whether something went wrong for this customer: then nobody thanks before saying sorry."""
    scores = [getattr(given, question, None) for question in QUESTIONS]
    return any(score is not None and score <= BAD for score in scores)


def owed(appointment: Appointment) -> Promise | None:
    """The answer that we owe to what this customer told us, if any is open."""
    replies = appointment.promises.open().filter(kind=PromiseKind.REPLY).select_related("owner")
    found: Promise | None = replies.order_by("due_at", "pk").first()
    return found


def _owe_an_answer(appointment: Appointment, details: str, *, now: datetime) -> None:
    round_ = _round_of(appointment)
    if round_ is None:
        return
    promises.owe(PromiseKind.REPLY, round_, owner=round_.contact, details=details, now=now)


def _round_of(appointment: Appointment) -> RescheduleRequest | None:
    round_: RescheduleRequest | None = appointment.requests.order_by("-round").first()
    return round_
