"""The other appointments that one message to a customer spoke of: what is so for each of them now."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from appointments.enums import AppointmentState, RequestState
from appointments.models import Appointment, RescheduleRequest

CHOOSE = _("needs a new time; choose it by its own link in our message")
STANDS = _("begins later, at this hour")
WITH_US = _("needs a new time; we are looking for one and get in touch")
CANCELLED = _("will not take place")
HOLDS = _("takes place at this time")


@dataclass(frozen=True)
class Beside:
    """Another appointment of the same message, at the time that is in its diary now, and how it stands."""

    appointment: Appointment
    word: LazyText


def besides(round_: RescheduleRequest | None) -> list[Beside]:
    """The soonest first. One query for a round that was told together with others, none for any other.

    `round_` comes with `tells_others`, as the customer's page reads it.
    """
    if round_ is None or not (round_.told_with_id or getattr(round_, "tells_others", False)):
        return []
    first = round_.told_with_id or round_.pk
    together = RescheduleRequest.objects.filter(Q(pk=first) | Q(told_with=first))
    live = RescheduleRequest.objects.live().filter(appointment=OuterRef("pk"))
    others = Appointment.objects.filter(requests__in=together).exclude(pk=round_.appointment_id).distinct()
    shown = others.annotate(
        live_state=Subquery(live.values("state")[:1]), stands=Subquery(live.values("stands_by_itself")[:1])
    )
    return [Beside(one, _word(one)) for one in shown.select_related("service", "location").order_by("starts_at", "pk")]


def _word(appointment: Appointment) -> LazyText:
    state, stands = appointment.live_state, appointment.stands  # type: ignore[attr-defined]  # annotated above
    if appointment.state == AppointmentState.CANCELLED:
        return CANCELLED
    if state == RequestState.OPEN:
        return STANDS if stands else CHOOSE
    return WITH_US if state == RequestState.WITH_US else HOLDS
