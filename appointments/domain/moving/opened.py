"""That a person has opened the customer's page, and not a program that opens every link of every letter.

The page says so after the first touch or key of somebody, and every answer says so by itself.
"""

from datetime import datetime

from django.db.models import Subquery

from appointments.enums import ActorKind
from appointments.models import Answer, Appointment, RescheduleRequest


def by_somebody(appointment: Appointment, *, now: datetime) -> bool:
    """The page shows the newest proposal that its customer has heard of; the first time stands. False when it was known
    already.
    """
    newest = RescheduleRequest.objects.told().filter(appointment=appointment).order_by("-round").values("pk")[:1]
    unseen = RescheduleRequest.objects.filter(pk=Subquery(newest), seen_at__isnull=True)
    return bool(unseen.update(seen_at=now) == 1)


def to_answer(answer: Answer) -> bool:
    """Whoever answers has seen what they answer to, unless a colleague writes it down for them. To be saved with the
    round. False when that changes nothing.
    """
    round_ = answer.request
    if answer.by != ActorKind.CUSTOMER or answer.recorded_by_id is not None or round_.seen_at is not None:
        return False
    round_.seen_at = answer.at
    return True
