"""What it cost a customer, as our own facts say it: the beginning of seeing it with their eyes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments.domain.disruptions import inconvenience
from appointments.enums import PromiseKind
from appointments.models import Promise, RecoveryCase


@dataclass(frozen=True)
class Impact:
    """Of the appointment and of the customer: what we caused and can count. What it felt like, only they can say."""

    moves: int
    """How often we moved this customer within the year, this appointment included."""
    at_short_notice: int
    waited: timedelta
    """How much later the appointment is than it was first."""
    broken: int
    """Promises about this appointment that we did not keep in time."""

    @property
    def is_nothing(self) -> bool:
        return not (self.moves or self.broken or self.waited)


def impact_of(case: RecoveryCase, *, now: datetime) -> Impact:
    """Two queries."""
    entries = inconvenience.entries_of(case.appointment.customer_id, now=now)
    here = [one for one in entries if one.round_.appointment_id == case.appointment_id]
    broken = Promise.objects.filter(appointment=case.appointment, broken_at__isnull=False)
    return Impact(
        moves=len(entries),
        at_short_notice=sum(one.at_short_notice for one in entries),
        waited=sum((one.waited for one in here), timedelta()),
        broken=broken.exclude(kind=PromiseKind.HOLD).count(),
    )
