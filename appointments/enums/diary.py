"""The words of the diary and of what is moved in it: appointments, rounds, plans, promises."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Tone(TextChoices):
    """How messages greet, address and take their leave. What they say is the same in each."""

    POLITE = "polite", _("polite, as at a good front desk")
    WARM = "warm", _("warm, as among people who know each other")
    BRIEF = "brief", _("brief, without ado")


class Manner(TextChoices):
    """In which way an appointment takes place."""

    USUAL = "usual", _("as usual")
    PHONE = "phone", _("online or by phone")
    HOME = "home", _("at the customer’s home")


class Honorific(TextChoices):
    """How the customer is greeted; each language's habits have the words for it."""

    MR = "mr", _("Mr / Bapak")
    MS = "ms", _("Ms / Ibu")
    UNKNOWN = "", _("not known (Bapak/Ibu)")


class ResourceKind(TextChoices):
    """RFC 5545's CUTYPE makes the same three: INDIVIDUAL, ROOM, RESOURCE."""

    PROVIDER = "provider", _("provider")
    ROOM = "room", _("room")
    EQUIPMENT = "equipment", _("equipment")


class ServiceKind(TextChoices):
    VISIT = "visit", _("visit")
    CONSULTATION = "consultation", _("consultation")
    DELIVERY = "delivery", _("delivery window")
    ONSITE = "onsite", _("on-site job")


