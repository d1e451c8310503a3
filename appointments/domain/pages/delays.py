"""How it stands with a delay that was said: who is told of which hour, and who has to move. Reads only."""

from dataclasses import dataclass

from appointments.domain import affected
from appointments.domain.messages import sent
from appointments.domain.messages.sent import Opening
from appointments.models import AffectedAppointment, Disruption, RescheduleRequest


@dataclass(frozen=True)
class Told:
    """One customer's round, and what became of the message that opened it."""

    round_: RescheduleRequest
    message: Opening | None


@dataclass(frozen=True)
class Delay:
    """`shifted` is how many begin later at all; `to_move` are those that cannot."""

    told: tuple[Told, ...]
    to_move: tuple[AffectedAppointment, ...]
    shifted: int

    @property
    def untold(self) -> int:
        """So many begin a little later, which is not worth a message."""
        return self.shifted - len({one.round_.appointment_id for one in self.told})


def delay_of(disruption: Disruption) -> Delay:
    """Four queries, however many it concerns."""
    rounds = RescheduleRequest.objects.filter(disruption=disruption, stands_by_itself=True).for_display()
    found = list(rounds.select_related("told_with").order_by("was_starts_at", "pk"))
    opening = sent.newest_openings(found)
    waiting = affected.to_move().filter(disruption=disruption).for_display().order_by("appointment__starts_at", "pk")
    to_move = tuple(waiting)
    shifted = AffectedAppointment.objects.filter(disruption=disruption).count() - len(to_move)
    return Delay(tuple(Told(one, opening.get(one.pk)) for one in found), to_move, shifted)
