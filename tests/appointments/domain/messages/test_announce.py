"""Which words leave for whom, and what they may say."""

import pytest

from appointments.domain import promises
from appointments.domain.messages import announce, context
from appointments.domain.moving import answers, chasing
from appointments.enums import AppointmentState, CallOutcome, LinkPurpose, OfferState, PromiseKind
from appointments.models import Appointment, CallAttempt, Link, Offer, Promise
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory, ReasonFactory

pytestmark = pytest.mark.django_db


def test_expiry_says_so_when_nothing_is_left_to_choose(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    round_.offers.update(state="gone")
    chasing.chase_answers(now=NOW + hours(2))
    assert Message.objects.get(kind="expiry").context["still_offered"] is False


@pytest.mark.parametrize(("was", "urgency"), [("2026-11-24 20:59", "now"), ("2026-11-24 21:00", "soon")])
def test_what_is_within_a_day_and_a_half_goes_at_any_hour(melati: Clinic, was: str, urgency: str) -> None:
    melati.offered(melati.booked(was))
    assert Message.objects.get(kind="offer").urgency == urgency


def test_the_second_reminder_takes_another_way_where_there_is_one(melati: Clinic) -> None:
    round_ = melati.offered()
    ways = [announce.nudge(round_, turn=turn, now=NOW).channels for turn in (1, 2)]
    assert ways == [["email", "sms", "call"], ["sms", "email"]]


def test_with_one_way_only_both_reminders_take_it(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked(customer=CustomerFactory(phone="")))
    assert [announce.nudge(round_, turn=turn, now=NOW).channels for turn in (1, 2)] == [["email"], ["email"]]


def test_with_a_phone_only_the_second_reminder_is_no_call(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked(customer=CustomerFactory(email="")))
    assert [announce.nudge(round_, turn=turn, now=NOW).channels for turn in (1, 2)] == [["sms", "call"], ["sms"]]


@pytest.mark.parametrize(
    ("starts", "state", "left"),
    [
        ("2026-11-25 12:00", OfferState.LIVE, True),
        ("2026-11-25 12:00", OfferState.GONE, False),
        ("2026-11-23 11:01", OfferState.LIVE, True),
        ("2026-11-23 11:00", OfferState.LIVE, False),
    ],
)
def test_what_can_still_be_chosen_lies_ahead_and_is_on_offer(
    melati: Clinic, starts: str, state: OfferState, left: bool
) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW)
    Offer.objects.update(starts_at=at(starts), ends_at=at(starts) + minutes(30), state=state)
    now, owed = at("2026-11-23 11:00"), Promise.objects.open().get(kind=PromiseKind.CALL)
    assert announce.expired(round_, promise=owed, now=now).context["still_offered"] is left
    Message.objects.filter(kind="acknowledgement").delete()
    assert announce.acknowledge(round_.answers.get(), owed, now=now).context["choose"] is left


def test_an_acknowledgement_repeats_what_was_asked_and_words_are_always_words(melati: Clinic) -> None:
    round_ = melati.offered()
    answers.call_me(round_, nonce="c", now=NOW, words="After lunch")
    answers.tell(round_, nonce="t", now=NOW, words="Hello")
    told = Message.objects.filter(kind="acknowledgement").order_by("pk")
    assert [(one.context["answer"], one.context["words"], one.context["case"]) for one in told] == [
        ("call_me", "After lunch", f"R-{1000 + round_.pk}"), ("tell", "Hello", f"R-{1000 + round_.pk}"),
    ]  # fmt: skip
    assert [one.not_after for one in told] == [at("2026-11-23 12:00")] * 2


@pytest.mark.parametrize(("fault", "by_us"), [("ours", True), ("customer", False), ("nobody", False)])
def test_a_confirmation_apologises_for_what_was_ours(melati: Clinic, fault: str, by_us: bool) -> None:
    round_ = melati.offered(reason=ReasonFactory(fault=fault))
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    message = Message.objects.get(kind="confirmation")
    assert (message.context["by_us"], message.urgency) == (by_us, "now")
    appointment = Appointment.objects.get()
    assert message.not_after == appointment.starts_at


