"""How it stands with a delay: who is told of which hour, who begins a little later, and who has to move."""

from typing import Any

import pytest

from appointments.domain.pages.delays import delay_of
from notifications.enums import MessageState
from tests.appointments.domain.disruptions.late.world import coming, declared, room_is_taken
from tests.factories import Clinic, letters_have_left

pytestmark = pytest.mark.django_db


def test_everybody_whom_it_concerns_stands_there(melati: Clinic) -> None:
    stuck = coming(melati, "10:00")[0]
    room_is_taken(melati)
    first, _little = coming(melati, "12:00", "13:05")
    disruption = declared(melati)

    found = delay_of(disruption)

    messages = [(one.round_.appointment, one.message and one.message.state) for one in found.told]
    assert messages == [(first, MessageState.QUEUED)]
    assert [row.appointment for row in found.to_move] == [stuck]
    assert (found.shifted, found.untold) == (2, 1)
    letters_have_left()
    assert [one.message and one.message.state for one in delay_of(disruption).told] == [MessageState.SENT]


def test_it_is_read_at_once_whoever_is_told(melati: Clinic, django_assert_num_queries: Any) -> None:
    coming(melati, "10:00")
    one = declared(melati)
    with django_assert_num_queries(4):
        delay_of(one)
    coming(melati, "11:10", "11:40", "12:10", "12:40", "13:10")
    many = declared(melati, 90)
    with django_assert_num_queries(4):
        assert len(delay_of(many).told) == 6
