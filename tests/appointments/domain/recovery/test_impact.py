"""What our own facts say it cost."""

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers
from appointments.domain.recovery import cases, impact
from appointments.enums import CaseOrigin, OfferState
from appointments.models import Promise, RecoveryCase
from tests.clock import NOW, hours
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_moves_waiting_and_broken_promises_are_counted(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    taken = round_.offers.get(state=OfferState.TAKEN)
    case = cases.take_up(round_.appointment, CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert case is not None
    Promise.objects.filter(kind="reply").update(broken_at=NOW)

    found = impact.impact_of(case, now=NOW + hours(1))
    assert (found.moves, found.broken) == (1, 1)
    assert found.waited == max(taken.starts_at - round_.was_starts_at, hours(0))
    assert not found.is_nothing


def test_who_was_never_moved_has_cost_nothing_that_we_know_of(melati: Clinic) -> None:
    case = cases.take_up(melati.booked(), CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert impact.impact_of(RecoveryCase.objects.get(pk=case.pk), now=NOW).is_nothing  # type: ignore[union-attr]
