"""Every kind of message we send, one row each: when it is stale, whether it is worth a call, how urgent it is.

A kind without a row is not sent: `announce` asks for the row, and the product does not start when a text has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise as Words
from django.utils.translation import pgettext_lazy

from appointments.domain.messages import staleness
from appointments.domain.messages.staleness import Check
from notifications.enums import Urgency
from notifications.text import languages


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`stale_if` says why the message must not leave any more, or None.

    `worth_a_call`: when it cannot be delivered, a colleague phones. `urgency` names the clock it respects: NOW leaves
    at any hour, SOON at night only by ways that wake nobody, NORMAL waits for the morning at the place. A message about
    a time nearer than `urgent_within` is NOW.
    """

    stale_if: Check
    worth_a_call: bool
    urgency: Urgency
    urgent_within: timedelta = timedelta()

    def urgency_for(self, moment: datetime, *, now: datetime) -> Urgency:
        """How urgent it is for a message about `moment`."""
        return Urgency.NOW if moment - now < self.urgent_within else self.urgency


KINDS: Mapping[str, Kind] = {
    "offer": Kind(
        stale_if=staleness.round_has_ended,
        worth_a_call=True,
        urgency=Urgency.SOON,
        urgent_within=timedelta(hours=36),
    ),
    "no_time": Kind(
        stale_if=staleness.times_have_come,
        worth_a_call=True,
        urgency=Urgency.SOON,
        urgent_within=timedelta(hours=36),
    ),
    "false_alarm": Kind(
        stale_if=staleness.round_has_ended,
        worth_a_call=True,
        urgency=Urgency.SOON,
        urgent_within=timedelta(hours=36),
    ),
    "nudge": Kind(stale_if=staleness.round_does_not_wait, worth_a_call=True, urgency=Urgency.SOON),
    "expiry": Kind(stale_if=staleness.customer_has_answered, worth_a_call=True, urgency=Urgency.SOON),
    "confirmation": Kind(stale_if=staleness.time_has_changed, worth_a_call=True, urgency=Urgency.NOW),
    "booked": Kind(stale_if=staleness.times_have_changed, worth_a_call=True, urgency=Urgency.SOON),
    "given": Kind(stale_if=staleness.is_not_given, worth_a_call=True, urgency=Urgency.SOON),
    "kept": Kind(stale_if=staleness.time_is_not_ahead, worth_a_call=True, urgency=Urgency.NOW),
    "running_late": Kind(stale_if=staleness.round_has_ended, worth_a_call=True, urgency=Urgency.NOW),
    "cancellation": Kind(stale_if=staleness.time_has_changed, worth_a_call=True, urgency=Urgency.NOW),
    "acknowledgement": Kind(stale_if=staleness.promise_is_settled, worth_a_call=True, urgency=Urgency.SOON),
    "times_gone": Kind(stale_if=staleness.promise_is_settled, worth_a_call=True, urgency=Urgency.SOON),
    # Whoever reads none of it is phoned in any case.
    "not_reached": Kind(stale_if=staleness.promise_is_settled, worth_a_call=False, urgency=Urgency.SOON),
    # At night nothing falls due; whoever reads none of it is phoned or answered a little later anyway.
    "needs_longer": Kind(stale_if=staleness.promise_is_settled, worth_a_call=False, urgency=Urgency.NOW),
    # Written when the promise is kept by it: nothing that comes after makes an answer untrue.
    "reply": Kind(stale_if=staleness.never, worth_a_call=True, urgency=Urgency.SOON),
    # Not worth disturbing anybody for.
    "reminder": Kind(stale_if=staleness.time_is_not_ahead, worth_a_call=False, urgency=Urgency.NORMAL),
    "follow_up": Kind(stale_if=staleness.not_to_be_asked, worth_a_call=False, urgency=Urgency.NORMAL),
    "handed_over": Kind(stale_if=staleness.case_is_with_another, worth_a_call=False, urgency=Urgency.NORMAL),
    "final_check": Kind(stale_if=staleness.case_is_open_again, worth_a_call=False, urgency=Urgency.NORMAL),
    # To a colleague, who sees the same at the desk.
    "escalation": Kind(stale_if=staleness.promises_are_settled, worth_a_call=False, urgency=Urgency.NOW),
    "new_password": Kind(stale_if=staleness.password_was_chosen, worth_a_call=False, urgency=Urgency.NOW),
    # It happened, whatever comes after.
    "second_step": Kind(stale_if=staleness.never, worth_a_call=False, urgency=Urgency.NOW),
    "invitation": Kind(stale_if=staleness.invitation_is_over, worth_a_call=False, urgency=Urgency.NOW),
}

CALLED: Mapping[str, Words] = {
    "offer": pgettext_lazy("message", "times to choose from"),
    "no_time": pgettext_lazy("message", "there is no time yet"),
    "false_alarm": pgettext_lazy("message", "it can take place after all"),
    "nudge": pgettext_lazy("message", "a word to those who have not answered"),
    "expiry": pgettext_lazy("message", "the times are over"),
    "confirmation": pgettext_lazy("message", "the new time"),
    "booked": pgettext_lazy("message", "what was booked"),
    "given": pgettext_lazy("message", "what we give"),
    "kept": pgettext_lazy("message", "it stays as it was"),
    "running_late": pgettext_lazy("message", "we are running late"),
    "cancellation": pgettext_lazy("message", "it is cancelled"),
    "acknowledgement": pgettext_lazy("message", "we have heard"),
    "times_gone": pgettext_lazy("message", "the times are gone"),
    "not_reached": pgettext_lazy("message", "nobody was reached"),
    "needs_longer": pgettext_lazy("message", "it takes longer"),
    "reply": pgettext_lazy("message", "our answer"),
    "reminder": pgettext_lazy("message", "reminder"),
    "follow_up": pgettext_lazy("message", "questions afterwards"),
    "handed_over": pgettext_lazy("message", "who looks after a complaint"),
    "final_check": pgettext_lazy("message", "whether our answer helped"),
    "escalation": pgettext_lazy("message", "to a colleague: what is overdue"),
    "new_password": pgettext_lazy("message", "to a colleague: a new password"),
    "invitation": pgettext_lazy("message", "to a colleague: an invitation"),
    "second_step": pgettext_lazy("message", "to a colleague: the second step at sign-in"),
}
"""What colleagues call them."""

SPOKEN = frozenset({"call"})
"""Texts that a colleague reads out and nobody sends."""


def refuse_texts_without_a_row() -> None:
    """Raises ImproperlyConfigured: somebody has written a message of which nobody has said when it is stale."""
    if unknown := languages.kinds(languages.own()) - set(KINDS) - SPOKEN:
        raise ImproperlyConfigured(f"No row in kinds.KINDS for the messages: {', '.join(sorted(unknown))}")


def of(kind: str) -> Kind:
    """The row of a kind. Raises LookupError for one that has none."""
    try:
        return KINDS[kind]
    except KeyError:
        raise LookupError(f"messages of the kind {kind!r} have no row in kinds.KINDS") from None


def why_stale(kind: str, true_if: Mapping[str, object], *, now: datetime) -> str | None:
    """None while a message still says what is so; otherwise why not, in words for a colleague.

    Of a message that names nothing of ours nothing is asked. Raises LookupError for one of ours without a row.
    """
    return of(kind).stale_if(true_if, now) if true_if else None
