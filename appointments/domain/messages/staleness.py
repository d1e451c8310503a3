"""Is a message still true in the moment it leaves? Asked by the post office before every send."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from appointments.enums import LIVE_REQUEST_STATES, AppointmentState, PromiseState, RequestState
from appointments.models import Appointment, Compensation, Invitation, Offer, Promise, RecoveryCase, RescheduleRequest

TrueIf = Mapping[str, Any]
"""What a message says, by which it is compared with the present: ids, a sequence, a state."""
Check = Callable[[TrueIf, datetime], str | None]
"""Why such a message must not leave any more, in words for a colleague; None while it is true."""


def never(true_if: TrueIf, now: datetime) -> None:
    """For what stays true whatever happens."""


def round_has_ended(true_if: TrueIf, now: datetime) -> str | None:
    state = RescheduleRequest.objects.filter(pk=true_if["request"]).values_list("state", flat=True).first()
    if state in LIVE_REQUEST_STATES:
        return None
    return _("The proposal has ended: %(state)s.") % {"state": RequestState(state).label if state else _("gone")}


def times_have_come(true_if: TrueIf, now: datetime) -> str | None:
    """For the word that there is no time yet, and until when somebody looks for one."""
    if Offer.objects.filter(request=true_if["request"]).exists():
        return _("There are times to choose from meanwhile.")
    return round_has_ended(true_if, now) or promise_is_settled(true_if, now)


def is_not_given(true_if: TrueIf, now: datetime) -> str | None:
    """For the word that somebody gets something."""
    given = Compensation.objects.filter(pk=true_if["compensation"]).first()
    return None if given and given.can_be_used(now) else _("The code cannot be used any more.")


def round_does_not_wait(true_if: TrueIf, now: datetime) -> str | None:
    round_ = RescheduleRequest.objects.filter(pk=true_if["request"]).first()
    if round_ and round_.state == RequestState.OPEN and now < round_.respond_by:
        return None
    return _("The customer has answered, or the time to answer is over.")


def customer_has_answered(true_if: TrueIf, now: datetime) -> str | None:
    round_ = RescheduleRequest.objects.filter(pk=true_if["request"]).first()
    if round_ and round_.state == RequestState.WITH_US and round_.answered_at is None:
        return None
    return _("The customer has answered meanwhile.")


def time_has_changed(true_if: TrueIf, now: datetime) -> str | None:
    appointment = Appointment.objects.filter(pk=true_if["appointment"]).first()
    wanted = true_if.get("state", AppointmentState.BOOKED)
    if appointment and appointment.state == wanted and appointment.sequence == true_if["sequence"]:
        return None
    return _("The appointment has changed since this was written.")


def times_have_changed(true_if: TrueIf, now: datetime) -> str | None:
    """For what was booked with one form: each of its times has to stand."""
    wanted: dict[int, int] = dict(true_if["times"])
    rows = Appointment.objects.filter(pk__in=wanted, state=AppointmentState.BOOKED)
    if dict(rows.values_list("pk", "sequence")) == wanted:
        return None
    return _("The appointment has changed since this was written.")


def time_is_not_ahead(true_if: TrueIf, now: datetime) -> str | None:
    if RescheduleRequest.objects.undecided().filter(appointment=true_if["appointment"]).exists():
        return _("The appointment is being moved.")
    if Appointment.objects.filter(pk=true_if["appointment"], starts_at__lte=now).exists():
        return _("The appointment has begun.")
    return time_has_changed(true_if, now)


def promise_is_settled(true_if: TrueIf, now: datetime) -> str | None:
    promise = Promise.objects.filter(pk=true_if["promise"], state=PromiseState.OPEN).first()
    if promise is None:
        return _("What was promised has been done already.")
    if "due_at" in true_if and datetime.fromisoformat(true_if["due_at"]) != promise.due_at:
        return _("It was promised for another hour since this was written.")
    return None


def promises_are_settled(true_if: TrueIf, now: datetime) -> str | None:
    """Of several promises in one message: while one of them stands as it was, there is something to do."""
    if "promise" in true_if:  # written about a single one, by an earlier release
        return promise_is_settled(true_if, now)
    due = {int(pk): datetime.fromisoformat(due_at) for pk, due_at in true_if["promises"]}
    open_ones = Promise.objects.open().filter(pk__in=due).values_list("pk", "due_at")
    if any(due[pk] == due_at for pk, due_at in open_ones):
        return None
    return _("What was promised has been done already, or was promised for another hour since this was written.")


def case_is_with_another(true_if: TrueIf, now: datetime) -> str | None:
    """For the word who looks after a complaint from now on."""
    if RecoveryCase.objects.open().filter(pk=true_if["case"], owner=true_if["owner"]).exists():
        return None
    return _("Somebody else looks after it meanwhile, or it is settled.")


def case_is_open_again(true_if: TrueIf, now: datetime) -> str | None:
    """For the question whether our answer to a complaint helped."""
    case = RecoveryCase.objects.filter(pk=true_if["case"]).select_related("appointment__customer").first()
    if case and case.is_to_be_checked and case.appointment.customer.wants_follow_up:
        return None
    return _("The complaint is open again, the customer has said so already, or does not want to be asked.")


def not_to_be_asked(true_if: TrueIf, now: datetime) -> str | None:
    appointment = Appointment.objects.filter(pk=true_if["appointment"]).select_related("customer").first()
    if appointment and appointment.state == AppointmentState.COMPLETED and appointment.customer.wants_follow_up:
        return None
    return _("The appointment did not take place, or the customer does not want to be asked.")


def invitation_is_over(true_if: TrueIf, now: datetime) -> str | None:
    """For a link that brings somebody here: taken up, taken back, run out, or another one has been made since."""
    if Invitation.objects.open(now).filter(pk=true_if["invitation"], links=true_if["links"]).exists():
        return None
    return _("The invitation has ended, or its link was replaced by a new one.")


def password_was_chosen(true_if: TrueIf, now: datetime) -> str | None:
    """For a link by which somebody chooses a new password: they have, or have signed in, or have left meanwhile."""
    user = User.objects.filter(pk=true_if["user"], is_active=True).first()
    if user is not None and mark_of(user) == true_if["mark"]:
        return None
    return _("The link opens nothing any more: they have signed in, chosen a password or left since.")


def mark_of(user: User) -> str:
    """Changes with their password and whenever they sign in, and says nothing of either."""
    return hashlib.sha256(f"{user.password}{user.last_login}{user.email}".encode()).hexdigest()[:16]