def test_a_reminder_is_no_use_within_the_last_half_hour(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    message = announce.remind(appointment, was=None, now=NOW)
    assert message.not_after == at("2026-11-24 09:30")
    assert (message.context["moved"], message.context["was"], message.urgency) == (False, None, "normal")


def test_a_reminder_of_a_new_time_names_the_old_one(melati: Clinic) -> None:
    round_ = melati.offered()
    message = announce.remind(round_.appointment, was=context.was_of(round_), now=NOW)
    assert message.context["moved"] is True


def test_questions_may_be_asked_for_four_days(melati: Clinic) -> None:
    message = announce.follow_up(melati.booked(), now=NOW)
    assert message.not_after == at("2026-11-27 09:00")
    assert [one["key"] for one in message.context["questions"]] == ["handling", "outcome"]
    assert set(message.secrets) == {"link", "feedback"}
    purposes = Link.objects.order_by("purpose").values_list("purpose", flat=True)
    assert list(purposes) == [LinkPurpose.ANSWER, LinkPurpose.FEEDBACK]


def test_a_call_that_reached_nobody_says_so_and_whether_it_came_late(melati: Clinic) -> None:
    owed = promises.owe(PromiseKind.CALL, melati.booked(), owner=melati.staff, now=NOW)
    other = promises.owe(PromiseKind.CALL, melati.booked("2026-11-25 14:00"), owner=melati.staff, now=NOW)
    missed, wrong = (
        CallAttempt.objects.create(promise=owed, at=NOW, by=melati.staff, outcome=outcome, nonce=outcome)
        for outcome in (CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER)
    )
    in_time, by_mistake = (announce.not_reached(owed, attempt, now=NOW).context for attempt in (missed, wrong))
    Message.objects.filter(kind="not_reached").delete()
    late = announce.not_reached(other, missed, now=NOW).context
    assert (in_time["wrong_number"], in_time["is_late"]) == (False, False)
    assert (by_mistake["wrong_number"], by_mistake["is_late"]) == (True, False)
    assert (late["wrong_number"], late["is_late"]) == (False, True)


def test_times_that_went_are_told_anew_once_there_are_newer_ones(melati: Clinic) -> None:
    round_ = melati.offered()
    owed = round_.promises.open().get(kind=PromiseKind.ANSWER_OR_CALL)
    first, again = (announce.times_gone(owed, round_, now=NOW) for _turn in range(2))
    assert (again, first.key, first.not_after) == (
        first, f"times_gone:promise:{owed.pk}:{round_.offers.count()}", round_.respond_by,
    )  # fmt: skip
    round_.offers.update(state=OfferState.GONE)
    none_left = announce.times_gone(owed, round_, now=NOW)
    assert (none_left.key, none_left.not_after) == (f"times_gone:promise:{owed.pk}:0", owed.due_at)


def test_a_colleague_is_told_whose_promise_is_in_danger(melati: Clinic) -> None:
    answers.call_me(melati.offered(), nonce="c", now=NOW)
    owed = Promise.objects.open().get(kind=PromiseKind.CALL)
    theirs = announce.escalate(owed, to=melati.staff, now=NOW)
    assert (theirs.email, theirs.urgency, theirs.secrets) == (melati.staff.email, "now", {})
    assert (theirs.context["is_theirs"], theirs.context["is_overdue"]) == (True, False)
    late = owed.due_at + minutes(1)
    other = announce.escalate(owed, to=melati.manager, now=late)
    assert (other.email, other.context["contact"]["name"]) == (melati.manager.email, theirs.context["contact"]["name"])
    assert (other.context["is_theirs"], other.context["is_overdue"]) == (False, True)
    assert announce.escalate(owed, to=melati.manager, now=late) == other


def test_the_same_event_is_told_once(melati: Clinic) -> None:
    round_ = melati.offered()
    assert announce.apologise_and_offer(round_, now=NOW) == Message.objects.get(kind="offer")
    again = announce.apologise_and_offer(round_, now=NOW, again=True)
    assert again != Message.objects.get(key=f"offer:request:{round_.pk}")


def test_an_offer_leaves_when_it_cannot_be_taken_back_any_more_and_not_after_the_time_to_answer(
    melati: Clinic,
) -> None:
    round_ = melati.offered()
    message = Message.objects.get(kind="offer")
    assert (message.not_before, message.not_after) == (round_.undo_until, round_.respond_by)


def test_taking_back_stops_what_has_not_left_of_this_round(melati: Clinic) -> None:
    round_ = melati.offered()
    other = melati.offered(melati.booked("2026-11-28 16:30", customer=CustomerFactory()))
    for turn in (1, 2):
        announce.nudge(round_, turn=turn, now=NOW)
    assert announce.take_back(round_, now=NOW, kinds=("nudge",)) == 2
    assert announce.take_back(round_, now=NOW) == 1
    assert announce.take_back(round_, now=NOW) == 0
    assert Message.objects.get(key=f"offer:request:{other.pk}").state == "queued"


def test_a_cancelled_appointment_takes_its_entry_along(melati: Clinic) -> None:
    answers.cancel(melati.offered(), nonce="c", now=NOW)
    message = Message.objects.get(kind="cancellation")
    (entry,) = message.attachments
    assert "METHOD:CANCEL" in entry["content"]
    assert message.true_if["state"] == AppointmentState.CANCELLED


def test_answers_go_to_the_business_and_every_letter_has_its_own_key(melati: Clinic) -> None:
    round_ = melati.offered()
    tokens = {announce.nudge(round_, turn=turn, now=NOW).secrets["link"] for turn in (1, 2)}
    tokens.add(Message.objects.get(kind="offer").secrets["link"])
    assert len(tokens) == 3
    assert set(Message.objects.values_list("reply_to", flat=True)) == {melati.business.email}
