"""Who does otherwise than the playbook says why, and the playbook learns from it."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from appointments.domain import actors
from appointments.domain.recovery.playbook import another_way, uses
from appointments.enums import PointAction
from appointments.models import AnotherWay, RescheduleRequest
from tests.clock import NOW, hours
from tests.factories import Clinic
from tests.factories.recovery import at_resolve

pytestmark = pytest.mark.django_db


def moved(melati: Clinic, words: str) -> RescheduleRequest:
    appointment, by = melati.booked(), actors.staff(melati.staff)
    return uses.open_round(appointment, melati.draft(appointment), using=[], instead=words, by=by, now=NOW)


def test_what_was_done_instead_waits_for_whoever_writes_the_playbook(melati: Clinic) -> None:
    round_ = moved(melati, " I drove there myself. ")
    [one] = another_way.waiting()
    assert (one.words, one.round, one.reason, one.by) == (
        "I drove there myself.", round_, melati.reason, melati.staff,
    )  # fmt: skip
    assert [another_way.take_up(one, now=NOW) for _ in range(2)] == [True, False]
    assert another_way.waiting() == []


def test_nothing_said_is_nothing_kept(melati: Clinic) -> None:
    moved(melati, "  ")
    assert not AnotherWay.objects.exists()


def test_of_one_point_the_last_word_counts_and_is_read_anew(melati: Clinic) -> None:
    point = at_resolve(melati).points.get()
    settle = partial(uses.resolve, point, action=PointAction.WORDS, reply="So.", using=[], by=melati.staff)
    for number, words in enumerate(("A cake.", "A cake and a card.")):
        now = NOW + hours(number)
        settle(instead=words, now=now)
        [one] = another_way.waiting()
        assert (one.words, one.reason) == (words, None)
        another_way.take_up(one, now=NOW)


def test_the_database_keeps_it_to_one_thing_and_once(melati: Clinic) -> None:
    point, said = at_resolve(melati).points.get(), {"words": "So.", "by": melati.staff, "at": NOW}
    AnotherWay.objects.create(point=point, **said)
    for refused in ({"point": point}, {}, {"point": point, "round": point.case.request}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnotherWay.objects.create(**said, **refused)
