"""How it went: everybody sees their own, and nobody anybody else's; managers learn how many practise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from appointments.domain.colleagues import desk_colleagues
from appointments.domain.recovery.practice.scenarios import Scenario
from appointments.domain.recovery.practice.scoring import Score
from appointments.models import PracticeRun

LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Own:
    """What a colleague has come to in one scenario."""

    times: int
    best: int
    of: int

    @property
    def is_done(self) -> bool:
        """Everything was right at least once."""
        return self.best == self.of


@dataclass(frozen=True)
class Practised:
    """How many of those who work at the desk have practised lately. Never who."""

    colleagues: int
    of: int


def keep(scenario: Scenario, score: Score, *, by: User, now: datetime) -> PracticeRun:
    return PracticeRun.objects.create(colleague=by, scenario=scenario.code, at=now, right=score.right, of=score.of)


def own(user: User) -> dict[str, Own]:
    """By scenario. One query."""
    found: dict[str, Own] = {}
    for code, right, of in PracticeRun.objects.filter(colleague=user).values_list("scenario", "right", "of"):
        before = found.get(code, Own(0, 0, of))
        best, whole = max((before.best, before.of), (right, of), key=lambda pair: pair[0] / pair[1])
        found[code] = Own(before.times + 1, best, whole)
    return found


def practised(*, now: datetime) -> Practised:
    """Two queries."""
    desk = desk_colleagues()
    lately = PracticeRun.objects.filter(at__gt=now - LATELY, colleague__in=desk)
    return Practised(lately.order_by().values("colleague").distinct().count(), desk.count())
