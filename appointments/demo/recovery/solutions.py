"""The playbook of the sample business: what comes with the product, used, judged and talked about."""

import random
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from appointments.domain.recovery.playbook import opinions, starting
from appointments.enums import RequestState
from appointments.models import RescheduleRequest, Solution, SolutionUse, SolutionVersion

COMMENTS = {
    "same-hour": "Sebut nama rekannya. Pelanggan lebih tenang kalau tahu siapa yang akan melayani.",
    "call-before-they-leave": "Yang rumahnya di Depok perlu satu setengah jam. Telepon lebih awal, ya.",
    "way-is-closed": "Waktu banjir bulan Februari ini sangat membantu, semua sempat diberi tahu.",
}
"""In the language of the clinic, as colleagues write to one another."""
READ, USED = 0.8, 0.6
"""How much of it the desk has read, and for how many of the moves something was used."""


def write(dice: random.Random, *, desk: User, now: datetime) -> int:
    """Puts it in, and lets the desk have used it for moves that have ended. Returns how many uses there are."""
    written = starting.put_in(now=now - timedelta(days=90))
    for version in written:
        if dice.random() < READ:
            opinions.read(version, by=desk, now=now - timedelta(days=80))
        if comment := COMMENTS.get(version.solution.code):
            opinions.vote(version.solution, worked=True, by=desk, now=now - timedelta(days=20))
            opinions.comment(version.solution, comment, by=desk, now=now - timedelta(days=20))
    _look_over_one(written, now=now)
    return _use(dice, written, desk=desk)


def _use(dice: random.Random, written: list[SolutionVersion], *, desk: User) -> int:
    own: dict[int, list[SolutionVersion]] = {}
    for version in written:
        for reason in version.solution.reasons.all():
            own.setdefault(reason.pk, []).append(version)
    ended = RescheduleRequest.objects.filter(closed_at__isnull=False).exclude(state=RequestState.WITHDRAWN)
    uses = [
        SolutionUse(version=dice.choice(own[round_.reason_id]), round=round_, by=desk, at=round_.opened_at)
        for round_ in ended.order_by("opened_at", "pk")
        if round_.reason_id in own and dice.random() < USED
    ]
    return len(SolutionUse.objects.bulk_create(uses))


def _look_over_one(written: list[SolutionVersion], *, now: datetime) -> None:
    """The first of them is due."""
    Solution.objects.filter(pk=written[0].solution_id).update(review_by=now.date())
