"""What was read for many before may be old when the turn of one comes; whom to tell is never decided by it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions import sending
from appointments.domain.disruptions.planning import placing
from appointments.domain.disruptions.telling import Batch
from appointments.domain.moving import rounds
from appointments.enums import AppointmentState, LineState
from appointments.models import Appointment, DisruptionPlan, Offer, PlanLine
from notifications.models import Message
from tests.appointments.domain.disruptions.world import away, booked_on_tuesday, entered, line_of, planned
from tests.clock import NOW, minutes
from tests.factories import Clinic, CustomerFactory
from tests.factories.compensation import rupiah, set_aside, table_in_force

AFTERWARDS = NOW + minutes(1)


def leaving(melati: Clinic) -> DisruptionPlan:
    return sending.ask(planned(melati), by=melati.staff, now=NOW)


def read(plan: DisruptionPlan) -> tuple[Batch, list[PlanLine]]:
    plan = DisruptionPlan.objects.for_display().prefetch_related("disruption__resources").get(pk=plan.pk)
    lines = list(plan.lines.for_display().order_by("appointment__starts_at", "pk"))
    return Batch(plan, lines, now=AFTERWARDS), lines


def taken_back(melati: Clinic, hit: Appointment) -> None:
    rounds.withdraw(melati.offered(hit), by=actors.staff(melati.staff), now=NOW)


MEANWHILE: dict[str, Callable[[Clinic, Appointment], object]] = {
    "moved": lambda melati, hit: Appointment.objects.filter(pk=hit.pk).update(state=AppointmentState.CANCELLED),
    "kept": lambda melati, hit: affected.keep(hit, by=actors.SYSTEM, now=NOW),
    "asked": lambda melati, hit: melati.offered(hit),
    "over": lambda melati, hit: affected.call_off(hit.affected_by.get().disruption, now=NOW),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_who_need_not_be_told_any_more_is_not_told(melati: Clinic, what: str) -> None:
    hit = booked_on_tuesday(melati, 9)[0]
    plan = leaving(melati)
    batch, lines = read(plan)
    MEANWHILE[what](melati, hit)
    before = Message.objects.count()

    assert batch.tell(lines) == 0
    assert (line_of(plan, hit).state, Message.objects.count()) == (LineState.NEEDLESS, before)


def test_who_has_been_told_by_somebody_faster_is_not_told_again(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9)[0]
    plan = leaving(melati)
    batch, lines = read(plan)
    sending.send_due(now=AFTERWARDS)

    assert batch.tell(lines) == 0
    assert (line_of(plan, hit).state, hit.requests.count(), Message.objects.count()) == (LineState.SENT, 1, 1)


def test_an_appointment_that_has_changed_meanwhile_is_told_as_it_stands_now(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9)[0]
    batch, lines = read(leaving(melati))
    Appointment.objects.filter(pk=hit.pk).update(provider=None)

    assert batch.tell(lines) == 1
    assert (hit.requests.get().was_provider, lines[0].appointment.provider) == (None, None)


def test_a_kept_time_that_has_gone_meanwhile_is_refused_by_the_timeline(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9)[0]
    plan = leaving(melati)
    batch, lines = read(plan)
    melati.booked(hit.starts_at, provider=melati.colleague, room=None, customer=CustomerFactory())

    assert batch.tell(lines) == 0
    line = line_of(plan, hit)
    assert (line.state, line.fault) == (
        LineState.FAILED, "This time has just been taken by somebody else. Please choose another one.",
    )  # fmt: skip
    assert (hit.requests.count(), Message.objects.count()) == (0, 0)


def test_who_had_a_round_before_gets_the_next_one(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9)[0]
    taken_back(melati, hit)
    batch, lines = read(leaving(melati))

    assert batch.tell(lines) == 1
    assert list(hit.requests.order_by("round").values_list("round", "state")) == [(1, "withdrawn"), (2, "open")]


def test_what_is_kept_for_one_is_not_open_to_those_who_are_told_later(melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    plan = leaving(melati)
    kept = placing.slot_of(line_of(plan, first))
    other = next(iter(placing.others_of(line_of(plan, second))))
    assert kept is not None
    PlanLine.objects.filter(appointment=first).update(
        starts_at=other.starts_at, ends_at=other.ends_at, provider=other.provider_id, resource_ids=other.resource_ids
    )
    batch, lines = read(plan)

    assert [batch.tell([line]) for line in lines] == [1, 1]
    assert other.when_and_whom not in {one.when_and_whom for one in second.requests.get().offers.all()}


def test_as_much_is_read_before_for_one_as_for_thirty(melati: Clinic) -> None:
    def asked(plan: DisruptionPlan, count: int) -> int:
        plan = DisruptionPlan.objects.for_display().prefetch_related("disruption__resources").get(pk=plan.pk)
        lines = list(plan.lines.for_display().order_by("appointment__starts_at", "pk"))[:count]
        assert len(lines) == count
        with CaptureQueriesContext(connection) as queries:
            Batch(plan, lines, now=AFTERWARDS)
        return len(queries)

    for day in (24, 25, 26):
        for hour in range(8, 13):
            for minute in (0, 30):
                melati.booked(f"2026-11-{day} {hour:02}:{minute:02}", customer=CustomerFactory())
    plan = planned(melati, entered(melati, away(melati, "2026-11-24 00:00", "2026-11-26 23:45")))
    assert asked(plan, 1) == asked(plan, 30) == 6


def test_one_customer_is_sixteen_statements_from_the_lock_to_the_commit(melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10)
    batch, lines = read(leaving(melati))
    batch.tell(lines[:1])
    with CaptureQueriesContext(connection) as queries:
        assert batch.tell(lines[1:]) == 1
    # A test is a transaction already: here a savepoint is set where there it begins, and given up where it commits.
    assert len(queries) == 16, [query["sql"] for query in queries]


def test_holds_leave_out_what_the_appointment_occupies_itself(melati: Clinic) -> None:
    hit = booked_on_tuesday(melati, 9)[0]
    batch, lines = read(leaving(melati))
    assert batch.tell(lines) == 1
    span = booking.occupied_span(melati.service, placing.slot_of(lines[0]))  # type: ignore[arg-type]  # it has one
    held = hit.requests.get().holds.values_list("resource", "starts_at", "ends_at")
    assert set(held) == {(melati.colleague.pk, *span)}


def test_with_a_table_in_force_each_customer_is_one_statement_more(melati: Clinic) -> None:
    table_in_force()
    set_aside(50_000)
    booked_on_tuesday(melati, 9, 10)
    batch, lines = read(leaving(melati))
    batch.tell(lines[:1])
    with CaptureQueriesContext(connection) as queries:
        assert batch.tell(lines[1:]) == 1
    assert len(queries) == 17, [query["sql"] for query in queries]
    assert {offer.gives.amount for offer in Offer.objects.all()} == {rupiah(50_000)}  # type: ignore[union-attr]
