"""What a customer has said of the times that we offered: wished for, or refused."""

from datetime import datetime

from appointments.domain.schedule.wishes import Wishes
from appointments.enums import AnswerKind
from appointments.models import Answer, Appointment, Offer


def wishes_of(appointment: Appointment) -> Wishes | None:
    """What the customer asked for last; None when that was nothing in particular."""
    asked = Answer.objects.filter(request__appointment=appointment, kind=AnswerKind.OTHER_TIMES)
    stored = asked.order_by("-at", "-pk").values_list("wishes", flat=True).first()
    wishes = Wishes.from_json(stored or {})
    return None if wishes.is_empty else wishes


def refused_by(appointment: Appointment) -> set[tuple[datetime, int | None]]:
    """The times (start, provider) that the customer has seen and asked for others instead."""
    answered = Answer.objects.filter(request__appointment=appointment, kind=AnswerKind.OTHER_TIMES)
    return {one.when_and_whom for one in Offer.objects.filter(request__in=answered.values("request"))}
