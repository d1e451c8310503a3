"""Who works here, as the page shows it."""

import pytest

from appointments import roles
from appointments.domain.pages import people as page
from appointments.domain.people import invitations, retiring
from appointments.models import Invitation
from tests.clock import NOW, days
from tests.factories import Clinic
from tests.factories.people import colleague, invited

pytestmark = pytest.mark.django_db


def test_those_at_work_those_invited_and_those_who_left(melati: Clinic) -> None:
    by, here = colleague(roles.MANAGERS), colleague(roles.FRONT_DESK, melati.location)
    gone = colleague(roles.LEADS)
    retiring.retire(gone, to=None, by=by, now=NOW)
    waiting, _token = invited(by)
    old, _token = invited(by, email="", nonce="old", now=NOW - days(8))
    over, _token = invited(by, email="x@melati.example", nonce="over")
    invitations.take_back(over, by=by, now=NOW)
    gone.refresh_from_db()

    shown = page.people([by, here, gone], Invitation.objects.for_display(), now=NOW)

    assert [(one.user, one.role, one.places) for one in shown.at_work] == [
        (by, roles.MANAGERS, ()),
        (here, roles.FRONT_DESK, (melati.location,)),
    ]
    assert [(one.user, one.retired_at) for one in shown.retired] == [(gone, NOW)]
    assert {one.invitation.pk: one.is_open for one in shown.invited} == {waiting.pk: True, old.pk: False}


def test_somebody_with_rights_of_their_own_only_has_no_role(melati: Clinic) -> None:
    line = page.line_of(melati.staff)
    assert (line.role, line.role_label, line.places, line.retired_at) == ("", "", (), None)
