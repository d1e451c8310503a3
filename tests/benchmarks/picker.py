"""One of the processes of the benchmark `pick`: `python -m tests.benchmarks.picker ours`.

Reads its picks as one line of JSON, says "ready", waits for a line, goes through them, and reports one line of JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypedDict

import django
from django.db import IntegrityError, OperationalError, connection, transaction

from appointments.domain.transactions import is_worth_another_try
from tests.benchmarks.byhand import SameRows


class Pick(TypedDict):
    """One customer's choice. Times are written in UTC as both databases read them."""

    offer: int
    round: int
    appointment: int
    resource: int
    starts_at: str
    ends_at: str


class Report(TypedDict):
    """The seconds each pick took, who got their time, what the others were told, and how often one began anew."""

    seconds: list[float]
    won: list[int]
    lost: dict[str, int]
    again: int


NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def accept(pick: Pick) -> str:
    """As the customer's page does it, below HTTP. "" when it worked, else what the customer is told."""
    from appointments.domain.moving import answers
    from appointments.errors import DomainError
    from appointments.models import Offer

    offer = Offer.objects.get(pk=pick["offer"])
    try:
        answers.accept(offer, nonce=f"bench-{pick['offer']}", now=NOW)
    except DomainError as error:
        return type(error).__name__
    return ""


def change_timeline(pick: Pick) -> None:
    """The same change of the timeline and nothing else. Those who want the same provider wait in line.

    Without the line PostgreSQL lets several insert, finds each waiting for another, and sorts them out a second apiece.
    """
    times = [pick["starts_at"], pick["ends_at"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM appointments_resource WHERE id = %s FOR NO KEY UPDATE", [pick["resource"]])
        cursor.execute("DELETE FROM appointments_occupancy WHERE appointment_id = %s", [pick["appointment"]])
        cursor.execute(
            "INSERT INTO appointments_occupancy (resource_id, appointment_id, starts_at, ends_at) "
            "VALUES (%s, %s, %s, %s)",
            [pick["resource"], pick["appointment"], *times],
        )
        cursor.execute(
            "UPDATE appointments_appointment SET starts_at = %s, ends_at = %s, provider_id = %s, "
            "sequence = sequence + 1 WHERE id = %s",
            [*times, pick["resource"], pick["appointment"]],
        )


def in_sql(write: Callable[[Pick], None], report: Report) -> Callable[[Pick], str]:
    """A side that is written by hand: one transaction, begun anew after a deadlock as ours is, and counted."""

    def act(pick: Pick) -> str:
        while True:
            try:
                with transaction.atomic():
                    write(pick)
            except IntegrityError:
                return "SlotTaken"
            except OperationalError as error:
                if not is_worth_another_try(error):
                    raise
                report["again"] += 1
            else:
                return ""

    return act


def side(name: str, report: Report) -> Callable[[Pick], str]:
    if name == "ours":
        return accept
    return in_sql(SameRows() if name == "by_hand" else change_timeline, report)


def main() -> None:
    django.setup()
    report = Report(seconds=[], won=[], lost={}, again=0)
    act = side(sys.argv[1], report)
    picks: list[Pick] = json.loads(sys.stdin.readline())
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    for number, pick in enumerate(picks):
        began = time.perf_counter()
        told = act(pick)
        report["seconds"].append(time.perf_counter() - began)
        if told:
            report["lost"][told] = report["lost"].get(told, 0) + 1
        else:
            report["won"].append(number)
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
