"""Words about appointments that are let go, kind by kind, and customers who are forgotten because they do not come."""

from datetime import datetime
from typing import Any

from appointments.domain import actors
from appointments.domain.privacy import forgetting
from appointments.domain.privacy.forgetting import NOTHING, put_nothing
from appointments.domain.privacy.inventory import WORDS
from appointments.enums import DataKind
from appointments.models import Statement, WordsGone

__all__ = ["NOTHING", "forget", "forget_people", "let_go", "of_people"]

OF_PEOPLE = ("name", "email", "phone", "note")
"""What of a file's statement is about somebody; hours and places stay, so the next file is compared as before."""


def let_go(appointments: Any, kind: DataKind, *, now: datetime) -> None:
    """In the caller's transaction. That there were words stays: a sign stands where they stood."""
    pks = list(appointments.values_list("pk", flat=True))
    # First: only of what is let go the database lets words of the past be taken away.
    WordsGone.objects.bulk_create(
        [WordsGone(appointment_id=pk, kind=kind, at=now) for pk in pks],
        update_conflicts=True,
        unique_fields=["appointment", "kind"],
        update_fields=["at"],
    )
    for words in WORDS:
        fields, rows = words.of_kind(kind), words.about(pks)
        if words.model is Statement:
            if fields:
                forget_people(rows)
            continue
        for field in fields:
            put_nothing(rows, field)


def of_people() -> Any:
    """What files said of somebody."""
    return Statement.objects.filter(said__has_any_keys=OF_PEOPLE)


def forget_people(statements: Any) -> None:
    for one in statements.exclude(said={}):
        said = {name: value for name, value in one.said.items() if name not in OF_PEOPLE}
        if said != one.said:
            statements.filter(pk=one.pk).update(said=said)


def forget(customers: Any, *, now: datetime) -> None:
    """Whoever does not come any more; what files said stays for its own time."""
    for customer in customers:
        forgetting.forget(customer, by=actors.SYSTEM, now=now, files=False)
