"""“We run 40 minutes late”: all move at once, whoever waits longer is told, and the later hour stands by itself."""

import pytest

from appointments.domain import actors, affected, booking
from appointments.domain.disruptions import late
from appointments.domain.disruptions.planning import plans
from appointments.domain.limbo import in_limbo
from appointments.domain.moving import answers, cancelling, chasing
from appointments.domain.schedule.slots import Slot
from appointments.enums import DisruptionSource, EventKind, RequestState
from appointments.errors import DomainError, SlotTaken
from appointments.models import Appointment, Business, Disruption, Occupancy, Promise, RescheduleRequest
from notifications.models import Message
from tests.appointments.domain.disruptions.late.world import SENT, begins, coming, declared, room_is_taken, so_late
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory, letters_have_left


def told() -> list[tuple[str, str]]:
    """To whom a message waits or has gone, and of which hour."""
    rows = Message.objects.filter(kind="running_late").exclude(state="cancelled").order_by("pk")
    return [(row.to_name, str(row.context["time"]["starts_at"])[11:16]) for row in rows]


def undone(melati: Clinic, disruption: Disruption, *, seconds: int = 19) -> bool:
    return late.undo(disruption, by=actors.staff(melati.staff), now=NOW + minutes(seconds / 60))


def test_the_rest_of_the_day_moves_as_far_as_it_has_to(melati: Clinic) -> None:
    shifted = coming(melati, "10:00", "10:30", "11:30")
    others = [*coming(melati, "12:30"), melati.booked("2026-11-24 10:00", customer=CustomerFactory())]

    disruption = declared(melati)

    assert begins(melati, shifted) == ["10:40", "11:10", "11:40"]
    assert begins(melati, others) == ["12:30", "10:00"]
    assert (disruption.source, disruption.late_minutes) == (DisruptionSource.LATE, 40)
    assert (disruption.starts_at, disruption.ends_at) == (NOW, at("2026-11-24 00:00"))
    assert [one.pk for one in disruption.resources.all()] == [melati.provider.pk]
    assert [one.events.count() for one in others] == [0, 0]


