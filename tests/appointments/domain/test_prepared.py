"""What is put into SQL once says and writes what the ORM would, each time."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.domain import prepared
from appointments.domain.prepared import MOST, Prepared
from appointments.enums import EventKind, PromiseKind
from appointments.models import Appointment, AppointmentEvent, Customer, Link, Offer, Promise
from tests.clock import NOW
from tests.factories import Clinic, CustomerFactory

pytestmark = pytest.mark.django_db


def an_event(appointment: Appointment, note: str) -> AppointmentEvent:
    return AppointmentEvent(
        appointment=appointment, at=NOW, kind=EventKind.CALLED, actor_kind="staff", before={"a": ["b", None]}, note=note
    )


def test_rows_are_written_as_the_orm_would_and_know_their_numbers(melati: Clinic) -> None:
    appointment = melati.booked()
    mine, theirs = [an_event(appointment, note) for note in ("one", "é ' two")], an_event(appointment, "é ' two")
    prepared.insert(mine)
    theirs.save()
    stored = AppointmentEvent.objects.order_by("pk").values()
    first, second, other = ({name: value for name, value in row.items() if name != "id"} for row in stored)
    assert (second, first) == (other, other | {"note": "one"})
    assert [one.pk for one in mine] == [row["id"] for row in stored[:2]]
    assert [(one._state.adding, one._state.db) for one in mine] == [(False, "default")] * 2


def test_rows_of_any_table_come_back_as_they_went(melati: Clinic) -> None:
    round_ = melati.offered()
    promise = Promise(
        kind=PromiseKind.CALL, appointment=round_.appointment, request=round_, owner=melati.staff,
        made_at=NOW, due_at=NOW + timedelta(microseconds=1),
    )  # fmt: skip
    offer = Offer(request=round_, position=9, starts_at=NOW, ends_at=NOW + timedelta(hours=1), guaranteed=False)
    for row in (promise, offer):
        prepared.insert([row])
        names = [field.attname for field in row._meta.concrete_fields]
        fresh: Any = type(row)._default_manager.get(pk=row.pk)
        assert {name: getattr(fresh, name) for name in names} == {name: getattr(row, name) for name in names}


def test_nothing_is_written_for_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        prepared.insert([])
    assert len(queries) == 0


def test_what_the_database_refuses_is_refused_in_its_words(melati: Clinic) -> None:
    row = {"token_hash": "same", "purpose": "answer", "appointment": melati.booked(), "issued_at": NOW}
    links = [Link(**row, expires_at=NOW + timedelta(days=1)) for _turn in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.insert(links)
    assert not Link.objects.exists()


@pytest.mark.parametrize("count", [0, 1, 2, MOST, MOST + 1])
def test_a_question_is_answered_for_any_number_of_keys(db: None, count: int) -> None:
    everybody = CustomerFactory.create_batch(MOST + 2)
    ask = Prepared(Customer.objects.order_by("-pk").values_list("pk", "name"))
    for some in (everybody[:count], everybody[1 : count + 1]):
        with CaptureQueriesContext(connection) as queries:
            found = ask([one.pk for one in some])
        assert found == [(one.pk, one.name) for one in reversed(some)]
        assert len(queries) == min(count, 1)


def test_what_else_it_asks_for_stays_as_it_was(db: None) -> None:
    one, other = CustomerFactory(name="Ana"), CustomerFactory(name="Budi")
    ask = Prepared(Customer.objects.filter(name="Ana").values_list("pk"))
    assert (ask([one.pk, other.pk]), ask([other.pk])) == ([(one.pk,)], [])
