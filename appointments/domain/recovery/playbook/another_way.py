"""No two cases are alike: who does otherwise than the playbook says why, and the playbook learns from it."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User

from appointments.models import AnotherWay, CasePoint, RescheduleRequest

SHOWN = 30


def keep(
    words: str,
    *,
    by: User,
    now: datetime,
    round_: RescheduleRequest | None = None,
    point: CasePoint | None = None,
) -> AnotherWay | None:
    """What was done instead, in one of the two; None where nothing is said. Of one thing the last word counts."""
    said = words.strip()
    before = AnotherWay.objects.filter(round=round_, point=point)
    if not said:
        before.delete()
        return None
    if (same := before.filter(words=said).first()) is not None:
        return same
    kept, _is_new = AnotherWay.objects.update_or_create(
        round=round_, point=point, defaults={"words": said, "by": by, "at": now, "taken_up_at": None}
    )
    return kept


def waiting() -> Sequence[AnotherWay]:
    """Those that nobody has looked at who writes the playbook, the newest first. One query."""
    found = AnotherWay.objects.filter(taken_up_at=None).select_related(
        "by", "round__reason", "round__appointment__service", "point__case__cause", "point__case__appointment__service"
    )
    return list(found[:SHOWN])


def take_up(one: AnotherWay, *, now: datetime) -> bool:
    """Somebody has looked at it, and may have made a solution of it. False when somebody was faster."""
    return bool(AnotherWay.objects.filter(pk=one.pk, taken_up_at=None).update(taken_up_at=now) == 1)
