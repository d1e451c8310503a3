"""Did our answer settle it? One tap; whoever says no is with somebody who leads, and asked once for each end."""

import pytest
from django.contrib.auth.models import Group

from appointments import roles
from appointments.domain import actors
from appointments.domain.messages import kinds
from appointments.domain.recovery import cases, final_check, steps
from appointments.enums import CaseOrigin, CaseStage, EventKind, Mood, PromiseKind
from appointments.errors import DomainError
from appointments.models import Customer, Promise, RecoveryCase
from notifications.models import Message
from tests.clock import NOW, days, hours
from tests.factories import Clinic
from tests.factories.recovery import work_through

pytestmark = pytest.mark.django_db
LATER = NOW + hours(1)


@pytest.fixture
def case(melati: Clinic) -> RecoveryCase:
    found = cases.take_up(melati.offered().appointment, CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert found is not None
    return work_through(found, by=melati.staff, cause=melati.reason, now=LATER)


def questions() -> list[Message]:
    return list(Message.objects.filter(kind="final_check").order_by("pk"))


def why_stale(message: Message) -> str | None:
    return kinds.why_stale(message.kind, message.true_if, now=LATER)


def test_the_customer_is_asked_once_it_is_closed(case: RecoveryCase) -> None:
    [message] = questions()
    assert (message.context["case"], message.not_after) == (case.number, LATER + days(4))
    assert "[[feedback]]" in message.context["check_url"]
    assert final_check.to_be_checked(case.appointment) == case
    assert why_stale(message) is None


def test_yes_ends_it(case: RecoveryCase) -> None:
    assert not final_check.has_helped(case.appointment)
    final_check.say(case.appointment, solved=True, now=LATER)
    case.refresh_from_db()
    assert (case.stage, case.solved, final_check.has_helped(case.appointment)) == (CaseStage.CLOSED, True, True)
    assert case.appointment.events.filter(kind=EventKind.CASE_SOLVED).count() == 1
    with pytest.raises(DomainError, match="answered this already"):
        final_check.say(case.appointment, solved=False, now=LATER)
    assert why_stale(questions()[0])


def test_how_they_feel_is_asked_once_it_is_settled_and_forgotten_when_it_is_not(
    case: RecoveryCase, melati: Clinic
) -> None:
    assert not final_check.mood_asked(case.appointment)
    with pytest.raises(DomainError, match="answered this already"):
        final_check.feel(case.appointment, mood=Mood.CALM)
    final_check.say(case.appointment, solved=True, now=LATER)
    assert final_check.mood_asked(case.appointment)
    assert final_check.feel(case.appointment, mood=Mood.CALM).mood_after == Mood.CALM
    assert not final_check.mood_asked(case.appointment)
    again = steps.reopen(case, to=melati.manager, by=actors.staff(melati.staff), now=LATER)
    assert again.mood_after == ""


def test_no_brings_it_to_somebody_who_leads(case: RecoveryCase, melati: Clinic) -> None:
    melati.manager.groups.add(Group.objects.get(name=roles.MANAGERS))
    final_check.say(case.appointment, solved=False, now=LATER)
    case.refresh_from_db()
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert (case.stage, case.owner, case.solved, owed.owner) == ("hear", melati.manager, None, melati.manager)
    assert final_check.to_be_checked(case.appointment) is None
    assert why_stale(questions()[0])

    work_through(case, by=melati.manager, cause=melati.reason, now=LATER + hours(5))
    assert len(questions()) == 2


def test_who_does_not_want_to_be_asked_is_not(melati: Clinic) -> None:
    Customer.objects.update(wants_follow_up=False)
    found = cases.take_up(melati.offered().appointment, CaseOrigin.STAFF, key="k", now=NOW, by=actors.SYSTEM)
    assert found is not None
    work_through(found, by=melati.staff, cause=melati.reason, now=LATER)
    assert questions() == []


def test_whoever_changes_their_mind_before_it_leaves_is_not_asked(case: RecoveryCase) -> None:
    Customer.objects.update(wants_follow_up=False)
    assert why_stale(questions()[0])


def test_where_nothing_was_complained_of_nothing_is_asked(melati: Clinic) -> None:
    with pytest.raises(DomainError):
        final_check.say(melati.booked(), solved=True, now=NOW)
