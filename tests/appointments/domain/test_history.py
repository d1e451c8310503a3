"""What is written down of what happened."""

import pytest
from django.utils import translation

from appointments.domain import actors, history
from appointments.enums import (
    EventKind,
    PromiseKind,
)
from tests.clock import NOW
from tests.factories import (
    Clinic,
    PromiseFactory,
)

pytestmark = pytest.mark.django_db


def test_a_fact_says_who_did_what_and_when(melati: Clinic) -> None:
    round_ = melati.offered()
    event = history.record(
        round_.appointment, EventKind.CALLED, by=actors.staff(melati.staff), now=NOW, round_=round_,
        before={"a": 1}, after={"a": 2}, note="busy",
    )  # fmt: skip
    event.refresh_from_db()
    assert (event.kind, event.at, event.actor_kind, event.actor) == (EventKind.CALLED, NOW, "staff", melati.staff)
    assert (event.request, event.before, event.after, event.note) == (round_, {"a": 1}, {"a": 2}, "busy")


def test_a_long_note_is_cut_where_the_table_ends(melati: Clinic) -> None:
    event = history.record(melati.booked(), EventKind.CALLED, by=actors.SYSTEM, now=NOW, note="x" * 501)
    assert event.note == "x" * 500


def test_what_is_written_down_is_in_the_language_of_the_source_whoever_writes(melati: Clinic) -> None:
    promise = PromiseFactory(kind=PromiseKind.CALL)
    with translation.override("id"):
        assert history.in_source(promise.get_kind_display) == "phone the customer"
        assert str(promise.get_kind_display()) != "phone the customer"
