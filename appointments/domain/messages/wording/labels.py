"""What an owner calls our messages, their parts, and what stands in braces. Tables only."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.text.values import EVERY

GROUPS: Sequence[tuple[Any, Sequence[str]]] = (
    (_("In every message"), (EVERY,)),
    (
        _("When a time has to move"),
        ("offer", "no_time", "nudge", "expiry", "times_gone", "running_late", "false_alarm"),
    ),
    (_("What is agreed"), ("booked", "confirmation", "kept", "cancellation")),
    (_("Before and after the appointment"), ("reminder", "follow_up")),
    (_("While they wait for us"), ("acknowledgement", "not_reached", "needs_longer")),
    (_("When something went wrong"), ("reply", "handed_over", "final_check", "given")),
    (_("To colleagues"), ("escalation", "invitation", "new_password", "second_step")),
)
"""Every kind once, as an owner would look for it."""

KINDS: Mapping[str, Any] = {
    EVERY: _("How letters end"),
    "offer": _("We have to move you: please choose"),
    "no_time": _("We have to move you, and look for a time"),
    "nudge": _("We have no answer yet"),
    "expiry": _("The time to answer has passed"),
    "times_gone": _("The times on offer are gone"),
    "running_late": _("We are running late"),
    "false_alarm": _("It can take place after all"),
    "booked": _("Booked"),
    "confirmation": _("The new time is confirmed"),
    "kept": _("It stays as it was"),
    "cancellation": _("Cancelled"),
    "reminder": _("Reminder"),
    "follow_up": _("How did we handle it?"),
    "acknowledgement": _("We have your answer"),
    "not_reached": _("We tried to phone you"),
    "needs_longer": _("It takes us longer"),
    "reply": _("Our answer to what they told us"),
    "handed_over": _("Somebody else looks after it now"),
    "final_check": _("Did our answer settle it?"),
    "given": _("Something for the trouble"),
    "escalation": _("A promise is due"),
    "invitation": _("Invitation to a colleague"),
    "new_password": _("A new password"),
    "second_step": _("The second step at sign-in has changed"),
}

PARTS: Mapping[str, Any] = {
    "subject": _("Subject"),
    "subject_same": _("Subject, when the time stays the same"),
    "subject_moved": _("Subject, when there is a new time"),
    "subject_withdrawn": _("Subject, when we need no new time after all"),
    "subject_kept": _("Subject, when they keep their time"),
    "subject_asked": _("Subject, when they asked for it"),
    "subject_ours": _("Subject, when we had to"),
    "subject_call": _("Subject, when they asked for a call"),
    "subject_times": _("Subject, when they asked for other times"),
    "subject_sorry": _("Subject, after a bad score"),
    "subject_message": _("Subject, when they wrote to us"),
    "subject_number": _("Subject, when the number is wrong"),
    "subject_tried": _("Subject, when nobody answered"),
    "opening": _("A sentence of your own after the greeting"),
    "ending": _("A sentence of your own at the end"),
    "regards": _("Regards"),
    "signature": _("A line under the name"),
    "news": _("The news, and what you say around it"),
    "thanks": _("Thanks"),
    "thanks_phone": _("Thanks, when it was agreed by phone"),
    "thanks_back": _("When they took their change back"),
    "thanks_same": _("Thanks, when the time stays the same"),
    "by_us": _("When the change came from us"),
    "questions_later": _("That we will ask how it was"),
    "reminds": _("That it is only a reminder"),
    "new_time": _("When the time is a new one"),
    "agreed": _("What follows is agreed"),
    "why": _("Why they get it"),
    "passed": _("That the time to answer has passed"),
    "not_yet": _("That the answer is missing"),
    "none_yet": _("That there is no time yet"),
    "wishes": _("That they can say what suits them"),
    "sorry": _("Sorry"),
    "twice": _("That they need not say it twice"),
    "asks": _("The question"),
    "told": _("Before what they told us"),
    "answers": _("Before our answer"),
    "nothing_to_do": _("That there is nothing to do"),
    "asked_call": _("When they asked for a call"),
    "asked_times": _("When they asked for other times"),
    "message": _("When they wrote to us"),
    "from_you": _("Before their own words"),
    "until_then": _("That they need not do anything"),
    "only_one": _("When there is one time to offer"),
    "choose": _("When there are several times to offer"),
    "welcome": _("How to begin"),
    "sms_begins": _("How it begins"),
    "sms_thanks": _("Thanks"),
    "sms_sorry": _("Sorry"),
    "sms_asks": _("The question"),
    "sms_read": _("Before the link"),
}

PLACES: Mapping[str, Any] = {"subject": _("Subject"), "letter": _("E-mail"), "sms": _("Text message")}

PLACEHOLDERS: Mapping[str, Any] = {
    "name": _("the customer’s name, with the title that we know"),
    "you": _("how the customer is addressed"),
    "business": _("the name of the business"),
    "contact": _("the colleague who looks after it"),
    "appointment": _("what it is about"),
    "service": _("the service"),
    "place": _("the place"),
    "when": _("the day and hour that hold"),
    "was": _("the day and hour as they were"),
    "until": _("until when we need the answer"),
    "promised": _("by when they hear from us"),
    "case": _("the number of the case"),
    "gift": _("what we give"),
    "news": _("what this message has to say, as the standard text says it"),
}