def test_a_move_is_a_move(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    uid = appointment.uid
    declared(melati)

    appointment.refresh_from_db()
    moved = appointment.events.get(kind=EventKind.MOVED)
    assert (appointment.uid, appointment.sequence, appointment.provider) == (uid, 1, melati.provider)
    assert (moved.note, moved.actor) == ("we run late", melati.staff)
    assert appointment.duration == minutes(30)
    rows = Occupancy.objects.filter(appointment=appointment).values_list("resource", "starts_at")
    assert sorted(rows) == sorted((pk, at("2026-11-23 10:40")) for pk in (melati.provider.pk, melati.room.pk))


def test_what_is_kept_free_around_each_moves_along(melati: Clinic) -> None:
    type(melati.service).objects.update(buffer_before=5, buffer_after=10)
    melati.service.refresh_from_db()
    both = coming(melati, "10:00", "10:45")
    declared(melati)

    assert begins(melati, both) == ["10:40", "11:25"]
    spans = Occupancy.objects.filter(resource=melati.provider).order_by("starts_at").values_list("starts_at", "ends_at")
    assert list(spans) == [
        (at("2026-11-23 10:35"), at("2026-11-23 11:20")), (at("2026-11-23 11:20"), at("2026-11-23 12:05")),
    ]  # fmt: skip


def test_the_later_hour_stands_unless_the_customer_says_otherwise(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    disruption = declared(melati, personal_note="So sorry.")

    round_ = appointment.requests.get()
    appointment.refresh_from_db()
    assert (round_.state, round_.stands_by_itself, round_.can_keep) == (RequestState.OPEN, True, True)
    assert (round_.was_starts_at, round_.respond_by) == (at("2026-11-23 10:00"), at("2026-11-23 10:40"))
    assert (round_.disruption, round_.reason, round_.contact) == (disruption, melati.reason, melati.staff)
    assert (Promise.objects.count(), round_.holds.count()) == (0, 0)
    assert [one.guaranteed for one in round_.offers.all()] == [False] * 4
    assert min(one.starts_at for one in round_.offers.all()) >= at("2026-11-24 00:00")
    assert in_limbo(SENT).count() == 0
    assert affected.counts() == {"to_move": 0, "untold": 0}


def test_whoever_stays_silent_comes_then_and_hears_no_more(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    letters_have_left()

    for passed in (30, 60, 90, 99):
        chasing.chase_answers(now=NOW + minutes(passed))
    assert appointment.requests.get().state == RequestState.OPEN
    chasing.chase_answers(now=NOW + minutes(100))

    assert appointment.requests.get().state == RequestState.KEPT
    assert list(Message.objects.values_list("kind", flat=True)) == ["running_late"]
    assert in_limbo(NOW + minutes(100)).count() == 0


def test_each_is_told_their_own_hour_when_the_time_to_undo_is_over(melati: Clinic) -> None:
    first, second = coming(melati, "10:00", "10:30")
    declared(melati)
    assert told() == [(first.customer.name, "03:40"), (second.customer.name, "04:10")]
    leaves = set(Message.objects.values_list("not_before", flat=True))
    assert leaves == {NOW + minutes(Business.current().undo_seconds / 60)}


@pytest.mark.parametrize(("gap", "hears"), [("10:50", 2), ("11:00", 2), ("11:01", 1)])
def test_less_than_ten_minutes_are_no_message(melati: Clinic, gap: str, hears: int) -> None:
    both = coming(melati, "10:00", gap)
    declared(melati)
    assert begins(melati, both) == ["10:40", "11:10"]
    assert len(told()) == hears
    assert both[1].requests.count() == hears - 1


def test_a_room_that_others_have_then_leaves_it_to_be_moved(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    room_is_taken(melati)
    disruption = declared(melati)

    assert begins(melati, [appointment]) == ["10:00"]
    assert affected.counts() == {"to_move": 1, "untold": 1}
    plan = plans.make(plans.begin(disruption, by=melati.staff, now=NOW), now=NOW)
    assert [line.appointment_id for line in plan.lines.all()] == [appointment.pk]


def test_what_is_on_offer_is_left_to_its_round(melati: Clinic) -> None:
    appointment, next_one = coming(melati, "10:00", "10:30")
    round_ = melati.offered(appointment)
    declared(melati)
    assert begins(melati, [appointment, next_one]) == ["10:00", "11:10"]
    assert list(appointment.requests.all()) == [round_]


def test_nobody_to_come_is_said(melati: Clinic) -> None:
    coming(melati, "08:00")
    with pytest.raises(DomainError, match="Nobody has to begin later"):
        declared(melati)
    assert not Disruption.objects.exists()


def test_the_same_said_twice_is_said_once(melati: Clinic) -> None:
    coming(melati, "10:00")
    first = declared(melati)
    entry = so_late(melati)
    assert late.declare(entry, by=actors.staff(melati.manager), now=SENT) == (first, False)
    assert len(told()) == 1


def test_said_again_before_anybody_was_told_each_hears_only_the_last_hour(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    declared(melati, 60, now=NOW + minutes(0.1))

    assert begins(melati, [appointment]) == ["11:00"]
    assert told() == [(appointment.customer.name, "04:00")]
    assert [one.was_starts_at for one in appointment.requests.all()] == [at("2026-11-23 10:00")] * 2
    appointment.refresh_from_db()
    assert appointment.sequence == 2


def test_said_again_afterwards_it_counts_from_what_they_know(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    letters_have_left(now=SENT)
    declared(melati, 60, now=SENT)

    assert begins(melati, [appointment]) == ["11:00"]
    second, first = appointment.requests.order_by("-round")
    assert (first.state, second.was_starts_at) == (RequestState.REPLACED, at("2026-11-23 10:40"))
    assert told() == [(appointment.customer.name, "03:40"), (appointment.customer.name, "04:00")]


@pytest.mark.parametrize(("more", "messages"), [(49, 1), (50, 2)])
def test_a_little_more_is_no_second_message(melati: Clinic, more: int, messages: int) -> None:
    coming(melati, "10:00")
    declared(melati)
    letters_have_left(now=SENT)
    declared(melati, more, now=SENT)
    assert len(told()) == messages


def test_two_little_more_are_counted_together(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    letters_have_left(now=SENT)
    declared(melati, 45, now=SENT)
    assert appointment.requests.get().state == RequestState.OPEN
    declared(melati, 50, now=SENT + minutes(1))
    assert len(told()) == 2


def test_whoever_was_told_is_not_asked_to_come_sooner(melati: Clinic) -> None:
    both = coming(melati, "10:00", "10:30")
    declared(melati)
    letters_have_left(now=SENT)
    with pytest.raises(DomainError, match="Nobody has to begin later"):
        declared(melati, 10, now=SENT)
    assert begins(melati, both) == ["10:40", "11:10"]


def test_with_less_before_anybody_was_told_nobody_is(melati: Clinic) -> None:
    first, second = coming(melati, "10:00", "10:35")
    declared(melati, 40)
    declared(melati, 10, now=NOW + minutes(0.1))
    assert begins(melati, [first, second]) == ["10:10", "10:40"]
    assert told() == [(first.customer.name, "03:10")]
    assert [one.state for one in second.requests.all()] == [RequestState.REPLACED]


def test_whoever_has_chosen_another_time_today_counts_from_that(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    letters_have_left(now=SENT)
    round_ = appointment.requests.get()
    offer = round_.offers.first()
    assert offer
    answers.accept(offer, nonce="mine", now=SENT)
    tomorrow = offer.starts_at - minutes(60)
    declared(melati, 20, now=tomorrow)
    appointment.refresh_from_db()
    assert appointment.starts_at == offer.starts_at + minutes(20)
    assert appointment.requests.order_by("-round")[0].was_starts_at == offer.starts_at


def test_undone_in_time_it_never_was(melati: Clinic) -> None:
    both = coming(melati, "10:00", "11:05")
    disruption = declared(melati)
    assert undone(melati, disruption) is True

    assert begins(melati, both) == ["10:00", "11:05"]
    assert told() == []
    assert [one.state for one in RescheduleRequest.objects.all()] == [RequestState.WITHDRAWN]
    assert not RescheduleRequest.objects.told().exists()
    assert not Disruption.objects.in_force().exists()
    assert undone(melati, disruption) is False
    declared(melati, now=SENT)
    assert begins(melati, both) == ["10:40", "11:10"]
    assert both[0].requests.order_by("-round")[0].was_starts_at == at("2026-11-23 10:00")


def test_undone_with_its_margins(melati: Clinic) -> None:
    type(melati.service).objects.update(buffer_before=5, buffer_after=10)
    melati.service.refresh_from_db()
    coming(melati, "10:00")
    before = sorted(Occupancy.objects.values_list("resource", "starts_at", "ends_at"))
    undone(melati, declared(melati))
    assert sorted(Occupancy.objects.values_list("resource", "starts_at", "ends_at")) == before


@pytest.mark.parametrize(("seconds", "in_time"), [(19, True), (20, False)])
def test_it_can_be_undone_until_the_messages_leave(melati: Clinic, seconds: int, in_time: bool) -> None:
    coming(melati, "10:00")
    assert undone(melati, declared(melati), seconds=seconds) is in_time


@pytest.mark.parametrize(("seconds", "in_time"), [(19, True), (20, False)])
def test_the_same_goes_where_nobody_has_to_be_told(melati: Clinic, seconds: int, in_time: bool) -> None:
    appointment = coming(melati, "10:00")[0]
    room_is_taken(melati)
    disruption = declared(melati)
    assert (affected.counts()["to_move"], told()) == (1, [])
    assert undone(melati, disruption, seconds=seconds) is in_time
    assert affected.counts()["to_move"] == (0 if in_time else 1)
    assert begins(melati, [appointment]) == ["10:00"]


def test_what_was_said_before_stands_again(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    declared(melati)
    letters_have_left(now=SENT)
    second = declared(melati, 60, now=SENT)
    assert late.undo(second, by=actors.staff(melati.staff), now=SENT + minutes(0.1)) is True

    assert begins(melati, [appointment]) == ["10:40"]
    first = appointment.requests.order_by("round")[0]
    assert (first.state, first.respond_by) == (RequestState.OPEN, at("2026-11-23 10:40"))
    assert told() == [(appointment.customer.name, "03:40")]
    declared(melati, 70, now=SENT + minutes(1))
    assert begins(melati, [appointment]) == ["11:10"]


def test_only_the_last_word_can_be_undone(melati: Clinic) -> None:
    coming(melati, "10:00")
    first = declared(melati)
    declared(melati, 60, now=NOW + minutes(0.1))
    assert undone(melati, first) is False


def test_who_has_answered_makes_it_too_late(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    disruption = declared(melati)
    answers.call_me(appointment.requests.get(), nonce="call", now=NOW + minutes(0.1))
    assert undone(melati, disruption) is False
    assert begins(melati, [appointment]) == ["10:40"]


def test_what_went_to_somebody_else_meanwhile_is_not_taken_from_them(melati: Clinic) -> None:
    appointment = coming(melati, "10:00")[0]
    disruption = declared(melati)
    coming(melati, "10:00")
    with pytest.raises(SlotTaken):
        undone(melati, disruption)
    assert begins(melati, [appointment]) == ["10:40"]
    assert told() != []


def test_what_a_colleague_moved_meanwhile_stays_there(melati: Clinic) -> None:
    first, second = coming(melati, "10:00", "11:05")
    disruption = declared(melati)
    to = Slot(at("2026-11-23 15:00"), at("2026-11-23 15:30"), melati.provider.pk, (melati.provider.pk,))
    booking.move(second, to=to, by=actors.staff(melati.staff), now=NOW + minutes(0.1))
    assert undone(melati, disruption) is True
    assert begins(melati, [first, second]) == ["10:00", "15:00"]


@pytest.fixture
def twice(melati: Clinic) -> list[Appointment]:
    """Both of one customer, and another one's between them."""
    customer = CustomerFactory()
    soon, later = (coming(melati, hour, customer=customer)[0] for hour in ("10:00", "11:00"))
    coming(melati, "10:30")
    return [soon, later]


def test_whoever_comes_twice_reads_of_both_in_one_message(melati: Clinic, twice: list[Appointment]) -> None:
    declared(melati)
    soon, later = (one.requests.get() for one in twice)
    mine, _others = Message.objects.order_by("pk")
    assert (mine.key, later.told_with) == (f"running_late:request:{soon.pk}", soon)
    [beside] = mine.context["besides"]
    assert (beside["request"], str(beside["time"]["starts_at"])[11:16]) == (later.pk, "04:40")
    assert set(mine.secrets) == {"link", f"link_{later.pk}"}
    assert [(one["filename"], one["content"].count("BEGIN:VEVENT")) for one in mine.attachments] == [
        ("invite.ics", 1), ("invite-2.ics", 1),
    ]  # fmt: skip
    assert all(one.uid in entry["content"] for one, entry in zip(twice, mine.attachments, strict=True))
    letters_have_left()
    assert affected.counts() == {"to_move": 0, "untold": 0}


def test_the_preview_shows_the_message_about_both(melati: Clinic, twice: list[Appointment]) -> None:
    shift = late.preview(so_late(melati), now=NOW)
    both, one = shift.by_customer()
    assert (len(both), len(one), shift.people) == (2, 1, 2)
    shown = late.as_told(so_late(melati), both, by=actors.staff(melati.staff), now=NOW)[0]
    assert "10:40" in shown.rendered.text
    assert "11:40" in shown.rendered.text


@pytest.mark.parametrize("gone", [0, 1])
def test_whose_one_goes_before_it_has_left_reads_of_the_other(
    melati: Clinic, twice: list[Appointment], gone: int
) -> None:
    declared(melati)
    cancelling.call_off(twice[gone], because=None, note="", by=actors.staff(melati.staff), now=NOW)
    left = twice[1 - gone].requests.get()
    waiting = Message.objects.filter(state="queued", kind="running_late", about=twice[1 - gone].about)
    assert [(one.true_if["request"], one.context["besides"]) for one in waiting] == [(left.pk, [])]


def test_said_again_one_message_of_both_is_left(melati: Clinic, twice: list[Appointment]) -> None:
    declared(melati)
    declared(melati, 50)
    waiting = Message.objects.filter(state="queued", to_ref=Message.objects.earliest("pk").to_ref)
    assert [len(one.context["besides"]) for one in waiting] == [1]


def test_undone_nobody_reads_of_either(melati: Clinic, twice: list[Appointment]) -> None:
    disruption = declared(melati)
    assert undone(melati, disruption)
    assert not Message.objects.filter(state="queued").exists()
    assert begins(melati, twice) == ["10:00", "11:00"]
