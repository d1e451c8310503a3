"""Goal 4: a plan for a thousand is sent, beside the same rows written raw, in one transaction for each customer.

The yardstick gets every row that ours has left behind, with its id and its finished values, and only has to insert it:
rounds, offers, holds, promises, history, links, messages, and what the line became. Then a plan is sent while customers
pick: no two of them may get one time.
"""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.domain import actors
from appointments.domain.affected import WhatIsMissing
from appointments.domain.disruptions import declare, sending
from appointments.domain.disruptions.declare import Entry
from appointments.domain.disruptions.planning import plans
from appointments.domain.disruptions.planning.placing import OPEN_TO_ALL
from appointments.domain.moving import answers
from appointments.domain.schedule.wallclock import day_span, minute_of
from appointments.enums import DisruptionScope, LineState, OfferState, PlanState
from appointments.errors import DomainError
from appointments.models import Answer, DisruptionPlan, Offer, PlanLine, Resource
from notifications.models import Message
from tests.benchmarks import database, dataset, table
from tests.benchmarks.byhand import insert, rows_of
from tests.benchmarks.pick import overlaps
from tests.benchmarks.table import Row
from tests.clock import minutes
from tests.factories import BusinessFactory, ReasonFactory, StaffFactory

HIT, HIT_WHILE_PICKING, PICKERS = 1000, 300, 2
PROVIDERS, CUSTOMERS, AT_LEAST_A_WEEK = 50, 20_000, 5 * dataset.A_DAY - 8
LATER = dataset.NOW + minutes(1)
FOREVER = 10.0**6
LONGEST, SHARE = minutes(max(dataset.LENGTHS)), 5
"""How far times lie apart, and how many customers are shown the same open ones."""
WRITTEN = (
    "appointments_reschedulerequest",
    "appointments_offer",
    "appointments_offer_resources",
    "appointments_occupancy",
    "appointments_promise",
    "appointments_appointmentevent",
    "appointments_link",
    "notifications_message",
)
"""The tables that grow, in an order in which each row finds what it points to."""
Rows = dict[str, list[dict[str, Any]]]
OfOne = tuple[Rows, list[tuple[str, int, int]]]
"""What one customer gets: the new rows by table, and the state and the round of each line."""


def run(*, seed: int) -> list[Row]:
    ours, statements, written = _ours(seed)
    raw = _raw(seed, written)
    name = f"apply, {database.label()}: a plan of {HIT:,}"
    return [
        table.row(f"{name}, seconds beside the same rows raw", ours, raw, at_most=5),
        table.count(f"{name}, statements a customer", statements, at_most=20),
        table.count(f"{name}, overlaps while customers pick", _overlaps_while_customers_pick(seed), at_most=0),
    ]


def _ours(seed: int) -> tuple[float, int, list[OfOne]]:
    with _ready_to_send(seed, HIT) as plan:
        before = {name: _last(name) for name in WRITTEN}
        began = time.perf_counter()
        sending.send_due(now=LATER, seconds=FOREVER)
        passed = time.perf_counter() - began
        _must_be_told_once(plan)
        written = _by_customer(plan, before)
    with _ready_to_send(seed, dataset.A_DAY), CaptureQueriesContext(connection) as asked:
        told = sending.send_due(now=LATER, seconds=FOREVER)
    return passed, len(asked) // told, written


def _raw(seed: int, written: Sequence[OfOne]) -> float:
    with _ready_to_send(seed, HIT):
        began = time.perf_counter()
        for rows, lines in written:
            with transaction.atomic(), connection.cursor() as cursor:
                for name in WRITTEN:
                    if rows[name]:
                        insert(name, rows[name], {})
                for state, round_id, line_id in lines:
                    cursor.execute(
                        "UPDATE appointments_planline SET state = %s, request_id = %s WHERE id = %s",
                        [state, round_id, line_id],
                    )
        passed = time.perf_counter() - began
        if PlanLine.objects.exclude(state=LineState.PLANNED).count() != sum(len(lines) for _rows, lines in written):
            raise AssertionError("the yardstick has not written every line")
        return passed


def _overlaps_while_customers_pick(seed: int) -> int:
    with _ready_to_send(seed, HIT_WHILE_PICKING) as plan:
        is_sent = threading.Event()
        pickers = [threading.Thread(target=_pick, args=(is_sent, seed + number)) for number in range(PICKERS)]
        for one in pickers:
            one.start()
        sending.send_due(now=LATER, seconds=FOREVER)
        is_sent.set()
        for one in pickers:
            one.join()
        _must_be_told_once(plan)
        if not Answer.objects.exists():
            raise AssertionError("nobody has picked anything meanwhile")
        return overlaps()


