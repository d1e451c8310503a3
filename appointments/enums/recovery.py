"""The words of complaints: how one came in, how far the work on it is, and what we do about it."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseStage(TextChoices):
    """The five steps of H.E.A.R.D. (hear, empathise, apologise, resolve, diagnose), then the end."""

    HEAR = "hear", _("Listen")
    EMPATHISE = "empathise", _("See what it cost")
    APOLOGISE = "apologise", _("Say sorry")
    RESOLVE = "resolve", _("Put it right")
    DIAGNOSE = "diagnose", _("Learn from it")
    CLOSED = "closed", pgettext_lazy("complaint", "closed")


class CaseOrigin(TextChoices):
    """How we came to know of it."""

    TOLD = "told", _("the customer told us something")
    SCORE = "score", _("a bad score")
    ROUNDS = "rounds", _("twice none of our times suited")
    UNREACHED = "unreached", _("a message reached nobody")
    BROKEN = "broken", _("a promise was broken")
    STAFF = "staff", _("written down by a colleague")


class CaseConcern(TextChoices):
    """What it is to the customer; the cause, which we find out ourselves, may be another thing."""

    WAIT = "wait", _("had to wait for us")
    LOST_TIME = "lost_time", _("time and trips for nothing")
    AGAIN = "again", _("moved more than once")
    WORDS = "words", _("how we spoke or wrote")
    NO_ANSWER = "no_answer", _("a question left open")
    RESULT = "result", _("what was done at the appointment")
    PRICE = "price", _("what it costs")
    OTHER = "other", _("something else")
    NOTHING = "nothing", _("nothing went wrong: a question or thanks")


class ApologyLevel(IntegerChoices):
    """How much of it is ours to answer for, rising."""

    REGRET = 1, _("We regret that it happened.")
    SORRY = 2, _("We are sorry for it.")
    RESPONSIBLE = 3, _("It is our responsibility, and we are sorry.")


class PointAction(TextChoices):
    """What settles one point of a complaint; each is carried out before the complaint can be closed."""

    WORDS = "words", _("our answer in writing")
    CALL = "call", _("a phone call")
    NEW_TIME = "new_time", _("another time")
    GIVE = "give", _("something we give")


class Mood(TextChoices):
    """How somebody feels about it, by one tap: when they told us, and when it had been put right."""

    CALM = "calm", pgettext_lazy("mood", "calm")
    UNEASY = "uneasy", pgettext_lazy("mood", "uneasy")
    UPSET = "upset", pgettext_lazy("mood", "upset")
