"""The first page of managers: the few figures that matter."""

import pytest

from appointments.domain.pages.managers_home import home
from appointments.models import AffectedAppointment
from tests.clock import NOW, hours
from tests.factories import Clinic, PromiseFactory

pytestmark = pytest.mark.django_db


def test_it_says_the_cause_that_moved_most_and_what_was_kept(melati: Clinic) -> None:
    assert home(now=NOW, today=NOW.date()).worst is None
    round_ = melati.offered()
    PromiseFactory(
        appointment=round_.appointment, request=None, state="kept", settled_at=NOW, made_at=NOW - hours(2), due_at=NOW
    )
    found = home(now=NOW, today=NOW.date())
    assert found.worst is not None
    assert (found.worst.key, found.worst.share) == (str(melati.reason.pk), 1.0)
    assert (found.kept.kept, found.kept.count) == (1, 1)
    assert found.untold == AffectedAppointment.objects.none().count()
