"""When a move hits somebody so hard that they hear from a person, and not from a text alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from appointments.domain.schedule.slots import Slot
from appointments.enums import Fault
from appointments.models import Appointment, Reason

SHORT_NOTICE = timedelta(hours=24)
LONG_WAIT = timedelta(days=7)


def why_hard(appointment: Appointment, slots: Sequence[Slot], *, reason: Reason | None, now: datetime) -> str:
    """What makes it hard, for the colleague who writes; "" where it is not, or where it is not our doing."""
    if reason is None or reason.fault != Fault.OURS or not slots:
        return ""
    if appointment.starts_at - now < SHORT_NOTICE:
        return _("It begins in less than a day, and it is our doing.")
    if min(slot.starts_at for slot in slots) - appointment.starts_at >= LONG_WAIT:
        return _("None of these times is within a week of the original time, and it is our doing.")
    return ""
