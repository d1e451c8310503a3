"""Six steps from nothing to a first appointment: which are done is read from what there is, never from a tick."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appointments.domain.messages.ways import mail_server
from appointments.domain.transactions import one_transaction
from appointments.models import Appointment, Business, Location, Reason, Resource, Service, Setup

DONE: dict[str, Callable[[], bool]] = {
    "business": lambda: Business.objects.exists(),
    "places": lambda: Location.objects.filter(is_active=True).exists(),
    "people": lambda: Resource.objects.filter(is_active=True).exists(),
    "services": lambda: Service.objects.filter(is_active=True, requirements__candidates__is_active=True).exists(),
    "reasons": lambda: Reason.objects.filter(is_active=True).exists(),
    "bring": lambda: Appointment.objects.exists() and mail_server.is_said(),
}
"""The steps in their order, and what each has brought about once it is done."""
NEEDS = {"people": "places", "services": "people"}
"""Which other step has to be done before there is anything to choose from."""


@dataclass(frozen=True)
class Step:
    code: str
    number: int
    is_done: bool
    is_left_out: bool
    needs: str = ""
    """The step that has to be done first, if it is not."""

    @property
    def is_open(self) -> bool:
        return not self.is_done and not self.is_left_out


@dataclass(frozen=True)
class Checklist:
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.steps)

    @property
    def next(self) -> Step | None:
        """The first that is neither done nor left out."""
        return next((one for one in self.steps if one.is_open), None)

    def after(self, code: str) -> str:
        """The code of the step that comes after, "" after the last one."""
        codes = [one.code for one in self.steps]
        place = codes.index(code) + 1
        return codes[place] if place < len(codes) else ""

    def step(self, code: str) -> Step:
        return next(one for one in self.steps if one.code == code)


def checklist() -> Checklist:
    left_out = Setup.current().left_out
    done = {code: is_done() for code, is_done in DONE.items()}
    return Checklist(
        [
            Step(code, number, done[code], code in left_out, "" if done.get(NEEDS.get(code, ""), True) else NEEDS[code])
            for number, code in enumerate(DONE, start=1)
        ]
    )


def on_the_board() -> Checklist | None:
    """While the owner is not through with it and has not put it away. One query where there is none."""
    begun = Setup.objects.filter(claimed_at__isnull=False, put_away_at=None).exists()
    found = checklist() if begun else None
    return found if found and found.done < len(found.steps) else None


@one_transaction
def leave_out(code: str) -> None:
    """For now: the step stays on the list and can be done at any time."""
    setup, _is_new = Setup.objects.select_for_update().get_or_create(pk=1)
    if code not in setup.left_out:
        setup.left_out = [*setup.left_out, code]
        setup.save(update_fields=["left_out"])


def put_away(*, now: datetime) -> None:
    Setup.objects.update_or_create(pk=1, defaults={"put_away_at": now})
