"""One table at a time is in force."""

import pytest
from django.db import IntegrityError, transaction

from appointments.domain.compensation.rules import in_force, in_force_at
from appointments.enums import TableState
from tests.clock import NOW, days
from tests.factories.compensation import rupiah, table_in_force

pytestmark = pytest.mark.django_db


def test_the_rows_of_the_table_in_force_in_their_order() -> None:
    assert in_force() == []
    table = table_in_force({"moves": 2, "amount": rupiah(9)}, {})
    assert [row.moves for row in in_force()] == [2, 1]
    assert [row.table for row in in_force()] == [table, table]


def test_what_was_in_force_at_a_moment() -> None:
    table = table_in_force(since=NOW - days(5))
    assert in_force_at(NOW - days(5)) == table
    assert in_force_at(NOW - days(6)) is None
    table.state, table.until = TableState.PAST, NOW
    table.save()
    assert in_force_at(NOW) is None


def test_two_tables_are_never_in_force() -> None:
    table_in_force()
    with pytest.raises(IntegrityError), transaction.atomic():
        table_in_force()
