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
from django.db import IntegrityError, connection, transaction


class Pick(TypedDict):
    """One customer's choice. Times are written in UTC as both databases read them."""

    offer: int
    appointment: int
    resource: int
    starts_at: str
    ends_at: str


class Report(TypedDict):
    """The seconds each pick took, the numbers of those that got their time, and what the others were told."""

    seconds: list[float]
    won: list[int]
    lost: dict[str, int]


NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def accept(pick: Pick) -> str:
    """As the customer's page does it, below HTTP. "" when it worked, else what the customer is told."""
    from appointments.domain.moving import answers
    from appointments.errors import DomainError
    from appointments.models import Offer

    offer = Offer.objects.select_related("request__appointment").get(pk=pick["offer"])
    try:
        answers.accept(offer, nonce=f"bench-{pick['offer']}", now=NOW)
    except DomainError as error:
        return type(error).__name__
    return ""


def change_rows(pick: Pick) -> str:
    """The same change of the timeline and nothing else, in bare SQL."""
    times = [pick["starts_at"], pick["ends_at"]]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM appointments_occupancy WHERE appointment_id = %s", [pick["appointment"]])
            cursor.execute(
                "INSERT INTO appointments_occupancy (resource_id, appointment_id, starts_at, ends_at) "
                "VALUES (%s, %s, %s, %s)",
                [pick["resource"], pick["appointment"], *times],
            )
            cursor.execute(
                "UPDATE appointments_appointment SET starts_at = %s, ends_at = %s, provider_id = %s WHERE id = %s",
                [*times, pick["resource"], pick["appointment"]],
            )
    except IntegrityError:
        return "SlotTaken"
    return ""


SIDES: dict[str, Callable[[Pick], str]] = {"ours": accept, "bare": change_rows}


def main() -> None:
    django.setup()
    act = SIDES[sys.argv[1]]
    picks: list[Pick] = json.loads(sys.stdin.readline())
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    report = Report(seconds=[], won=[], lost={})
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
