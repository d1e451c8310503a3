"""What a colleague reads before calling a false alarm is what then happens."""

from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.disruptions import called_off, declare
from appointments.domain.disruptions.called_off import Outlook
from appointments.domain.messages import announce
from appointments.domain.moving import answers
from appointments.models import Appointment, Disruption, RescheduleRequest
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, letters_have_left
from tests.factories.disruptions import booked_in_a_row, provider_away


def of(disruption: Disruption, *, now: Any = NOW) -> Outlook:
    return called_off.outlook(disruption, now=now)


def offered(world: Clinic, appointment: Appointment, because_of: Disruption) -> RescheduleRequest:
    """As a plan offers: because of that and of nothing else."""
    round_ = world.offered(appointment, guaranteed=False)
    Disruption.objects.exclude(pk=because_of.pk).filter(appointment=appointment).update(ended_at=NOW)
    RescheduleRequest.objects.filter(pk=round_.pk).update(disruption=because_of)
    return round_


def test_it_hits_nobody(melati: Clinic) -> None:
    assert of(provider_away(melati)) == Outlook(untold=0, told=0, placed=0, besides=0)


def test_what_is_read_before_is_what_then_happens(melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    chose, kept, told, waits, _untold = booked_in_a_row(melati, 5)
    disruption, by = provider_away(melati), actors.staff(melati.staff)
    answers.accept(offered(melati, chose, disruption).offers.get(position=1), nonce="p", now=NOW)
    affected.keep(kept, by=by, now=NOW)
    asked = offered(melati, told, disruption)
    letters_have_left()
    unsent = offered(melati, waits, disruption)
    assert of(disruption) == Outlook(untold=2, told=1, placed=1, besides=0)

    heard: list[int] = []
    monkeypatch.setattr(announce, "false_alarm", lambda round_, *, now: heard.append(round_.pk), raising=False)
    assert declare.false_alarm(disruption, by=by, now=NOW)
    assert heard == [asked.pk]
    asked.refresh_from_db()
    unsent.refresh_from_db()
    assert (asked.is_live, asked.can_keep, unsent.state) == (True, True, "withdrawn")
    chose.refresh_from_db()
    assert chose.starts_at != at("2026-11-24 08:00")
    assert not declare.false_alarm(disruption, by=by, now=NOW), "once is enough"


def test_who_is_hit_by_something_else_as_well_stays_as_they_are(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    affected.add(provider_away(melati, day="2026-11-25"), [hit], now=NOW)
    assert of(disruption) == Outlook(untold=0, told=0, placed=0, besides=1)


def test_who_is_moved_for_another_reason_stays_as_they_are(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    round_ = melati.offered(hit, guaranteed=False)
    disruption = provider_away(melati)
    Disruption.objects.exclude(pk=disruption.pk).update(ended_at=NOW)
    assert of(disruption) == Outlook(untold=0, told=0, placed=0, besides=1)
    RescheduleRequest.objects.filter(pk=round_.pk).update(disruption=disruption)
    assert of(disruption) == Outlook(untold=1, told=0, placed=0, besides=0)


def test_nothing_is_given_back_of_what_has_begun(melati: Clinic) -> None:
    (hit,) = booked_in_a_row(melati, 1)
    disruption = provider_away(melati)
    assert of(disruption, now=hit.starts_at - minutes(1)).untold == 1
    assert of(disruption, now=hit.starts_at).besides == 1


@pytest.mark.parametrize("count", [1, 17])
def test_many_are_asked_like_one(melati: Clinic, count: int, django_assert_num_queries: Any) -> None:
    booked = booked_in_a_row(melati, count)
    disruption = provider_away(melati)
    offered(melati, booked[0], disruption)
    with django_assert_num_queries(10):
        assert of(disruption).untold == count
