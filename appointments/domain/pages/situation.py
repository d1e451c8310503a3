"""Where an appointment stands, in a word, and the one thing to do next."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from appointments.domain import affected
from appointments.domain.diary.new import can_be_taken_back
from appointments.enums import AppointmentState, OfferState, PromiseKind, RequestState
from appointments.models import AffectedAppointment, Appointment, Offer, Promise, RescheduleRequest
from appointments.models.promise import CALL_KINDS

BOOKED, LATER, WAITING, WITH_US, BEGUN, MUST_MOVE = "booked", "later", "waiting", "with_us", "begun", "must_move"

# key: (the word, its tone; static/css/desk/states.css gives each tone a shape)
WORDS: dict[str, tuple[LazyText, str]] = {
    BOOKED: (_("Booked"), "good"),
    LATER: (_("Begins later, and the customer is told"), "good"),
    WAITING: (_("Waiting for the customer"), "held"),
    WITH_US: (_("Our turn to answer"), "warn"),
    BEGUN: (_("Has begun"), "good"),
    MUST_MOVE: (_("Has to move"), "warn"),
    AppointmentState.COMPLETED: (_("Took place"), "over"),
    AppointmentState.MISSED: (_("Customer did not come"), "warn"),
    AppointmentState.CANCELLED: (_("Cancelled"), ""),
}


@dataclass(frozen=True)
class Situation:
    """What a page says about an appointment at `now`. `key` is one of `WORDS`."""

    appointment: Appointment
    now: datetime
    request: RescheduleRequest | None
    promises: tuple[Promise, ...]
    hit: AffectedAppointment | None = None
    """What makes it impossible, while nobody moves it."""

    @property
    def key(self) -> str:
        if self.appointment.state != AppointmentState.BOOKED:
            return str(self.appointment.state)
        if self.hit is not None:
            return MUST_MOVE
        if self.request is not None and self.request.stands:
            return LATER if self.appointment.starts_at > self.now else BEGUN
        if self.request is not None:
            return WAITING if self.request.state == RequestState.OPEN else WITH_US
        return BOOKED if self.appointment.starts_at > self.now else BEGUN

    @property
    def word(self) -> LazyText:
        return WORDS[self.key][0]

    @property
    def tone(self) -> str:
        return WORDS[self.key][1]

    @property
    def owed(self) -> Promise | None:
        """The promise a colleague has to act on next, the most urgent first."""
        silent = self.request is not None and self.request.expired_at is not None
        kinds = (*CALL_KINDS, PromiseKind.ANSWER_OR_CALL) if silent else CALL_KINDS
        return next((promise for promise in self.promises if promise.kind in kinds), None)

    @property
    def can_propose(self) -> bool:
        """As `drafts.can_be_moved` has it; whether a round is open is known here already."""
        open_still = self.appointment.ends_at > self.now or self.request is not None
        return self.appointment.state == AppointmentState.BOOKED and open_still

    @property
    def can_cancel(self) -> bool:
        return self.appointment.state == AppointmentState.BOOKED

    @property
    def can_be_missed(self) -> bool:
        known = self.appointment.state in (AppointmentState.BOOKED, AppointmentState.COMPLETED)
        return known and self.appointment.starts_at <= self.now and self.request is None

    @property
    def can_undo(self) -> bool:
        return self.request is not None and self.request.can_be_undone(self.now)

    @cached_property
    def can_take_back(self) -> bool:
        """Whether it was booked just now, and nobody has been told."""
        return self.request is None and can_be_taken_back(self.appointment, now=self.now)

    @cached_property
    def offers(self) -> list[Offer]:
        """What the customer can still take."""
        if self.request is None:
            return []
        return list(self.request.offers.filter(state=OfferState.LIVE).select_related("provider").order_by("starts_at"))


def situation_of(appointment: Appointment, *, now: datetime) -> Situation:
    """Two queries, a third while nobody moves it; the offers are another one when somebody asks."""
    round_ = appointment.requests.live().select_related("reason", "contact").first()
    promises = (
        appointment.promises.open().exclude(kind=PromiseKind.HOLD).select_related("owner").order_by("due_at", "pk")
    )
    hits = affected.to_move().for_display().filter(appointment=appointment)
    hit = hits.order_by("-pk").first() if round_ is None or round_.stands else None
    return Situation(appointment=appointment, now=now, request=round_, promises=tuple(promises), hit=hit)
