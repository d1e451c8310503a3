"""What opens a round, and what is said while it waits for its customer."""

import pytest

from appointments.domain import actors
from appointments.domain.colleagues import name_of
from appointments.domain.messages import announce, kinds
from appointments.domain.moving import answers, chasing, rounds
from appointments.domain.moving.rounds import Later
from appointments.enums import OfferState, PromiseKind
from appointments.models import Appointment, Offer, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, CustomerFactory

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


def test_taking_back_leaves_what_an_earlier_round_of_the_appointment_said(melati: Clinic) -> None:
    first = melati.offered()
    newer = melati.offered(first.appointment)
    announce.apologise_and_offer(first, now=NOW, again=True)
    assert announce.take_back(newer, now=NOW) == 1
    (left,) = Message.objects.filter(state="queued")
    assert left.true_if["request"] == first.pk


def test_after_a_false_alarm_the_original_time_is_on_offer_again(melati: Clinic) -> None:
    round_ = melati.offered()
    first, again = (announce.false_alarm(round_, now=NOW) for _turn in range(2))
    assert (again, first.key) == (first, f"false_alarm:request:{round_.pk}")
    assert first.true_if == {"appointment": round_.appointment_id, "request": round_.pk}
    assert (first.not_before, first.not_after) == (None, round_.was_starts_at)
    told = first.context
    assert (told["can_keep"], told["time"]["starts_at"], len(told["offers"])) == (True, round_.was_starts_at, 3)
    assert (told["respond_by"], told["call_by"]) == (round_.respond_by, round_.call_by)


@pytest.mark.parametrize(("was", "urgency"), [("2026-11-24 20:59", "now"), ("2026-11-24 21:00", "soon")])
def test_a_false_alarm_about_a_near_time_wakes_people(melati: Clinic, was: str, urgency: str) -> None:
    assert announce.false_alarm(melati.offered(melati.booked(was)), now=NOW).urgency == urgency


def test_after_the_time_to_answer_a_false_alarm_speaks_of_what_is_promised_and_not_of_an_hour_that_is_over(
    melati: Clinic,
) -> None:
    before, after = melati.offered(), melati.offered(melati.booked("2026-11-25 14:00", customer=CustomerFactory()))
    just_before = before.respond_by - minutes(1)
    assert len(announce.false_alarm(before, now=just_before).context["offers"]) == 3
    told = announce.false_alarm(after, now=after.respond_by).context
    assert (told["offers"], told["some_shorter"]) == ([], False)


def test_who_looks_for_a_time_is_who_gets_in_touch_after_a_false_alarm(melati: Clinic) -> None:
    round_ = melati.told()
    owed = round_.promises.open().get(kind=PromiseKind.FIND_TIMES)
    Promise.objects.filter(pk=owed.pk).update(due_at=NOW + hours(5), owner=melati.manager)
    told = announce.false_alarm(round_, now=NOW).context
    assert (told["call_by"], told["contact"]) == (NOW + hours(5), {"name": name_of(melati.manager)})


def test_a_false_alarm_is_over_with_its_round(melati: Clinic) -> None:
    round_ = melati.offered()
    message = announce.false_alarm(round_, now=NOW)
    assert kinds.why_stale(message.kind, message.true_if, now=NOW) is None
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert kinds.why_stale(message.kind, message.true_if, now=NOW) == "The proposal has ended: new time chosen."


def delayed(melati: Clinic, *, sequence: int = 3) -> RescheduleRequest:
    """Known for 10:00, begins at 10:40."""
    appointment = melati.booked("2026-11-23 10:40")
    Appointment.objects.update(sequence=sequence)
    later = Later(at("2026-11-23 10:00"), melati.reason, melati.staff, personal_note="The tea is on us.")
    return rounds.open_standing([(appointment, later)], by=actors.staff(melati.staff), now=NOW)[0]


def test_who_is_told_of_a_delay_gets_the_new_hour_and_the_entry_for_it(melati: Clinic) -> None:
    round_ = delayed(melati)
    first, again = Message.objects.get(), announce.running_late(round_, now=NOW)
    assert (again, first.key) == (first, f"running_late:request:{round_.pk}")
    assert first.true_if == {"appointment": round_.appointment_id, "request": round_.pk}
    assert (first.not_before, first.not_after) == (round_.undo_until, at("2026-11-23 10:40"))
    assert first.urgency == "now"
    told = first.context
    assert (told["was"]["starts_at"], told["time"]["starts_at"]) == (at("2026-11-23 10:00"), at("2026-11-23 10:40"))
    assert (told["was"]["ends_at"], told["time"]["ends_at"]) == (at("2026-11-23 10:30"), at("2026-11-23 11:10"))
    assert (told["minutes"], told["personal_note"]) == (40, "The tea is on us.")
    assert told["contact"] == {"name": melati.staff.get_full_name()}
    (entry,) = first.attachments
    assert "METHOD:REQUEST" in entry["content"]
    assert "SEQUENCE:3" in entry["content"]
    assert "10:40 WIB" in first.subject


def test_it_is_told_anew_when_it_stands_once_more(melati: Clinic) -> None:
    message = announce.the_move(delayed(melati), now=NOW, again=True)
    assert (message.kind, message.key[-6:]) == ("running_late", ":again")


def test_a_delay_that_is_taken_back_is_not_told(melati: Clinic) -> None:
    round_ = delayed(melati)
    message = Message.objects.get()
    assert kinds.why_stale(message.kind, message.true_if, now=NOW) is None
    assert announce.take_back(round_, now=NOW) == 1
    RescheduleRequest.objects.update(state="withdrawn", closed_at=NOW)
    stale = kinds.why_stale(message.kind, message.true_if, now=NOW)
    assert stale == "The proposal has ended: taken back by us."
