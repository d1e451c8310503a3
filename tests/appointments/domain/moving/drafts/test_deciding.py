"""What a colleague proposes and may send; until when to answer, and until when to choose."""

import pytest

from appointments.domain import actors, affected
from appointments.domain.moving import answers, causes, drafts
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import Slot, Wishes
from appointments.enums import DisruptionSource, Why
from appointments.errors import DomainError
from appointments.models import Appointment, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, at, days, minutes
from tests.factories import AbsenceFactory, Clinic

pytestmark = pytest.mark.django_db


def only_free(melati: Clinic, *starts: str) -> None:
    """Everybody is away but Dr. Ratna for half an hour from each of `starts`."""
    AbsenceFactory(resource=melati.colleague, starts_at=NOW, ends_at=NOW + days(90))
    begins = NOW
    for start in [*(at(one) for one in starts), NOW + days(90)]:
        AbsenceFactory(resource=melati.provider, starts_at=begins, ends_at=start)
        begins = start + minutes(30)


def test_a_single_time_may_be_offered_when_it_is_the_only_one(melati: Clinic) -> None:
    appointment = melati.booked()
    only_free(melati, "2026-12-01 14:00")
    round_ = melati.offered(appointment, count=5)
    assert [offer.starts_at for offer in round_.offers.all()] == [at("2026-12-01 14:00")]
    letter = Message.objects.get(kind="offer").text
    assert "This is the only time we can offer at present." in letter
    assert "one of these times" not in letter


def test_nobody_gets_a_choice_of_one_while_there_are_others(melati: Clinic) -> None:
    appointment = melati.booked()
    only_free(melati, "2026-12-01 14:00", "2026-12-02 14:00")
    with pytest.raises(DomainError, match="between two and five"):
        melati.offered(appointment, count=1)
    assert melati.offered(appointment, count=2).offers.count() == 2


def test_no_time_at_all_is_no_offer(melati: Clinic) -> None:
    appointment = melati.booked()
    only_free(melati)
    with pytest.raises(DomainError, match="between two and five"):
        melati.offered(appointment)


def test_every_rule_that_a_draft_breaks_is_named(melati: Clinic) -> None:
    appointment = melati.booked()
    melati.staff.is_active = False
    draft = melati.draft(appointment)
    said = drafts.Said((draft.offers[0], draft.offers[0]), None, NOW, melati.staff, seen="9")
    assert [field for field, __ in drafts.faults(appointment, said, now=NOW)] == ["", "offers", "respond_by", "contact"]
    nothing = drafts.Said((), None, None, None)
    assert [error.message for __, error in drafts.faults(appointment, nothing, now=NOW)] == [
        "Offer between two and five times."
    ]


def test_what_is_gone_before_anybody_wakes_can_be_offered_but_not_reserved(melati: Clinic) -> None:
    appointment, night = melati.booked("2026-11-26 10:00"), at("2026-11-23 23:00")
    slot = drafts.propose(appointment, now=night)[0].slot
    early = slot._replace(starts_at=at("2026-11-24 06:00"), ends_at=at("2026-11-24 06:30"))
    for guaranteed in (True, False):
        chosen = ChosenOffer(early, Why.STAFF_CHOICE, guaranteed), ChosenOffer(slot, Why.SOONEST, guaranteed=True)
        said = drafts.Said(chosen, None, at("2026-11-24 12:00"), melati.staff)
        found = [error.message for __, error in drafts.faults(appointment, said, now=night)]
        sentence = (
            "Tue 24 Nov, 06:00 WIB: nobody can answer before that by day. Choose a later time, or do not reserve it."
        )
        assert found == ([sentence] if guaranteed else [])


def test_whoever_sends_after_somebody_else_is_told_who_was_faster(melati: Clinic) -> None:
    appointment = melati.booked()
    seen = drafts.state_of(appointment)
    first = melati.offered(appointment, seen=seen)
    with pytest.raises(DomainError, match=f"{melati.staff.get_full_name()} is moving this appointment too"):
        melati.offered(appointment, seen=seen)
    assert RescheduleRequest.objects.live().get() == first
    # Who has seen it may replace it.
    second = melati.offered(appointment, seen=drafts.state_of(appointment))
    assert (RescheduleRequest.objects.live().get(), second.round) == (second, 2)


def test_a_page_opened_before_the_customer_moved_is_too_old(melati: Clinic) -> None:
    appointment = melati.booked()
    round_ = melati.offered(appointment)
    seen = drafts.state_of(appointment)
    answers.accept(round_.offers.all()[0], nonce="p", now=NOW)
    appointment.refresh_from_db()
    with pytest.raises(DomainError, match="is moving this appointment too"):
        melati.offered(appointment, seen=seen)


