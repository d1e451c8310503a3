"""The rows of the benchmark `pick`: contested times, and for each process one customer who may take each of them."""

from datetime import datetime, timedelta

from appointments.enums import PromiseKind
from appointments.models import Appointment, Occupancy, Offer, Promise, Reason, RescheduleRequest
from tests.benchmarks import dataset
from tests.benchmarks.dataset import World
from tests.benchmarks.picker import NOW, Pick
from tests.clock import days, hours
from tests.factories import BusinessFactory, ReasonFactory, StaffFactory

PROCESSES = 8
TIMES = 1250
PROVIDERS = 25
BATCH = 2000
LENGTH = timedelta(minutes=30)


def contest(seed: int) -> tuple[list[list[Pick]], Pick]:
    """Write the rows. For each process its picks, all processes in the same order of times; and one that nobody wants.

    As in life each customer has a second offer, which lapses with the pick, and is owed a call.
    """
    BusinessFactory()
    world = dataset.make(providers=PROVIDERS, stored=0, seed=seed, now=NOW)
    rounds = _rounds(_appointments(world))
    offers = _offers(rounds, world, position=1)
    _offers(rounds, world, position=2)
    _promises(rounds)
    picks = [
        Pick(
            offer=one.pk,
            round=one.request_id,
            appointment=one.request.appointment_id,
            resource=one.provider_id or 0,
            starts_at=f"{one.starts_at:%Y-%m-%d %H:%M:%S}",
            ends_at=f"{one.ends_at:%Y-%m-%d %H:%M:%S}",
        )
        for one in offers
    ]
    return [picks[place::PROCESSES][:TIMES] for place in range(PROCESSES)], picks[-1]


def _one_after_another(number: int, first: datetime, world: World) -> tuple[int, datetime]:
    """A provider and a start that nobody else has, far from everything that the data set holds."""
    return world.providers[number % PROVIDERS].pk, first + LENGTH * (number // PROVIDERS)


def _appointments(world: World) -> list[Appointment]:
    customers = list(world.location.appointments.values_list("customer_id", flat=True)[:200])
    rows = []
    for number in range(PROCESSES * (TIMES + 1)):
        provider_id, start = _one_after_another(number, NOW + days(100), world)
        rows.append(
            Appointment(
                customer_id=customers[number % len(customers)],
                service=world.service,
                location=world.location,
                provider_id=provider_id,
                starts_at=start,
                ends_at=start + LENGTH,
            )
        )
    made = Appointment.objects.bulk_create(rows, batch_size=BATCH)
    occupied = [
        Occupancy(resource_id=one.provider_id or 0, appointment=one, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in made
    ]
    Occupancy.objects.bulk_create(occupied, batch_size=BATCH)
    return made


def _rounds(appointments: list[Appointment]) -> list[RescheduleRequest]:
    reason, contact = Reason.objects.get(pk=ReasonFactory().pk), StaffFactory()
    rows = [
        RescheduleRequest(
            appointment=one,
            round=1,
            reason=reason,
            wording=reason.wording.data,
            contact=contact,
            respond_by=NOW + days(1),
            call_by=NOW + days(1) + hours(2),
            was_starts_at=one.starts_at,
            was_ends_at=one.ends_at,
            was_provider_id=one.provider_id,
            opened_at=NOW,
            undo_until=NOW,
        )
        for one in appointments
    ]
    return RescheduleRequest.objects.bulk_create(rows, batch_size=BATCH)


def _promises(rounds: list[RescheduleRequest]) -> None:
    rows = [
        Promise(
            kind=PromiseKind.ANSWER_OR_CALL,
            appointment=one.appointment,
            request=one,
            owner=one.contact,
            made_at=NOW,
            due_at=one.call_by,
        )
        for one in rounds
    ]
    Promise.objects.bulk_create(rows, batch_size=BATCH)


def _offers(rounds: list[RescheduleRequest], world: World, *, position: int) -> list[Offer]:
    rows = []
    for number, one in enumerate(rounds):
        provider_id, start = _one_after_another(number // PROCESSES, NOW + days(200 * position), world)
        rows.append(
            Offer(
                request=one,
                position=position,
                starts_at=start,
                ends_at=start + LENGTH,
                provider_id=provider_id,
                guaranteed=False,
            )
        )
    made = Offer.objects.bulk_create(rows, batch_size=BATCH)
    through = Offer.resources.through
    occupies = [through(offer_id=one.pk, resource_id=one.provider_id) for one in made]
    through.objects.bulk_create(occupies, batch_size=BATCH)
    return made