def _pick(is_sent: threading.Event, seed: int) -> None:
    """Takes any of the times that are on offer, again and again until all are told."""
    chance = random.Random(seed)
    try:
        while not is_sent.is_set():
            live = list(Offer.objects.filter(state=OfferState.LIVE).order_by("pk"))
            if not live:
                time.sleep(0.01)
                continue
            offer = chance.choice(live)
            with suppress(DomainError):
                answers.accept(offer, nonce=f"bench-{seed}-{offer.pk}", now=LATER)
    finally:
        connection.close()


@contextmanager
def _ready_to_send(seed: int, hit: int) -> Iterator[DisruptionPlan]:
    """A database of its own in which as many providers are away for a week as make so many appointments, and a plan
    for them whose countdown is over.
    """
    with database.fresh():
        BusinessFactory()
        world = dataset.make(providers=PROVIDERS, stored=0, seed=seed, customers=CUSTOMERS)
        away, others = world.providers[: -(-hit // AT_LEAST_A_WEEK)], world.providers[-PROVIDERS // 4 :]
        first = day_span(world.today + timedelta(days=1), world.zone).start
        ids = tuple(one.pk for one in away)
        missing = WhatIsMissing(DisruptionScope.RESOURCES, world.location, first, first + timedelta(days=7), ids)
        staff, reason = StaffFactory(), ReasonFactory()
        disruption, _is_new = declare.declare(Entry(missing, reason), by=actors.staff(staff), now=dataset.NOW)
        plan = plans.begin(disruption, by=staff, now=dataset.NOW)
        if len(PlanLine.objects.bulk_create(_lines(plan, others, hit))) != hit:
            raise AssertionError(f"not so many are hit as {hit}")
        plan = sending.ask(plan, by=staff, now=dataset.NOW)
        database.settle()
        yield plan


def _lines(plan: DisruptionPlan, others: Sequence[Resource], hit: int) -> Iterator[PlanLine]:
    """As a plan has them: a time for each, and four that are open to some. All lie where nobody is booked yet."""
    afterwards = dataset.NOW + timedelta(days=dataset.HORIZON + 4)
    for number, appointment in enumerate(plans.whom(plan.disruption)[:hit]):
        turn, place = divmod(number, len(others))
        start, provider = afterwards + turn * LONGEST, others[place]
        opened = [afterwards + timedelta(days=200) + (turn // SHARE + more) * LONGEST for more in range(OPEN_TO_ALL)]
        yield PlanLine(
            plan=plan,
            appointment=appointment,
            starts_at=start,
            ends_at=start + appointment.duration,
            provider=provider,
            resource_ids=[provider.pk],
            others=[[minute_of(one), provider.pk, [provider.pk], False] for one in opened],
        )


def _must_be_told_once(plan: DisruptionPlan) -> None:
    plan.refresh_from_db()
    states = dict.fromkeys(plan.lines.values_list("state", flat=True))
    people = plan.lines.values("appointment__customer").distinct().count()
    # Of two told in one letter one may be chosen before it leaves: then the other is told again by itself.
    letters = Message.objects.filter(kind="offer").exclude(key__endswith=":again").count()
    if (plan.state, list(states), letters) != (PlanState.SENT, [LineState.SENT], people):
        faults = list(plan.lines.exclude(fault="").values_list("fault", flat=True)[:3])
        raise AssertionError(f"{plan.state}, {list(states)}, {letters} letters to {people} customers {faults}")


def _last(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {name}")  # noqa: S608  names of our own
        return int(cursor.fetchone()[0])


def _by_customer(plan: DisruptionPlan, before: Mapping[str, int]) -> list[OfOne]:
    """All that was written since, as it is stored."""
    lines = list(plan.lines.select_related("appointment").order_by("request"))
    of_appointment = {line.appointment_id: line.appointment.customer_id for line in lines}
    of_round = {line.request_id: line.appointment.customer_id for line in lines}
    found: dict[int, OfOne] = {line.appointment.customer_id: (defaultdict(list), []) for line in lines}
    for line in lines:
        found[line.appointment.customer_id][1].append((line.state, line.request_id or 0, line.pk))
    whose_offer: dict[int, int] = {}
    for name in WRITTEN:
        for row in rows_of(name, after=before[name]):
            if "offer_id" in row and "resource_id" in row:
                who = whose_offer[row["offer_id"]]
            elif "about" in row:
                who = of_appointment[int(row["about"].partition(":")[2])]
            else:
                who = of_appointment[row["appointment_id"]] if "appointment_id" in row else of_round[row["request_id"]]
            if name == "appointments_offer":
                whose_offer[row["id"]] = who
            found[who][0][name].append(row)
    return list(found.values())