def test_what_the_customer_asked_for_last_is_proposed_first(melati: Clinic) -> None:
    round_ = melati.offered(melati.booked())
    wishes = Wishes(days=frozenset({5}), parts=frozenset({"afternoon"}), person="same")
    answers.ask_other_times(round_, wishes=wishes, nonce="o", now=NOW)
    found = drafts.propose(round_.appointment, now=NOW)
    asked = [one for one in found if one.why == Why.WISH]
    assert found[: len(asked)] == asked != []
    zone = melati.location.tzinfo
    local = [one.slot.starts_at.astimezone(zone) for one in asked]
    assert {(one.weekday(), 12 <= one.hour < 17) for one in local} == {(5, True)}
    assert {one.slot.provider_id for one in asked} == {melati.provider.pk}
    assert len({one.slot.when_and_whom for one in found}) == len(found) == drafts.MOST


def test_between_two_and_five_times_are_a_choice(melati: Clinic) -> None:
    appointment = melati.booked()
    found = drafts.propose(appointment, now=NOW, limit=6)
    chosen = [ChosenOffer(one.slot, one.why, False) for one in found]
    wrong = []
    for count in range(7):
        said = drafts.Said(tuple(chosen[:count]), None, at("2026-11-24 09:00"), melati.staff)
        messages = {error.message for _, error in drafts.faults(appointment, said, now=NOW)}
        wrong += [count] if "Offer between two and five times." in messages else []
    assert (len(found), wrong) == (6, [0, 1, 6])


@pytest.mark.parametrize(("written", "possible"), [("09:09", True), ("09:10", False)])
def test_nobody_answers_within_five_minutes(melati: Clinic, written: str, possible: bool) -> None:
    now, appointment = at(f"2026-11-23 {written}"), melati.booked()
    chosen = melati.draft(appointment).offers
    said = drafts.Said(chosen, None, at("2026-11-23 09:15"), melati.staff)
    found = [error.message for _, error in drafts.faults(appointment, said, now=now)]
    assert ("Give the customer a time to answer that lies ahead." not in found) == possible


def test_what_has_ended_is_not_moved_any_more(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-23 10:00")
    moments = (appointment.ends_at - minutes(1), appointment.ends_at)
    assert [drafts.can_be_moved(appointment, now=now) for now in moments] == [True, False]


def test_what_is_written_down_is_what_is_missing_unless_more_is_said(melati: Clinic) -> None:
    appointment = melati.booked("2026-11-24 10:00")
    missing = causes.of_itself(appointment)
    absent = affected.declare(missing, reason=None, by=actors.SYSTEM, now=NOW, source=DisruptionSource.HOURS)
    known, said, usual = (
        melati.draft(appointment, **draft).missing_for(appointment, now=NOW)
        for draft in ({"disruption": absent}, {"disruption": absent, "missing": missing}, {})
    )
    assert (known, said) == (causes.as_missing(absent), missing)
    assert usual == causes.usual(appointment, melati.reason, now=NOW)
    assert known != said


def wrong_with(melati: Clinic, starts: list[str], *, respond_by: str, now: str = "2026-11-23 09:00") -> list[str]:
    """What is said of times at `starts` that are not reserved."""
    ids = tuple(sorted((melati.provider.pk, melati.room.pk)))
    slots = [Slot(at(one), at(one) + minutes(30), melati.provider.pk, ids) for one in starts]
    chosen = tuple(ChosenOffer(slot, Why.STAFF_CHOICE, False) for slot in slots)
    said = drafts.Said(chosen, None, at(respond_by), melati.staff)
    appointment = Appointment.objects.first() or melati.booked("2026-11-26 10:00")
    return [error.message for _, error in drafts.faults(appointment, said, now=at(now))]


def test_a_time_that_begins_now_is_past_and_decides_no_deadline(melati: Clinic) -> None:
    past = "One of these times is already past."
    for clock, wrong in (("09:00", [past]), ("09:01", [])):
        starts = [f"2026-11-23 {clock}", "2026-11-24 11:00"]
        assert wrong_with(melati, starts, respond_by="2026-11-24 10:00") == wrong
    assert wrong_with(melati, ["2026-11-23 09:00"] * 2, respond_by="2026-11-24 10:00") == [
        "Two of these offers are the same.", past,
    ]  # fmt: skip


def test_the_answer_is_due_when_the_last_time_begins_at_the_latest(melati: Clinic) -> None:
    starts = ["2026-11-23 14:00", "2026-11-24 10:00"]
    assert wrong_with(melati, starts, respond_by="2026-11-24 10:00") == []
    assert wrong_with(melati, starts, respond_by="2026-11-24 10:15") == [
        "Set the answer deadline to Tue 24 Nov, 10:00 WIB or earlier: after that none of these times can be taken."
    ]
