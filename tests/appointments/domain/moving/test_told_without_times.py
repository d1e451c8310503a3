"""Told before there is a time: one round without offers, one promise with a name and an hour, one message."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from appointments.domain import actors, affected, promises, watchdog
from appointments.domain.limbo import in_limbo
from appointments.domain.messages import context, kinds, previews
from appointments.domain.moving import answers, chasing, drafts, offers, rounds, undelivered
from appointments.domain.pages.customer_page import CustomerState, customer_situation, in_words
from appointments.domain.schedule.slots import Wishes
from appointments.enums import (
    AppointmentState,
    EventKind,
    OfferState,
    PromiseKind,
    PromiseState,
    ReasonAbout,
    RequestState,
)
from appointments.errors import DomainError
from appointments.models import AffectedAppointment, Disruption, Offer, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, ReasonFactory, letters_have_left
from tests.reliability import invariants

pytestmark = pytest.mark.django_db

BY = at("2026-11-23 11:00")
NEVER = Wishes(until_day=NOW.date(), parts=frozenset({"evening"}))


def owed(round_: RescheduleRequest) -> Promise:
    return Promise.objects.get(request=round_, kind=PromiseKind.FIND_TIMES)


def message(round_: RescheduleRequest) -> Message:
    return Message.objects.get(key=f"no_time:request:{round_.pk}")


def test_one_round_one_promise_and_one_message_are_written(melati: Clinic) -> None:
    round_ = melati.told(melati.booked("2026-11-27 10:00"), personal_note="I look at once.")
    assert (round_.state, round_.respond_by, round_.call_by) == (RequestState.WITH_US, BY, BY)
    assert (round_.is_without_times, round_.holds.count()) == (True, 0)
    (promise,) = Promise.objects.all()
    assert (promise.kind, promise.due_at, promise.owner, promise.request) == ("find_times", BY, melati.staff, round_)
    told = Message.objects.get()
    assert (told.kind, told.not_before, told.not_after, told.urgency) == ("no_time", round_.undo_until, BY, "soon")
    assert (told.context["call_by"], told.context["contact"]["name"]) == (BY, melati.staff.get_full_name())
    assert (told.context["offers"], told.context["personal_note"]) == ([], "I look at once.")
    kinds_told = set(round_.appointment.events.values_list("kind", flat=True))
    assert kinds_told == {EventKind.TOLD, EventKind.PROMISED}
    invariants.check(NOW)


def test_for_a_time_that_is_near_the_message_leaves_at_any_hour(melati: Clinic) -> None:
    assert message(melati.told(melati.booked("2026-11-24 10:00"))).urgency == "now"


def test_the_cause_is_written_down_and_its_customer_counts_as_told_and_not_in_limbo(melati: Clinic) -> None:
    round_ = melati.told()
    assert round_.disruption == Disruption.objects.get()
    assert AffectedAppointment.objects.get().appointment == round_.appointment
    assert affected.counts() == {"to_move": 0, "untold": 0}
    assert not in_limbo(NOW).exists()
    late = BY + minutes(1)
    watchdog.watch(now=late)
    assert not in_limbo(late).exists()
    promises.keep(owed(round_), how="phoned", by=actors.staff(melati.staff), now=late)
    assert in_limbo(late).get() == round_.appointment


def test_nobody_is_reminded_to_choose_and_nothing_expires(melati: Clinic) -> None:
    round_ = melati.told()
    for later in (minutes(70), minutes(110), hours(2), days(1)):
        assert chasing.chase_answers(now=NOW + later) == 0
        assert offers.strike_out(now=NOW + later) == 0
    round_.refresh_from_db()
    assert (round_.state, round_.expired_at, round_.nudges) == (RequestState.WITH_US, None, 0)


def test_what_is_not_done_by_the_hour_alarms_and_breaks_as_other_calls_do(melati: Clinic) -> None:
    round_ = melati.told()
    assert watchdog.watch(now=BY - minutes(46)) == 0
    watchdog.watch(now=BY - minutes(45))
    assert Message.objects.filter(kind="escalation").count() == 1
    watchdog.watch(now=BY + minutes(1))
    assert owed(round_).broken_at == BY + minutes(1)


def test_times_that_follow_keep_the_promise_and_do_not_begin_anew(melati: Clinic) -> None:
    first = melati.told(melati.booked("2026-11-27 10:00"))
    second = melati.offered(first.appointment, now=NOW + hours(1))
    first.refresh_from_db()
    assert (owed(first).state, first.state) == (PromiseState.KEPT, RequestState.REPLACED)
    told = Message.objects.get(kind="offer").context
    assert (told["round"], told["moved_by_us"], told["awaited"]) == (1, False, True)
    third = melati.offered(first.appointment, now=NOW + hours(2))
    said = context.been_through(third)
    assert (said["round"], said["moved_by_us"], said["awaited"]) == (2, True, False)
    assert second.disruption == first.disruption == third.disruption
    invariants.check(NOW + hours(2))


def test_the_preview_of_times_that_follow_speaks_of_waiting_too(melati: Clinic) -> None:
    first = melati.told()
    later = NOW + hours(1)
    draft = melati.draft(first.appointment, now=later)
    composed = rounds.compose(first.appointment, draft, by=actors.staff(melati.staff), now=later)
    shown = previews.offer_as_sent(composed, rounds.offers_of(composed, draft.offers), now=later)
    assert "Thank you for waiting." in shown[0].rendered.text


def test_a_new_colleague_with_the_times_is_named_as_new(melati: Clinic) -> None:
    first = melati.told(now=NOW)
    second = melati.offered(first.appointment, now=NOW + hours(1), contact=melati.manager)
    assert context.been_through(second)["new_contact"] is True


def test_what_was_kept_or_taken_back_is_awaited_by_nobody(melati: Clinic) -> None:
    kept = melati.told(can_keep=True)
    answers.keep(kept, nonce="k", now=NOW + minutes(10))
    again = melati.offered(kept.appointment, now=NOW + hours(1))
    said = context.been_through(again)
    assert (said["round"], said["moved_by_us"], said["awaited"]) == (2, True, False)
    withdrawn = melati.told(melati.booked("2026-11-26 10:00", customer=CustomerFactory()))
    letters_have_left()
    rounds.withdraw(withdrawn, by=actors.staff(melati.staff), now=NOW + hours(1))
    after = melati.offered(withdrawn.appointment, now=NOW + hours(2))
    assert (context.been_through(after)["round"], context.been_through(after)["awaited"]) == (2, False)
    told = Message.objects.filter(kind="kept").values_list("context__had_times", "context__withdrawn")
    assert list(told.order_by("pk")) == [(False, False), (False, True)]
    assert "times we offered" not in " ".join(Message.objects.filter(kind="kept").values_list("text", flat=True))


def test_the_preview_is_the_message(melati: Clinic) -> None:
    appointment = melati.booked()
    draft = melati.draft(appointment, count=0, without_times=True, personal_note="Sorry, Ana.")
    composed = rounds.compose(appointment, draft, by=actors.staff(melati.staff), now=NOW)
    shown = previews.offer_as_sent(composed, (), now=NOW)
    assert (RescheduleRequest.objects.count(), Message.objects.count()) == (0, 0)
    sent = message(rounds.open_round(appointment, draft, by=actors.staff(melati.staff), now=NOW))
    assert (shown[0].rendered.subject, shown[0].rendered.text) == (sent.subject, sent.text)
    assert "There is no time yet that we can offer you." in sent.text


def test_the_same_form_again_is_the_same_round(melati: Clinic) -> None:
    appointment = melati.booked()
    first = melati.told(appointment, nonce="form")
    assert melati.told(appointment, nonce="form", now=NOW + minutes(1)) == first
    assert (Message.objects.count(), Promise.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        ({"respond_by": NOW + minutes(5)}, "Choose an hour that lies ahead."),
        ({"respond_by": at("2026-11-23 21:15")}, "21:15 is at night. Choose an hour between 08:00 and 21:00."),
        ({"respond_by": at("2026-11-23 15:05")}, "Choose a full, a half or a quarter of an hour."),
        ({"respond_by": NOW + timedelta(days=14, minutes=15)}, "Get in touch within the next two weeks."),
    ],
)
def test_the_hour_has_to_be_one_that_can_be_told_and_lies_ahead(
    melati: Clinic, decided: dict[str, Any], said: str
) -> None:
    with pytest.raises(DomainError, match=said):
        melati.told(**decided)
    assert not RescheduleRequest.objects.exists()


@pytest.mark.parametrize("by", [NOW + minutes(15), NOW + timedelta(days=14)])
def test_a_quarter_of_an_hour_to_two_weeks_may_pass(melati: Clinic, by: datetime) -> None:
    assert melati.told(respond_by=by).call_by == by


def test_it_is_the_first_word_and_never_takes_times_away(melati: Clinic) -> None:
    said = "The customer has been told already. Send times, or phone as was promised."
    offered = melati.offered()
    with pytest.raises(DomainError, match=said):
        melati.told(offered.appointment, now=NOW + hours(1))
    told = melati.told(melati.booked("2026-11-26 10:00", customer=CustomerFactory()))
    with pytest.raises(DomainError, match=said):
        melati.told(told.appointment, now=NOW + hours(1))
    assert RescheduleRequest.objects.count() == 2


def test_with_times_it_is_an_offer_and_without_either_it_is_nothing(melati: Clinic) -> None:
    appointment = melati.booked()
    with pytest.raises(DomainError, match="There are times to offer: send those"):
        rounds.open_round(
            appointment, melati.draft(appointment, without_times=True), by=actors.staff(melati.staff), now=NOW
        )
    with pytest.raises(DomainError, match="Offer between two and five times"):
        rounds.open_round(appointment, melati.draft(appointment, count=0), by=actors.staff(melati.staff), now=NOW)


def test_somebody_who_has_left_gets_in_touch_with_nobody(melati: Clinic) -> None:
    melati.manager.is_active = False
    melati.manager.save()
    with pytest.raises(DomainError, match="does not work here any more"):
        melati.told(contact=melati.manager)


def test_it_can_be_undone_before_it_has_left_and_then_nothing_was_told(melati: Clinic) -> None:
    round_ = melati.told(reason=ReasonFactory(about=ReasonAbout.PERSON))
    by = actors.staff(melati.staff)
    assert rounds.undo(round_, by=by, now=round_.undo_until - minutes(0.01))
    round_.refresh_from_db()
    assert (round_.state, owed(round_).state) == (RequestState.WITHDRAWN, PromiseState.RELEASED)
    assert message(round_).state == "cancelled"
    assert affected.counts() == {"to_move": 1, "untold": 1}
    assert customer_situation(round_.appointment, now=NOW + minutes(1)).state == CustomerState.STANDS
    later = melati.told(round_.appointment, now=NOW + minutes(1))
    assert not rounds.undo(later, by=by, now=later.undo_until)
    assert context.been_through(later)["round"] == 1
    invariants.check(NOW + minutes(5))


def test_a_customer_who_has_answered_has_read_it(melati: Clinic) -> None:
    round_ = melati.told()
    answers.call_me(round_, nonce="c", now=NOW)
    round_.refresh_from_db()
    assert not round_.can_be_undone(NOW)


def test_a_round_whose_times_are_gone_cannot_be_undone_as_if_it_had_none(melati: Clinic) -> None:
    round_ = melati.offered()
    RescheduleRequest.objects.update(state=RequestState.WITH_US)
    round_.refresh_from_db()
    assert not round_.can_be_undone(NOW)


def test_undoing_the_times_brings_the_promise_back_and_what_had_not_left_is_written_anew(melati: Clinic) -> None:
    first = melati.told(respond_by=NOW + hours(4))
    second = melati.offered(first.appointment, now=NOW + minutes(0.1))
    assert message(first).state == "cancelled"
    assert context.been_through(second)["awaited"] is False
    assert rounds.undo(second, by=actors.staff(melati.staff), now=NOW + minutes(0.2))
    first.refresh_from_db()
    assert (first.state, owed(first).state) == (RequestState.WITH_US, PromiseState.OPEN)
    again = Message.objects.get(key=f"no_time:request:{first.pk}:again")
    assert (again.state, again.context["call_by"]) == ("queued", NOW + hours(4))
    assert not Message.objects.filter(kind="offer", state="queued").exists()
    invariants.check(NOW + minutes(1))


def test_it_is_stale_once_times_have_come_the_round_has_ended_or_the_hour_is_another(melati: Clinic) -> None:
    def stale(round_: RescheduleRequest) -> str | None:
        return kinds.why_stale("no_time", message(round_).true_if, now=NOW)

    starts = [f"2026-11-{day} 10:00" for day in (24, 25, 26, 27)]
    replaced, closed, put_off, added = (melati.told(melati.booked(one, customer=CustomerFactory())) for one in starts)
    assert [stale(one) for one in (replaced, closed, put_off, added)] == [None] * 4
    melati.offered(replaced.appointment, now=NOW + minutes(1))
    assert stale(replaced) == "The proposal has ended: replaced by a newer proposal."
    answers.cancel(closed, nonce="c", now=NOW + minutes(1))
    assert stale(closed) == "The proposal has ended: cancelled by the customer."
    promises.put_off(owed(put_off), until=BY + hours(1), why="x", by=actors.staff(melati.staff), now=NOW)
    assert stale(put_off) == "It was promised for another hour since this was written."
    found = drafts.propose(added.appointment, now=NOW, limit=1)
    rounds.add_offers(added, [drafts.ChosenOffer(one.slot, one.why, guaranteed=False) for one in found])
    assert stale(added) == "There are times to choose from meanwhile."


def test_its_page_says_why_and_who_gets_in_touch_and_shows_no_list(melati: Clinic) -> None:
    round_ = melati.told()
    situation = customer_situation(round_.appointment, now=NOW)
    assert (situation.state, situation.offers, situation.struck) == (CustomerState.WITH_US, (), ())
    assert situation.owed == owed(round_)
    words = in_words(situation, language="en", now=NOW)
    assert (words["without_times"], words["contact"]) == (True, melati.staff.get_full_name())
    Offer.objects.all().delete()
    offered = melati.offered(melati.booked("2026-11-26 10:00", customer=CustomerFactory()))
    words = in_words(customer_situation(offered.appointment, now=NOW), language="en", now=NOW)
    assert words["without_times"] is False
    offered.offers.update(state=OfferState.GONE, starts_at=NOW, ends_at=NOW + hours(1), kept_until=NOW)
    words = in_words(customer_situation(offered.appointment, now=NOW), language="en", now=NOW)
    assert words["without_times"] is False


def test_a_customer_who_says_what_suits_them_gets_it_at_once_where_it_is_free(melati: Clinic) -> None:
    round_ = melati.told(respond_by=NOW + hours(6))
    answers.ask_other_times(round_, wishes=Wishes(parts=frozenset({"morning"})), nonce="o", now=NOW + minutes(5))
    latest = round_.appointment.requests.order_by("-round").first()
    assert latest is not None
    assert (latest.wished, latest.offers.count() > 1, owed(round_).state) == (True, True, PromiseState.KEPT)
    invariants.check(NOW + minutes(5))


def test_a_wish_that_cannot_be_met_stays_with_the_same_promise(melati: Clinic) -> None:
    round_ = melati.told()
    answers.ask_other_times(round_, wishes=NEVER, words="Only tonight.", nonce="o", now=NOW + minutes(5))
    (promise,) = round_.promises.open()
    assert (promise.kind, promise.due_at) == (PromiseKind.FIND_TIMES, BY)
    assert promise.details.endswith("Only tonight.")


def test_every_other_answer_works(melati: Clinic) -> None:
    round_ = melati.told(can_keep=True)
    answers.tell(round_, words="Again?", nonce="t", now=NOW)
    answers.call_me(round_, nonce="c", now=NOW)
    kinds_open = set(round_.promises.open().values_list("kind", flat=True))
    assert kinds_open == {PromiseKind.FIND_TIMES, PromiseKind.CALL, PromiseKind.REPLY}
    invariants.check(NOW)
    answers.cancel(round_, nonce="x", now=NOW + minutes(5))
    round_.appointment.refresh_from_db()
    assert round_.appointment.state == AppointmentState.CANCELLED
    assert set(round_.promises.open().values_list("kind", flat=True)) == {PromiseKind.REPLY}
    invariants.check(NOW + minutes(5))


def test_when_it_cannot_be_delivered_the_script_tells_the_news_and_the_hour(melati: Clinic) -> None:
    round_ = melati.told()
    undelivered.phone_instead(message(round_).true_if, kind="no_time", why="550 no such mailbox", now=NOW)
    call = Promise.objects.get(kind=PromiseKind.CALL)
    assert (call.request, call.owner) == (round_, melati.staff)
    script = " ".join(previews.call_script(call, now=NOW).split())
    assert "cannot keep your consultation" in script
    assert "There is no time yet that we can offer you; we look for one" in script
    script = " ".join(previews.call_script(owed(round_), now=NOW).split())
    assert "when there was no other time yet. I have looked for some." in script
    assert "no longer available" not in script


def test_the_script_for_times_that_went_is_another_one(melati: Clinic) -> None:
    round_ = melati.offered(guaranteed=False)
    round_.offers.update(state=OfferState.GONE)
    melati.service.horizon_days = 0
    melati.service.save()
    offers.refresh(round_, gone=None, now=NOW)
    script = " ".join(previews.call_script(owed(round_), now=NOW).split())
    assert "The times we offered you are no longer available, and I am sorry. I have looked for others." in script
    assert "no time yet" not in script


def test_a_customer_who_asked_for_it_is_told_so_and_of_no_cause(melati: Clinic) -> None:
    round_ = melati.told(reason=ReasonFactory(family="customer", fault="customer"))
    assert round_.disruption is None
    assert "You asked for another time for your consultation" in message(round_).text
    assert "because" not in message(round_).text


def test_no_free_time_is_needed(melati: Clinic) -> None:
    appointment = melati.booked()
    for one in (melati.provider, melati.colleague):
        AbsenceFactory(resource=one, starts_at=NOW - days(1), ends_at=NOW + days(365))
    assert drafts.propose(appointment, now=NOW) == []
    assert melati.told(appointment).state == RequestState.WITH_US
