"""What this customer can really be offered: each way with its limit and whose yes it needs, or why it is not possible.

Read from what is stored of the service, its places and people, the cause and the hour; nothing is promised by looking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from appointments.domain.moving import drafts
from appointments.domain.recovery.playbook.authority import may_use
from appointments.enums import Fault, ResourceKind, UsedBy, Way
from appointments.models import Appointment, Reason, Requirement, Resource

NAMED = 3
"""So many people or places are named; of more it is said how many."""


@dataclass(frozen=True)
class Choice:
    """`limit`: how far it goes. `why_not`: why it cannot be offered; "" where it can."""

    way: Way
    used_by: UsedBy
    limit: str = ""
    why_not: str = ""
    may_use: bool = True

    @property
    def is_possible(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Known:
    """What the ways are read from. `reason`: None while nobody has chosen it."""

    appointment: Appointment
    reason: Reason | None
    now: datetime
    people: tuple[str, ...]
    places: tuple[str, ...]
    can_be_moved: bool


def choices(appointment: Appointment, *, reason: Reason | None, reader: User, now: datetime) -> list[Choice]:
    """Every way there is, in the order in which one would think of them. Five queries at most."""
    known = Known(
        appointment=appointment,
        reason=reason,
        now=now,
        people=_other_people(appointment),
        places=_other_places(appointment),
        can_be_moved=drafts.can_be_moved(appointment, now=now),
    )
    found = []
    for way, (used_by, judge) in WAYS.items():
        limit, why_not = judge(known)
        found.append(Choice(way, used_by, limit, why_not, may_use(used_by, reader)))
    return found


Said = tuple[str, str]
"""The limit, and why it is not possible; one of them."""


def _person(known: Known) -> Said:
    if not known.can_be_moved:
        return _it_is_over()
    if known.people:
        return _("Who can do it here: %(names)s. Offer it as a choice: some wait for the same person.") % {
            "names": _names(known.people)
        }, ""
    return "", _("Nobody else does this here.")


def _place(known: Known) -> Said:
    if not known.can_be_moved:
        return _it_is_over()
    if known.appointment.service.is_at_customer:
        return "", _("We come to the customer.")
    if known.places:
        return _("Possible at: %(names)s. Agree on it by phone; then “Move as agreed”, at that place.") % {
            "names": _names(known.places)
        }, ""
    return "", _("No other place of ours does this.")


def _phone(known: Known) -> Said:
    if not known.can_be_moved:
        return _it_is_over()
    if known.appointment.service.by_phone:
        return _("Tell them which number or link; then “Move as agreed”, online or by phone."), ""
    return "", _("This service is not done online or by phone.")


def _home(known: Known) -> Said:
    if not known.can_be_moved:
        return _it_is_over()
    if known.appointment.service.is_at_customer:
        return "", _("We come to the customer already.")
    if known.appointment.service.at_home:
        return _("First ask for the address and how to get there; then “Move as agreed”, at the customer’s home."), ""
    return "", _("This service is not done at home.")


def _wait(known: Known) -> Said:
    if not known.can_be_moved:
        return _it_is_over()
    return _("We name an hour by which we get in touch, and that is kept."), ""


def _refund(known: Known) -> Said:
    if known.reason is None:
        return "", _("Choose the reason first.")
    if known.reason.fault != Fault.OURS:
        return "", _("By the reason it was not our doing.")
    return _("No amount is written to the customer before it has been granted."), ""


def _cancel(known: Known) -> Said:
    service, starts_at = known.appointment.service, known.appointment.starts_at
    if not known.can_be_moved or starts_at <= known.now:
        return _it_is_over()
    if known.reason is None or not known.reason.is_wish:
        return _("Until it begins, since it is we who move it. Offer it last."), ""
    hours = service.move_notice_hours
    if starts_at - known.now < timedelta(hours=hours):
        return "", _("The customer wishes it less than %(hours)s hours before.") % {"hours": hours}
    return _("Until %(hours)s hours before it begins.") % {"hours": hours}, ""


def _it_is_over() -> Said:
    return "", _("The appointment is over.")


WAYS: dict[Way, tuple[UsedBy, Callable[[Known], Said]]] = {
    Way.PERSON: (UsedBy.DESK, _person),
    Way.PLACE: (UsedBy.DESK, _place),
    Way.PHONE: (UsedBy.DESK, _phone),
    Way.HOME: (UsedBy.LEADS, _home),
    Way.WAIT: (UsedBy.DESK, _wait),
    Way.REFUND: (UsedBy.MANAGERS, _refund),
    Way.CANCEL: (UsedBy.DESK, _cancel),
}
"""Each with whose yes it needs, and how it is judged."""


def _names(names: tuple[str, ...]) -> str:
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return _("%(names)s and %(more)s more") % {"names": shown, "more": more} if more > 0 else shown


def _other_people(appointment: Appointment) -> tuple[str, ...]:
    able = Resource.objects.filter(
        kind=ResourceKind.PROVIDER,
        is_active=True,
        location=appointment.location_id,
        requirements__service=appointment.service_id,
    )
    others = able.exclude(pk=appointment.provider_id) if appointment.provider_id else able
    return tuple(others.distinct().order_by("position", "name").values_list("name", flat=True))


def _other_places(appointment: Appointment) -> tuple[str, ...]:
    """Those that have somebody and something for each requirement of the service."""
    needed = Requirement.objects.filter(service=appointment.service_id).count()
    of_service = Q(requirements__service=appointment.service_id)
    there = Resource.objects.filter(of_service, is_active=True, location__is_active=True)
    met = (
        there.order_by().values("location__name").annotate(met=Count("requirements", filter=of_service, distinct=True))
    )
    other = met.exclude(location=appointment.location_id).filter(met=needed)
    return tuple(sorted(one["location__name"] for one in other))