class Weekday(IntegerChoices):
    """Python's numbering (`date.weekday()`)."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class AbsenceKind(TextChoices):
    LEAVE = "leave", _("leave")
    UNAVAILABLE = "unavailable", _("not available")
    TRAINING = "training", _("training")
    MAINTENANCE = "maintenance", _("maintenance")
    BLOCKED = "blocked", _("blocked")


class AppointmentState(TextChoices):
    BOOKED = "booked", _("booked")
    COMPLETED = "completed", _("took place")
    MISSED = "missed", _("customer did not come")
    CANCELLED = "cancelled", _("cancelled")


class Family(TextChoices):
    """What kind of cause makes us move an appointment."""

    OPERATIONAL = "operational", _("technical or operational")
    ABSENCE = "absence", _("staff absence")
    PRIORITIES = "priorities", _("changed priorities")
    CUSTOMER = "customer", _("customer’s request")
    OUTSIDE = "outside", _("outside our control")


class Fault(TextChoices):
    """Who answers for it; the apology follows from this."""

    OURS = "ours", pgettext_lazy("fault", "ours")
    CUSTOMER = "customer", pgettext_lazy("fault", "the customer’s")
    NOBODY = "nobody", pgettext_lazy("fault", "no one’s")


class ReasonAbout(TextChoices):
    """What a reason takes away as a rule; a colleague can say otherwise."""

    PERSON = "person", _("the person whom the appointment is with")
    ROOM = "room", _("the room")
    EQUIPMENT = "equipment", _("the equipment")
    PLACE = "place", _("the whole place")
    APPOINTMENT = "appointment", _("only the appointment itself")


class ReasonSpan(TextChoices):
    """For how long, as a rule."""

    TIME = "time", _("during the appointment")
    DAY = "day", _("that whole day")


class DisruptionScope(TextChoices):
    RESOURCES = "resources", _("people, rooms or equipment")
    PLACE = "place", _("a whole place")
    APPOINTMENT = "appointment", _("one appointment")


class DisruptionSource(TextChoices):
    """Where we know it from. What was said, an absence and a closure are kept free as long as they say; of changed
    hours and the like only the rows themselves say when something is free again.
    """

    SAID = "said", _("entered by a colleague")
    ABSENCE = "absence", _("absence")
    CLOSURE = "closure", _("closure")
    HOURS = "hours", _("changed hours")
    SWITCHED_OFF = "switched_off", _("no longer in use")
    SERVICE = "service", _("changed service")
    ZONE = "zone", _("changed time zone")
    LATE = "late", _("running late")


class DisruptionState(TextChoices):
    """Where the work on it stands, whether or not it lasts. Open again: somebody has been hit since it was closed."""

    OPEN = "open", _("open")
    AGAIN = "again", _("open again")
    CLOSED = "closed", pgettext_lazy("disruption", "closed")
    CALLED_OFF = "called_off", _("called off")


class PlanState(TextChoices):
    """How far a plan for all whom a disruption hits has come. Of the last two nothing follows."""

    DRAFT = "draft", _("being made")
    APPROVAL = "approval", _("waits for a second colleague")
    COUNTDOWN = "countdown", _("about to leave")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("dropped")


ON_THEIR_WAY = (PlanState.APPROVAL, PlanState.COUNTDOWN, PlanState.SENDING)
LIVE_PLAN_STATES = (PlanState.DRAFT, *ON_THEIR_WAY)


class LineState(TextChoices):
    """What became of one line of a plan."""

    PLANNED = "planned", _("not sent yet")
    SENT = "sent", _("on its way")
    CALL = "call", _("to be phoned")
    NEEDLESS = "needless", _("settled meanwhile")
    FAILED = "failed", _("failed")


class HowSoon(TextChoices):
    """By when somebody has to know that their appointment cannot take place."""

    TODAY = "today", _("today")
    TOMORROW = "tomorrow", _("tomorrow")
    WEEK = "week", _("within a week")
    LATER = "later", _("later")


class HowRecently(TextChoices):
    """How often we moved a customer before."""

    NEVER = "never", _("never moved by us")
    ONCE = "once", _("moved by us once, longer ago")
    LATELY = "lately", _("moved by us in the last month")
    OFTEN = "often", _("moved by us more than once")


class HowReached(TextChoices):
    """By which way a customer hears of it."""

    WRITTEN = "written", _("by message")
    PHONE = "phone", _("only by phone")
    NOT = "not", _("no address and no number")


class RequestState(TextChoices):
    """Where one round of moving one appointment stands. OPEN and WITH_US are live; the rest are ends."""

    OPEN = "open", _("waiting for the customer")
    WITH_US = "with_us", _("our turn to answer")
    ACCEPTED = "accepted", _("new time chosen")
    KEPT = "kept", _("original time kept")
    CANCELLED = "cancelled", _("cancelled by the customer")
    REPLACED = "replaced", _("replaced by a newer proposal")
    WITHDRAWN = "withdrawn", _("taken back by us")


LIVE_REQUEST_STATES = (RequestState.OPEN, RequestState.WITH_US)


class OfferState(TextChoices):
    LIVE = "live", _("on offer")
    TAKEN = "taken", _("chosen")
    GONE = "gone", _("no longer free")
    LAPSED = "lapsed", _("no longer open")
    WITHDRAWN = "withdrawn", _("taken back")


class Why(TextChoices):
    """Why a time is offered: the one line under each offer."""

    SAME_PERSON = "same_person", _("same person")
    SOONEST = "soonest", _("the soonest we have")
    SAME_HOUR = "same_hour", _("same hour, another day")
    SAME_TIME_OTHER_PERSON = "other_person", _("same time, with a colleague")
    SAME_DAY = "same_day", _("same day, another time")
    ANOTHER = "another", _("another free time")
    WISH = "wish", _("as you asked")
    STAFF_CHOICE = "staff_choice", _("chosen for you by our staff")


class AnswerKind(TextChoices):
    PICK = "pick", _("chose a time")
    OTHER_TIMES = "other_times", _("asked for other times")
    CALL_ME = "call_me", _("asked to be called")
    KEEP = "keep", _("keeps the original time")
    CANCEL = "cancel", _("cancelled")
    TELL = "tell", _("told us something")
    BACK = "back", _("took it back")


class PromiseKind(TextChoices):
    ANSWER_OR_CALL = "answer_or_call", _("call if there is no answer")
    HOLD = "hold", _("keep the offered times free")
    FIND_TIMES = "find_times", _("find other times")
    CALL = "call", _("phone the customer")
    REPLY = "reply", _("answer what the customer told us")


class PromiseState(TextChoices):
    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    BROKEN = "broken", _("broken")
    RELEASED = "released", _("no longer needed")


class Alarm(IntegerChoices):
    """Who has been told that a promise is about to break, each step after the one before."""

    NOBODY = 0, _("nobody yet")
    OWNER = 1, _("whoever promised it")
    SECOND = 2, _("a second colleague")
    EVERYBODY = 3, _("everybody at the desk")


class CallOutcome(TextChoices):
    CHOSE = "chose", _("Chose a time")
    OTHER_TIMES = "other_times", _("Wants other times")
    KEEP = "keep", _("Keeps the original time")
    CANCEL = "cancel", _("Cancels")
    CALL_LATER = "call_later", _("Asked to be called later")
    SETTLED = "settled", _("Answered, nothing more to do")
    NO_ANSWER = "no_answer", _("Nobody answered")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


UNREACHED = (CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER)
"""Calls in which nobody was spoken to."""


class ActorKind(TextChoices):
    STAFF = "staff", pgettext_lazy("actor", "staff")
    CUSTOMER = "customer", pgettext_lazy("actor", "customer")
    SYSTEM = "system", pgettext_lazy("actor", "automatic")
    IMPORT = "import", pgettext_lazy("actor", "import")
