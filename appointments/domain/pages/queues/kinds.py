"""The queues: what stands in each, how it can be narrowed and ordered, and what an empty one teaches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.domain import affected
from appointments.domain.colleagues import within_reach
from appointments.domain.limbo import in_limbo
from appointments.domain.messages import failed
from appointments.domain.pages.queues.moment import Moment
from appointments.domain.pages.queues.sources import APPOINTMENTS, CASES, PROMISES, ROUNDS, Source
from appointments.enums import AppointmentState, CaseStage, DisruptionSource, PromiseKind, RequestState
from appointments.models import AffectedAppointment
from appointments.models.promise import WAITS_FOR_US

Narrowed = Callable[[QuerySet[Any], Moment], QuerySet[Any]]
SORTS: Mapping[str, LazyText] = {
    "turn": _("most urgent"),
    "due": _("due hour"),
    "time": _("appointment"),
    "customer": _("customer"),
}


@dataclass(frozen=True)
class Kind:
    """One sort of what stands in a queue."""

    label: LazyText | str
    is_so: Callable[[], Q]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """`code` names it in addresses. `empty`: what its page says when nothing stands in it, and what fills it; `then`:
    where one goes from an empty one.
    """

    code: str
    title: LazyText
    short: LazyText
    lead: LazyText
    source: Source
    narrowed: Narrowed
    empty: tuple[LazyText, LazyText]
    then: tuple[str, LazyText] = ("home", _("Open the board"))
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    sorts: tuple[str, ...] = ("due", "time", "customer")

    def rows(self, moment: Moment) -> QuerySet[Any]:
        """All that stands in it at the places of the reader: the one source of its number and of its rows."""
        rows = self.narrowed(self.source.rows(), moment)
        return within_reach(rows, moment.reader, place=self.source.place)


def _to_work_on(*kinds: PromiseKind) -> Narrowed:
    """What waits for us, of these kinds: silent customers are phoned like those who asked for it."""
    wanted = WAITS_FOR_US & Q(kind__in=kinds) if kinds else WAITS_FOR_US
    return lambda rows, moment: rows.filter(wanted)


def _hit(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    return rows.filter(pk__in=affected.to_move().values("appointment"))


def _untold(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    return rows.filter(pk__in=affected.untold().values("appointment"))


def _of_source(source: DisruptionSource) -> Q:
    """Whether something known from there stands in its way."""
    own = AffectedAppointment.objects.to_move().filter(appointment=OuterRef("pk"), disruption__source=source)
    return Q(Exists(own))


def _of_kinds(*kinds: PromiseKind) -> dict[str, Kind]:
    return {kind.value: Kind(kind.label, partial(Q, kind=kind)) for kind in kinds}


PHONED = (PromiseKind.CALL, PromiseKind.ANSWER_OR_CALL)
TO_WORK_ON = (*PHONED, PromiseKind.FIND_TIMES, PromiseKind.REPLY)
IN_TURN = ("turn", "due", "time", "customer")
_TO_ALL = ("calls", _("See what is everybody’s turn"))
_TO_THE_WAITING = ("waiting", _("See who has not answered yet"))
_BY_THEMSELVES = _(
    "Complaints, bad scores, broken promises and messages that reached nobody appear here by themselves."
)
_NOTHING_OWED = _("Customers who ask to be called, who want other times, or who stay silent appear here.")

QUEUES: Mapping[str, Queue] = {
    one.code: one
    for one in (
        Queue(
            code="mine",
            title=_("Mine"),
            short=_("Mine"),
            lead=_("What you have promised to do, the most urgent first."),
            then=_TO_ALL,
            source=PROMISES,
            narrowed=lambda rows, moment: rows.filter(WAITS_FOR_US, owner=moment.reader),
            empty=(_("Nothing waits for you"), _("Take something over, or look at what is due today.")),
            kinds=_of_kinds(*TO_WORK_ON),
            sorts=IN_TURN,
        ),
        Queue(
            code="today",
            title=_("Due today"),
            short=_("Due today"),
            lead=_("What somebody has to have done before midnight, and what is late already."),
            then=_TO_ALL,
            source=PROMISES,
            narrowed=lambda rows, moment: rows.filter(WAITS_FOR_US, PROMISES.is_due_today(moment)),
            empty=(_("Nothing more is due today"), _("What is due later stands with everything that waits for us.")),
            kinds=_of_kinds(*TO_WORK_ON),
            sorts=IN_TURN,
        ),
        Queue(
            code="calls",
            title=_("To phone and to answer"),
            short=_("Our turn"),
            lead=_("Each of these was promised to somebody, the most urgent first."),
            then=_TO_THE_WAITING,
            source=PROMISES,
            narrowed=_to_work_on(),
            empty=(_("Nobody is waiting for a call"), _NOTHING_OWED),
            kinds=_of_kinds(*TO_WORK_ON),
            sorts=IN_TURN,
        ),
        Queue(
            code="to-call",
            title=_("To phone"),
            short=_("To phone"),
            lead=_("Who asked to be called, whom no message reaches, and who has not answered in time."),
            then=_TO_ALL,
            source=PROMISES,
            narrowed=_to_work_on(*PHONED),
            empty=(_("Nobody is waiting for a call"), _NOTHING_OWED),
            kinds=_of_kinds(*PHONED),
            sorts=IN_TURN,
        ),
        Queue(
            code="other-times",
            title=_("Want other times"),
            short=_("Other times"),
            lead=_("None of the times we offered suits them. They wait for others."),
            then=_TO_ALL,
            source=PROMISES,
            narrowed=_to_work_on(PromiseKind.FIND_TIMES),
            empty=(
                _("Nobody has asked for other times"),
                _("Whoever can take none of the offered times appears here."),
            ),
            sorts=IN_TURN,
        ),
        Queue(
            code="answers",
            title=_("Answers to write"),
            short=_("To answer"),
            lead=_("What customers told us or asked us, and nobody has answered yet."),
            then=_TO_ALL,
            source=PROMISES,
            narrowed=_to_work_on(PromiseKind.REPLY),
            empty=(_("Everything is answered"), _("Questions, comments and complaints of customers appear here.")),
            sorts=IN_TURN,
        ),
        Queue(
            code="complaints",
            title=_("Complaints and comments"),
            short=_("Complaints"),
            lead=_("What went wrong for somebody, the most urgent first. Each has one of us who puts it right."),
            source=CASES,
            narrowed=lambda rows, moment: rows,
            empty=(
                _("Nobody is unhappy that we know of"),
                _BY_THEMSELVES,
            ),
            kinds={one.value: Kind(one.label, partial(Q, stage=one)) for one in CaseStage if one != CaseStage.CLOSED},
        ),
        Queue(
            code="waiting",
            title=_("Waiting for an answer"),
            short=_("Waiting"),
            lead=_("The nearest deadline first. Whoever stays silent is reminded twice and then phoned."),
            source=ROUNDS,
            narrowed=lambda rows, moment: rows.filter(state=RequestState.OPEN),
            empty=(_("No answers to wait for"), _("Offers you send appear here until the customer has answered.")),
            kinds={
                "opened": Kind(_("has opened the page"), lambda: Q(seen_at__isnull=False)),
                "unopened": Kind(_("has not opened the page"), lambda: Q(seen_at__isnull=True)),
                "reminded": Kind(_("has been reminded"), lambda: Q(nudges__gt=0)),
                "silent": Kind(_("has let the deadline pass"), lambda: Q(expired_at__isnull=False)),
            },
        ),
        Queue(
            code="failed",
            title=_("Messages that did not arrive"),
            short=_("Not arrived"),
            lead=_("Until the customer has been spoken with, has answered, or another message has arrived."),
            then=_TO_THE_WAITING,
            source=APPOINTMENTS,
            narrowed=lambda rows, moment: rows.filter(pk__in=failed.appointments(), ends_at__gt=moment.now),
            empty=(_("Every message has arrived"), _("A message that comes back appears here, with the next step.")),
            kinds={
                "booked": Kind(_("is booked"), lambda: Q(state=AppointmentState.BOOKED)),
                "cancelled": Kind(_("is cancelled"), lambda: Q(state=AppointmentState.CANCELLED)),
            },
            sorts=("time", "customer"),
        ),
        Queue(
            code="to-move",
            title=_("To move"),
            short=_("To move"),
            lead=_(
                "Booked, but cannot take place. Each stays here until it is moved, takes place after all, or is "
                "cancelled."
            ),
            source=APPOINTMENTS,
            narrowed=_hit,
            empty=(
                _("Nobody has to be moved"),
                _("When something cannot take place, everybody who is booked in it stands here."),
            ),
            kinds={one.value: Kind(one.label, partial(_of_source, one)) for one in DisruptionSource},
            sorts=("time", "customer"),
        ),
        Queue(
            code="untold",
            title=_("Not told yet"),
            short=_("Untold"),
            lead=_("Their appointment cannot take place, and nobody has told them. This has to be empty."),
            source=APPOINTMENTS,
            narrowed=_untold,
            empty=(_("Everybody has been told"), _("Whoever is hit and has heard nothing of it stands here.")),
            kinds={
                "nobody": Kind(_("nobody moves it yet"), lambda: Q(pk__in=affected.to_move().values("appointment"))),
                "moving": Kind(
                    _("the message came back, or the call has not been made"),
                    lambda: Q(pk__in=affected.unreached().values("appointment")),
                ),
            },
            sorts=("time", "customer"),
        ),
        Queue(
            code="nobody-answers",
            title=_("Waiting without an answer"),
            short=_("Without an answer"),
            lead=_("We moved them, and they have neither a time, nor times to choose from, nor a promise of ours."),
            source=APPOINTMENTS,
            narrowed=lambda rows, moment: rows & in_limbo(moment.now),
            empty=(_("Nobody waits without an answer"), _("This has to stay empty. Whoever appears here comes first.")),
            sorts=("time", "customer"),
        ),
        Queue(
            code="promises",
            title=_("Promises"),
            short=pgettext_lazy("queue", "All promises"),
            lead=_("Everything we told a customer we would do, by when, and who does it."),
            source=PROMISES,
            narrowed=lambda rows, moment: rows.exclude(kind=PromiseKind.HOLD),
            empty=(_("Nothing left to do"), _("Every “by …” in a message appears here until it is kept.")),
            kinds=_of_kinds(*TO_WORK_ON),
        ),
    )
}
