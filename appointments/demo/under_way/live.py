"""What is going on at the desk right now: rounds that wait for an answer, and one customer to phone."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from django.contrib.auth.models import User

from appointments.demo import post
from appointments.demo.chance import at_desk, wall_clock
from appointments.demo.moves import BY_CODE
from appointments.demo.plots import Stage
from appointments.demo.reasons import WORDS_CALL_ME
from appointments.domain.moving import answers, chasing
from appointments.enums import AppointmentState
from appointments.models import Appointment, Reason
from notifications import channels

LEAST_LEFT = timedelta(hours=5)
SOONEST, FARTHEST = timedelta(hours=18), timedelta(days=9)


@dataclass(frozen=True)
class Scene:
    """A round opened some time ago at one place; `nudged` already, or answered with `calls`: please phone me."""

    place: str
    language: str
    code: str
    ago: timedelta
    nudged: bool = False
    calls: bool = False


SCENES = (
    Scene("makassar", "id", "equipment-broken", timedelta(hours=15), nudged=True),
    Scene("jakarta", "id", "room-closed", timedelta(hours=5), calls=True),
    Scene("makassar", "id", "urgent-case", timedelta(hours=3)),
    Scene("jakarta", "en", "double-booked", timedelta(minutes=50)),
    Scene("jakarta", "id", "hours-changed", timedelta(minutes=12)),
)


def play(
    chance: random.Random, coming: Sequence[Appointment], *, reasons: dict[str, Reason], desk: User, now: datetime
) -> int:
    """Opens the rounds on some of `coming`. Their last messages are left to the messenger. Returns how many."""
    taken: set[int] = set()
    for scene in SCENES:
        for appointment in _fitting(chance, coming, scene, now=now):
            if appointment.pk in taken or appointment.customer_id in taken:
                continue
            stage = Stage(chance, appointment, BY_CODE[scene.code], reasons[scene.code], desk)
            if _play(stage, scene, now=now):
                taken |= {appointment.pk, appointment.customer_id}
                break
    return len(taken) // 2


def _fitting(
    chance: random.Random, coming: Sequence[Appointment], scene: Scene, *, now: datetime
) -> Iterator[Appointment]:
    """Appointments of the next days at the scene's place, with somebody who reads mail, best in its language."""
    shuffled = chance.sample(list(coming), len(coming))
    for appointment in sorted(shuffled, key=lambda one: one.customer.language != scene.language):
        customer = appointment.customer
        if (
            appointment.location.code == scene.place
            and appointment.state == AppointmentState.BOOKED
            and now + SOONEST < appointment.starts_at < now + FARTHEST
            and appointment.created_at < now - timedelta(days=1)
            and customer.email
            and customer.phone
            and channels.get(customer.preferred_channel).letter
            and not appointment.requests.exists()
        ):
            yield appointment


def by_day(moment: datetime, zone: tzinfo) -> datetime:
    """`moment`, or nine in the morning after it: nobody asks for an answer in the middle of the night."""
    local = moment.astimezone(zone)
    if time(7) <= local.time() <= time(21):
        return local
    return wall_clock(local.date() + timedelta(days=local.hour > 12), time(9), zone)


def _play(stage: Stage, scene: Scene, *, now: datetime) -> bool:
    opened = at_desk(now - scene.ago, stage.appointment.location.tzinfo)
    answer_by = by_day(max(opened + timedelta(hours=24), now + LEAST_LEFT), stage.appointment.location.tzinfo)
    round_ = stage.open(opened, respond_by=answer_by)
    if round_ is None:
        return False
    if scene.calls:
        post.deliver(stage.appointment, until=now)
        asked = max(opened + timedelta(minutes=20), now - timedelta(minutes=25))
        words = stage.words(WORDS_CALL_ME)
        answers.call_me(round_, words=words, nonce=stage.nonce(), now=asked)
    if scene.nudged:
        post.deliver(stage.appointment, until=now)
        chasing.nudge(round_, turn=1, now=now - timedelta(minutes=8))
    post.make_due(stage.appointment, now=now)
    return True
