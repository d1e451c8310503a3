"""One table at a time is in force."""

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money

from appointments.domain.compensation.rules import copy, in_force, put_in_force
from appointments.enums import TableState
from appointments.errors import DomainError
from appointments.models import AuditEntry, CompensationTable
from tests.clock import NOW
from tests.factories import Clinic
from tests.factories.compensation import rule, rupiah, table_in_force

pytestmark = pytest.mark.django_db


def test_the_rows_of_the_table_in_force_in_their_order() -> None:
    assert in_force() == []
    table = table_in_force({"moves": 2, "amount": rupiah(9)}, {})
    assert [row.moves for row in in_force()] == [2, 1]
    assert [row.table for row in in_force()] == [table, table]


def test_two_tables_are_never_in_force() -> None:
    table_in_force()
    with pytest.raises(IntegrityError), transaction.atomic():
        table_in_force()


def test_a_draft_takes_the_place_of_what_was_in_force(melati: Clinic) -> None:
    old = table_in_force()
    draft = copy(old, by=melati.manager, now=NOW)
    assert draft.state == TableState.DRAFT
    assert [row.amount for row in draft.rules.all()] == [rupiah(50_000)]
    draft.rules.update(amount=60_000, worth=60_000)
    put_in_force(draft, by=melati.manager, now=NOW)
    old.refresh_from_db()
    assert (old.state, old.until) == (TableState.PAST, NOW)
    assert [(row.table, row.amount) for row in in_force()] == [(draft, rupiah(60_000))]


def test_only_a_draft_with_rows_is_put_in_force(melati: Clinic) -> None:
    table = table_in_force()
    with pytest.raises(DomainError, match="in force, or has been"):
        put_in_force(table, by=melati.manager, now=NOW)
    empty = CompensationTable.objects.create(title="Nothing")
    with pytest.raises(DomainError, match="a row at least"):
        put_in_force(empty, by=melati.manager, now=NOW)
    assert CompensationTable.objects.get(state=TableState.IN_FORCE) == table


def test_a_row_in_another_currency_keeps_its_table_from_force(melati: Clinic) -> None:
    draft = CompensationTable.objects.create(title="Euros")
    rule(draft)
    rule(draft, amount=Money(5, "EUR"))
    with pytest.raises(DomainError, match="another currency than IDR"):
        put_in_force(draft, by=melati.manager, now=NOW)
    draft.rules.get(worth_currency="EUR").delete()
    assert put_in_force(draft, by=melati.manager, now=NOW).state == TableState.IN_FORCE


def test_who_copied_a_table_and_put_it_in_force_is_written_down(melati: Clinic) -> None:
    old = table_in_force()
    draft = copy(old, by=melati.manager, now=NOW)
    put_in_force(draft, by=melati.staff, now=NOW)
    said = list(AuditEntry.objects.order_by("pk").values_list("action", "key", "actor"))
    assert said == [
        ("added", str(draft.pk), melati.manager.pk),
        ("changed", str(old.pk), melati.staff.pk),
        ("changed", str(draft.pk), melati.staff.pk),
    ]
    last = AuditEntry.objects.latest("pk")
    assert (last.before["state"], last.after["state"]) == ("draft", "in_force")


def test_a_table_that_is_refused_leaves_no_word(melati: Clinic) -> None:
    with pytest.raises(DomainError):
        put_in_force(table_in_force(), by=melati.manager, now=NOW)
    assert not AuditEntry.objects.exists()
