"""Two customers who are not content: nobody has listened to the one yet, the other waits for our letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from appointments.demo import post
from appointments.domain.moving import answers
from appointments.domain.recovery import letter, listening, steps
from appointments.enums import ApologyLevel, CaseConcern, PointAction, RequestState
from appointments.models import Appointment, RecoveryCase, RescheduleRequest


@dataclass(frozen=True)
class Said:
    """What the customer wrote, what it cost them, and how we answer each point; by language."""

    words: str
    cost: str
    replies: Sequence[str]


SAID = {
    "en": Said(
        "I had taken the morning off for this. Who pays for my parking? Will it be moved again?",
        "You had taken the morning off and paid for parking, all for nothing.",
        (
            "I have put it to our manager, and tell you.",
            "No: your new time is fixed, and I watch over it myself.",
        ),
    ),
    "id": Said(
        "Saya sudah ambil cuti setengah hari. Siapa yang mengganti ongkos parkir saya? Apakah akan dipindah lagi?",
        "Kami tahu cuti setengah hari dan ongkos parkir itu menjadi sia-sia.",
        (
            "Sudah saya teruskan ke pimpinan, dan saya kabari.",
            "Tidak: jadwal ini sudah tetap, saya yang mengawal.",
        ),
    ),
}
AGO = (timedelta(minutes=35), timedelta(minutes=75))


def play(coming: Sequence[Appointment], *, desk: User, now: datetime) -> int:
    """Lets two of those who have chosen a new time complain. Returns how many found someone to."""
    before = now - max(AGO)
    moved = RescheduleRequest.objects.filter(
        state=RequestState.ACCEPTED, appointment__in=coming, closed_at__lt=before
    ).for_display()
    chosen = [one for one in moved.order_by("-closed_at", "pk") if one.is_newest][: len(AGO)]
    for number, (round_, ago) in enumerate(zip(chosen, AGO, strict=False)):
        at = now - ago
        said = SAID[round_.appointment.customer.reads]
        answers.tell(round_, words=said.words, nonce=f"unhappy-{round_.pk}", now=at)
        listening.listen(now=at)
        if number:
            _work_on(RecoveryCase.objects.open().get(appointment=round_.appointment), said, by=desk, now=at)
        post.deliver(round_.appointment, until=now)
    return len(chosen)


def _work_on(case: RecoveryCase, said: Said, *, by: User, now: datetime) -> None:
    """Up to the point where the letter is to be written."""
    now += timedelta(minutes=20)
    points = letter.sentences(said.words)[1:]
    steps.hear(case, concern=CaseConcern.LOST_TIME, wants="", points=points, by=by, now=now)
    steps.empathise(case, cost=said.cost, by=by, now=now)
    steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=by, now=now)
    for point, reply in zip(case.points.all(), said.replies, strict=True):
        steps.resolve(point, action=PointAction.WORDS, reply=reply, by=by, now=now)
