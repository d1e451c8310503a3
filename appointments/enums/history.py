"""What happens to an appointment, and what a customer's link is for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventKind(TextChoices):
    BOOKED = "booked", _("booked")
    IMPORTED = "imported", _("imported")
    MOVED = "moved", _("moved")
    CANCELLED = "cancelled", _("cancelled")
    COMPLETED = "completed", _("took place")
    MISSED = "missed", _("customer did not come")
    CAME = "came", _("customer came after all")
    OFFERED = "offered", _("new times offered")
    TOLD = "told", _("customer told, no time yet")
    WITHDRAWN = "withdrawn", _("offers taken back")
    ANSWERED = "answered", _("customer answered")
    NUDGED = "nudged", _("reminded to answer")
    EXPIRED = "expired", _("no answer in time")
    PROMISED = "promised", _("follow-up promised")
    PROMISE_KEPT = "promise_kept", _("promise kept")
    PROMISE_BROKEN = "promise_broken", _("promise broken")
    PUT_OFF = "put_off", _("promise put off, and the customer told")
    CALLED = "called", _("phoned")
    UNREACHABLE = "unreachable", _("message could not be delivered")
    RATED = "rated", _("customer rated us")
    REINSTATED = "reinstated", _("takes place after all")
    CORRECTED = "corrected", _("details corrected")
    CASE_OPENED = "case_opened", _("complaint taken up")
    CASE_STEP = "case_step", _("complaint: a step further")
    CASE_HANDED = "case_handed", _("complaint handed over")
    CASE_CLOSED = "case_closed", _("complaint closed")
    CASE_SOLVED = "case_solved", _("our answer helped")
    CASE_NOT_SOLVED = "case_not_solved", _("our answer did not help")
    CASE_REOPENED = "case_reopened", _("complaint opened again")
    COMPENSATED = "compensated", _("something given")
    REDEEMED = "redeemed", _("what was given was used")
    TAKEN_BACK = "taken_back", _("what was given taken back")
    UNSENT = "unsent", _("our answer taken back before it left")


class LinkPurpose(TextChoices):
    ANSWER = "answer", _("answer to offers")
    FEEDBACK = "feedback", _("two questions afterwards")


class ImportState(TextChoices):
    """`undoing` lasts only as long as the transaction that undoes it: so long the guards let its history go."""

    DRAFT = "draft", _("not imported yet")
    CHECKING = "checking", _("being checked")
    WAITING = "waiting", _("being imported")
    DONE = "done", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
