"""What a customer wished for counts until they wish for something else, and what was refused stays refused."""

import pytest

from appointments.domain.moving import answers, wished
from appointments.domain.schedule.slots import Wishes
from appointments.models import RescheduleRequest
from tests.clock import NOW, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_who_asked_for_nothing_in_particular_gets_the_usual_list(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    assert wished.wishes_of(round_.appointment) is None
    answers.ask_other_times(round_, wishes=Wishes(), nonce="o", now=NOW)
    assert wished.wishes_of(round_.appointment) is None


def test_only_who_asked_for_other_times_has_wished_and_refused(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    answers.call_me(round_, nonce="c", words="Please call.", now=NOW)
    assert (wished.wishes_of(round_.appointment), wished.refused_by(round_.appointment)) == (None, set())
    wishes = Wishes(parts=frozenset({"afternoon"}))
    answers.ask_other_times(round_, wishes=wishes, nonce="o", now=NOW)
    latest = RescheduleRequest.objects.latest("pk")
    answers.tell(latest, words="Thank you.", nonce="t", now=NOW + minutes(1))
    assert wished.wishes_of(round_.appointment) == wishes
    assert wished.refused_by(round_.appointment) == {one.when_and_whom for one in round_.offers.all()}
