"""Closing a disruption: only when nobody whom it hit is left alone with it. What was learned is written down.

What was said to be missing stays missing: no time in it is offered. Whoever is hit later opens it again by that alone
(`DisruptionQuerySet.with_state`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from appointments.domain.disruptions import known
from appointments.domain.disruptions.planning import plans
from appointments.domain.limbo import in_limbo
from appointments.domain.transactions import one_transaction
from appointments.enums import ON_THEIR_WAY, DisruptionState
from appointments.errors import DomainError
from appointments.models import AffectedAppointment, Appointment, Disruption, RescheduleRequest

NAMED, LISTED = 3, 50
"""So many people a sentence names, and so many a page."""


class LeftAlone(TextChoices):
    """What is still missing for somebody whom a disruption hits."""

    NOBODY = "nobody", gettext_lazy("nobody moves it yet")
    UNTOLD = "untold", gettext_lazy("has not heard of it yet")
    LIMBO = "limbo", gettext_lazy("has neither a time nor a promise")


@dataclass(frozen=True)
class Alone:
    """Somebody who was hit and for whom enough has not been done, and what is missing."""

    appointment: Appointment
    why: LeftAlone


@dataclass(frozen=True)
class Standing:
    """What is in the way of closing, and who still chooses in spite of it."""

    alone: Sequence[Alone]
    choosing: int
    is_being_sent: bool

    @property
    def listed(self) -> Sequence[Alone]:
        return self.alone[:LISTED]

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return len(self.alone) - len(self.listed)

    @property
    def why_not(self) -> str:
        """Empty when it can be closed."""
        if self.is_being_sent:
            return _("A plan is being sent. Wait until it has left, or stop it.")
        if not self.alone:
            return ""
        names = ", ".join(one.appointment.customer.name for one in self.alone[:NAMED])
        if len(self.alone) > NAMED:
            names = _("%(names)s and %(more)s more") % {"names": names, "more": len(self.alone) - NAMED}
        said = ngettext(
            "%(count)s customer is still left alone with it: %(names)s.",
            "%(count)s customers are still left alone with it: %(names)s.",
            len(self.alone),
        )
        return said % {"count": len(self.alone), "names": names}


def standing_of(disruption: Disruption, *, now: datetime) -> Standing:
    """Reads only, in a number of queries that does not depend on how many are hit."""
    rows = AffectedAppointment.objects.unsettled().filter(disruption=disruption).for_display()
    hit = [row.appointment for row in rows.order_by("appointment__starts_at", "pk")]
    live = {one.appointment_id: one for one in RescheduleRequest.objects.live().filter(appointment__in=hit)}
    knowing = known.of_rounds(live.values())
    nowhere = in_limbo(now).filter(affected_by__disruption=disruption).for_display().distinct()
    lost = {one.pk: one for one in nowhere.order_by("starts_at", "pk")}
    found = {one.pk: Alone(one, LeftAlone.NOBODY) for one in hit if one.pk not in live}
    found |= {one.pk: Alone(one, LeftAlone.UNTOLD) for one in hit if one.pk in live and live[one.pk].pk not in knowing}
    found |= {pk: Alone(one, LeftAlone.LIMBO) for pk, one in lost.items() if pk not in found}
    return Standing(
        alone=sorted(found.values(), key=lambda one: (one.appointment.starts_at, one.appointment.pk)),
        choosing=sum(one.pk in live and one.pk not in found for one in hit),
        is_being_sent=disruption.plans.filter(state__in=ON_THEIR_WAY).exists(),
    )


@one_transaction
def close(disruption: Disruption, *, lessons: str, by: User, now: datetime) -> Disruption:
    """Whoever still chooses goes on choosing; a plan that was begun for nobody is dropped. Closed is closed once.

    Raises `DomainError` with who is left alone, or why there is nothing to close.
    """
    found = _locked(disruption)
    state = DisruptionState(found.state)  # type: ignore[attr-defined]  # annotated in `_locked`
    if state == DisruptionState.CALLED_OFF:
        raise DomainError(_("It was called off: there is nothing to close."))
    if state != DisruptionState.CLOSED:
        standing = standing_of(found, now=now)
        if standing.why_not:
            raise DomainError(standing.why_not)
        for plan in found.plans.live():
            plans.drop(plan, now=now)
        found.closed_at, found.closed_by = now, by
    found.lessons = lessons.strip()
    found.save(update_fields=["closed_at", "closed_by", "lessons"])
    return found


def learn(disruption: Disruption, *, lessons: str) -> None:
    """What we would do better: also long before or after it is closed."""
    Disruption.objects.filter(pk=disruption.pk).update(lessons=lessons.strip())


def _locked(disruption: Disruption) -> Disruption:
    rows = Disruption.objects.with_state().select_for_update(no_key=True, of=("self",))
    found: Disruption = rows.get(pk=disruption.pk)
    return found
