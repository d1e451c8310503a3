"""What texts about promises, calls and answers know."""

import pytest

from appointments.domain import promises
from appointments.domain.messages import context, context_of_promises
from appointments.domain.moving import answers
from appointments.enums import AppointmentState, PromiseKind, RequestState
from appointments.models import Promise
from tests.clock import NOW, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db


def test_our_answer_quotes_the_customer(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.tell(round_, words="May I bring my dog?", nonce="t", now=NOW)
    owed = Promise.objects.get(kind=PromiseKind.REPLY)
    told = context_of_promises.about_reply(owed, "Yes.", by=melati.manager)
    assert (told["words"], told["reply"], told["case"]) == (
        "May I bring my dog?", "Yes.", f"R-{1000 + round_.pk}",
    )  # fmt: skip
    assert told["contact"]["name"] == melati.manager.get_full_name()
    owed.request = None
    assert context_of_promises.about_reply(owed, "Yes.", by=melati.manager)["case"] == ""


def test_a_call_knows_whether_the_customer_asked_for_it(melati: Clinic) -> None:
    round_ = melati.offered()
    unasked = promises.owe(PromiseKind.CALL, round_, owner=melati.staff, now=NOW)
    assert context_of_promises.about_call(unasked, round_)["asked"] is False
    answers.call_me(round_, nonce="c", now=NOW)
    assert context_of_promises.about_call(Promise.objects.open().get(kind=PromiseKind.CALL), round_)["asked"] is True
    to_find = promises.owe(PromiseKind.FIND_TIMES, round_, owner=melati.staff, now=NOW)
    assert context_of_promises.about_call(to_find, round_)["asked"] is False


def test_once_a_round_is_over_only_what_was_asked_since_counts(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    round_.state = RequestState.WITHDRAWN
    while_asked = context_of_promises.about_call(owed, round_)
    assert (while_asked["asked"], while_asked["is_open"]) == (True, False)
    assert while_asked["time"] == context.time_of(round_.appointment)
    owed.made_at = NOW + minutes(1)
    owed.appointment.state = AppointmentState.CANCELLED
    since = context_of_promises.about_call(owed, round_)
    assert (since["asked"], since["time"]) == (False, None)


def test_an_alarm_names_whose_promise_it_is_and_lists_twenty_others(melati: Clinic) -> None:
    owed = promises.owe(PromiseKind.CALL, melati.booked(), owner=melati.staff, now=NOW)
    listed, one_more = (
        context_of_promises.about_danger([owed] * count, to=melati.staff, now=NOW) for count in (21, 22)
    )
    assert (len(listed["others"]), listed["more"], listed["is_theirs"]) == (20, 0, True)
    assert (len(one_more["others"]), one_more["more"]) == (20, 1)
    assert context_of_promises.about_danger([owed], to=melati.manager, now=NOW)["is_theirs"] is False
