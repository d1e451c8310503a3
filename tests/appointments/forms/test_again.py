"""An offer that was undone comes back as it was chosen; what cannot be said any more begins as on any day."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.moving import causes, drafts, rounds
from appointments.domain.moving.drafts import ChosenOffer
from appointments.domain.schedule.slots import slot_at
from appointments.enums import DisruptionScope, DisruptionSource, Family, ReasonAbout, ReasonSpan, Why
from appointments.forms.missing import MissingForm
from appointments.forms.moving.again import Again, begin_again
from appointments.forms.moving.proposing import ProposeForm, Suggestion
from appointments.models import Appointment, Disruption, Occupancy, Offer, RescheduleRequest, Resource
from tests.clock import NOW, at, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, ReasonFactory, clinic

pytestmark = pytest.mark.django_db

SOON = NOW + minutes(0.2)
"""When it is undone."""


@pytest.fixture
def melati() -> Clinic:
    return clinic(rooms=2)


@pytest.fixture
def appointment(melati: Clinic) -> Appointment:
    return melati.booked("2026-11-25 10:00")


def undone(world: Clinic, appointment: Appointment, *, count: int = 3, **draft: Any) -> RescheduleRequest:
    """A round that was opened and taken back before anybody read of it."""
    round_ = world.offered(appointment, count=count, without_times=not count, **draft)
    assert rounds.undo(round_, by=actors.staff(world.staff), now=SOON)
    found: RescheduleRequest = RescheduleRequest.objects.for_display().get(pk=round_.pk)
    return found


def again(world: Clinic, round_: RescheduleRequest, *, now: datetime = SOON) -> Again:
    return begin_again(round_, user=world.staff, now=now)


def page(world: Clinic, round_: RescheduleRequest, *, now: datetime = SOON) -> ProposeForm:
    """The form as it stands on the page after the undo."""
    data = begin_again(round_, user=world.staff, now=now).data
    question = MissingForm(data, appointment=round_.appointment, now=now)
    without_times = round_.is_without_times
    return ProposeForm(data, question=question, user=world.staff, more=False, without_times=without_times)


def reason(about: ReasonAbout, **fields: Any) -> Any:
    return ReasonFactory(about=about, **{"lasts": ReasonSpan.DAY, "family": Family.OUTSIDE} | fields)


def own_time(appointment: Appointment, starts_at: str, *, guaranteed: bool = True) -> ChosenOffer:
    slot = slot_at(appointment, starts_at=at(starts_at), provider_id=None, now=NOW)
    return ChosenOffer(slot, Why.STAFF_CHOICE, guaranteed)


def ticked(form: ProposeForm) -> list[Suggestion]:
    return [one for one in form.suggestions() if one.chosen]


def test_everything_that_was_decided_is_decided_again(melati: Clinic, appointment: Appointment) -> None:
    far = drafts.propose(appointment, now=NOW, limit=5)[3:]
    decided = melati.draft(
        appointment,
        offers=(
            own_time(appointment, "2026-11-26 19:00"),
            *(ChosenOffer(one.slot, one.why, guaranteed=False) for one in far),
        ),
        respond_by=at("2026-11-24 15:45"),
        contact=melati.manager,
        personal_note="I am sorry, Ana.\nSee you.",
        can_keep=True,
    )
    round_ = rounds.open_round(appointment, decided, by=actors.staff(melati.staff), now=NOW)
    assert rounds.undo(round_, by=actors.staff(melati.staff), now=SOON)
    form = page(melati, round_)
    assert form.is_valid(), form.errors
    draft = form.draft()
    assert sorted(draft.offers, key=str) == sorted(decided.offers, key=str)
    kept = ("reason", "respond_by", "contact", "personal_note", "can_keep", "without_times")
    assert [getattr(draft, name) for name in kept] == [getattr(decided, name) for name in kept]
    assert draft.seen == drafts.state_of(appointment)
    assert draft.nonce not in ("", round_.nonce)
    assert again(melati, round_).gone == ()


def test_what_was_chosen_is_ticked_and_the_rest_of_the_list_is_not(melati: Clinic, appointment: Appointment) -> None:
    form = page(melati, undone(melati, appointment, count=2))
    assert [one.chosen for one in form.suggestions()].count(True) == 2
    assert len(form.suggestions()) >= 5


@pytest.mark.parametrize("about", [ReasonAbout.PERSON, ReasonAbout.PLACE])
def test_what_others_are_hit_by_is_known_now_and_ticked(
    melati: Clinic, appointment: Appointment, about: ReasonAbout
) -> None:
    round_ = undone(melati, appointment, reason=reason(about))
    form = page(melati, round_)
    assert form.question.chosen == [f"known:{round_.disruption_id}"]
    assert form.is_valid()
    assert (form.draft().disruption, form.draft().missing) == (round_.disruption, None)


@pytest.mark.parametrize("about", [ReasonAbout.APPOINTMENT, ReasonAbout.PERSON])
def test_that_only_this_appointment_is_meant_is_said_again(
    melati: Clinic, appointment: Appointment, about: ReasonAbout
) -> None:
    round_ = undone(melati, appointment, reason=reason(about), missing=causes.of_itself(appointment))
    form = page(melati, round_)
    assert form.question.chosen == ["appointment"]
    assert form.is_valid()
    assert form.draft().missing == causes.of_itself(appointment)


def test_the_hours_that_were_typed_stand_there_again(melati: Clinic, appointment: Appointment) -> None:
    span = at("2026-11-25 09:15"), at("2026-11-27 12:30")
    away = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *span, (melati.provider.pk,))
    form = page(melati, undone(melati, appointment, missing=away))
    typed = [form.question[name].value() for name in ("missing_from", "missing_until")]
    assert typed == ["2026-11-25T09:15", "2026-11-27T12:30"]
    assert form.question.missing_now == away
    endless = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, span[0], None, (melati.room.pk,))
    other = melati.booked("2026-11-26 14:00", customer=CustomerFactory(), provider=melati.colleague)
    assert page(melati, undone(melati, other, missing=endless)).question["missing_until"].value() is None


def known(world: Clinic, *resources: int) -> Disruption:
    span = at("2026-11-25 08:00"), at("2026-11-25 18:00")
    away = WhatIsMissing(DisruptionScope.RESOURCES, world.location, *span, resources)
    by = actors.staff(world.staff)
    return affected.declare(away, reason=None, by=by, now=NOW - hours(1), source=DisruptionSource.ABSENCE)


@pytest.mark.parametrize(
    ("chosen", "more", "expected"),
    [
        ("newer", False, ["newer", "older"]),
        ("older", False, ["older"]),
        ("older", True, ["said", "older"]),
        (None, True, ["said"]),
    ],
)
def test_what_was_known_before_is_ticked_as_it_was(
    melati: Clinic, appointment: Appointment, chosen: str | None, more: bool, expected: list[str]
) -> None:
    there = {"older": known(melati, melati.provider.pk), "newer": known(melati, melati.colleague.pk, melati.room.pk)}
    span = at("2026-11-25 09:00"), at("2026-11-25 12:00")
    said = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *span, (melati.room.pk,)) if more else None
    round_ = undone(melati, appointment, missing=said, disruption=there.get(chosen or ""))
    there["said"] = Disruption.objects.latest("pk")
    assert page(melati, round_).question.chosen == [f"known:{there[name].pk}" for name in expected]


def test_what_has_been_called_off_can_be_said_again(melati: Clinic, appointment: Appointment) -> None:
    round_ = undone(melati, appointment, reason=reason(ReasonAbout.PERSON))
    assert round_.disruption
    affected.call_off(round_.disruption, now=SOON)
    form = page(melati, round_)
    assert form.question.chosen == [f"resource:{melati.provider.pk}"]
    assert form.is_valid()
    assert form.draft().missing == causes.as_missing(round_.disruption)


def test_what_is_not_so_any_more_begins_as_the_reason_has_it_as_a_rule(
    melati: Clinic, appointment: Appointment
) -> None:
    span = at("2026-11-25 08:00"), at("2026-11-25 18:00")
    flooded = WhatIsMissing(DisruptionScope.RESOURCES, melati.location, *span, (melati.room.pk,))
    round_ = undone(melati, appointment, reason=reason(ReasonAbout.PERSON), missing=flooded)
    assert round_.disruption
    affected.call_off(round_.disruption, now=SOON)
    Occupancy.objects.filter(appointment=appointment, resource=melati.room).update(
        resource=Resource.objects.get(name="Room 2")
    )
    assert page(melati, round_).question.chosen == [f"resource:{melati.provider.pk}"]


def test_a_customer_who_wants_to_move_is_asked_nothing(melati: Clinic, appointment: Appointment) -> None:
    round_ = undone(melati, appointment, reason=reason(ReasonAbout.APPOINTMENT, family=Family.CUSTOMER))
    form = page(melati, round_)
    assert not form.question.is_asked
    assert [one.slot.starts_at for one in ticked(form)] == sorted(round_.offers.values_list("starts_at", flat=True))
    assert form.is_valid()
    assert form.draft().missing_for(appointment, now=SOON) is None


def take(world: Clinic, offer: Offer | ChosenOffer) -> None:
    """Somebody else is booked then with the same person."""
    starts_at, provider_id = offer.when_and_whom if isinstance(offer, Offer) else offer.slot.when_and_whom
    provider = world.provider if provider_id == world.provider.pk else world.colleague
    world.booked(starts_at, provider=provider, room=None, customer=CustomerFactory())


def test_times_that_somebody_else_has_are_named_and_the_others_ticked(melati: Clinic, appointment: Appointment) -> None:
    round_ = undone(melati, appointment)
    lost, *left = round_.offers.order_by("position")
    take(melati, lost)
    brought = again(melati, round_)
    assert (brought.gone, brought.instead) == ((lost,), False)
    form = page(melati, round_)
    assert [one.slot.when_and_whom for one in ticked(form)] == [one.when_and_whom for one in left]
    assert form.is_valid()


def test_where_nothing_is_left_what_is_proposed_today_is_ticked(melati: Clinic, appointment: Appointment) -> None:
    round_ = undone(melati, appointment)
    for lost in round_.offers.all():
        take(melati, lost)
    brought = again(melati, round_)
    assert ([*brought.gone], brought.instead) == ([*round_.offers.order_by("position")], True)
    form = page(melati, round_)
    proposed = drafts.propose(appointment, now=SOON, limit=3, missing=form.question.missing_now)
    assert {one.slot for one in ticked(form)} == {one.slot for one in proposed}
    assert form.is_valid()


def test_times_that_have_passed_are_named_and_the_time_to_answer_is_a_new_one(
    melati: Clinic, appointment: Appointment
) -> None:
    offers = tuple(own_time(appointment, when) for when in ("2026-11-23 16:00", "2026-11-24 16:00"))
    round_ = undone(melati, appointment, offers=offers, respond_by=at("2026-11-23 12:00"))
    now = at("2026-11-23 16:00")
    assert [one.starts_at for one in again(melati, round_, now=now).gone] == [now]
    form = page(melati, round_, now=now)
    assert [one.slot for one in ticked(form)] == [offers[1].slot]
    usual = drafts.proposed_respond_by(appointment, [offers[1].slot.starts_at], now=now)
    assert form["respond_by"].value() == f"{usual.astimezone(melati.location.tzinfo):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(("before", "stays"), [(5.1, True), (5, False)])
def test_the_time_to_answer_stays_as_long_as_it_can_be_sent(
    melati: Clinic, appointment: Appointment, before: float, stays: bool
) -> None:
    round_ = undone(melati, appointment, respond_by=at("2026-11-23 14:00"))
    shown = page(melati, round_, now=round_.respond_by - minutes(before))["respond_by"].value()
    assert (shown == "2026-11-23T14:00") is stays


def test_the_time_to_answer_ends_before_the_last_time_that_is_left(melati: Clinic, appointment: Appointment) -> None:
    offers = tuple(own_time(appointment, when) for when in ("2026-11-25 16:00", "2026-11-27 16:00"))
    round_ = undone(melati, appointment, offers=offers, respond_by=at("2026-11-26 12:00"))
    take(melati, offers[1])
    assert page(melati, round_)["respond_by"].value() < "2026-11-25T16:00"


def test_without_times_the_hour_to_get_in_touch_comes_back(melati: Clinic, appointment: Appointment) -> None:
    decided: dict[str, Any] = {"respond_by": at("2026-11-24 10:15"), "personal_note": "At once.", "can_keep": True}
    round_ = undone(melati, appointment, count=0, contact=melati.manager, **decided)
    form = page(melati, round_)
    assert form.is_valid(), form.errors
    draft = form.draft()
    assert draft.without_times
    assert {name: getattr(draft, name) for name in decided} == decided
    assert (draft.contact, draft.reason, draft.offers) == (melati.manager, melati.reason, ())
    brought = again(melati, round_)
    assert (brought.gone, brought.instead) == ((), False)
    late = page(melati, round_, now=at("2026-11-24 10:11"))
    assert late["call_by"].value() == "2026-11-24T13:15"


def test_times_that_are_not_sent_say_nothing_about_the_hour_to_get_in_touch(
    melati: Clinic, appointment: Appointment
) -> None:
    form = page(melati, undone(melati, appointment, count=0, respond_by=at("2026-12-05 10:15")))
    assert form["call_by"].value() == "2026-12-05T10:15"
    assert max(one.slot.starts_at for one in ticked(form)) < at("2026-12-05 08:00")


def test_without_times_the_page_has_those_of_today_besides(melati: Clinic, appointment: Appointment) -> None:
    form = page(melati, undone(melati, appointment, count=0))
    assert len(ticked(form)) == 3
    starts = [one.slot.starts_at for one in ticked(form)]
    usual = drafts.proposed_respond_by(appointment, starts, now=SOON)
    assert form["respond_by"].value() == f"{usual.astimezone(melati.location.tzinfo):%Y-%m-%dT%H:%M}"


def left(world: Clinic) -> None:
    world.manager.is_active = False
    world.manager.save()


def moved_away(world: Clinic) -> None:
    world.manager.user_permissions.clear()
    User.objects.filter(pk=world.manager.pk).update(is_superuser=False)


@pytest.mark.parametrize("leave", [left, moved_away])
def test_for_a_colleague_who_has_left_whoever_goes_on_is_responsible(
    melati: Clinic, appointment: Appointment, leave: Callable[[Clinic], None]
) -> None:
    round_ = undone(melati, appointment, contact=melati.manager)
    assert page(melati, round_)["contact"].value() == str(melati.manager.pk)
    leave(melati)
    assert page(melati, round_)["contact"].value() == str(melati.staff.pk)


def test_a_reason_that_is_not_used_any_more_has_to_be_chosen(melati: Clinic, appointment: Appointment) -> None:
    round_ = undone(melati, appointment)
    melati.reason.is_active = False
    melati.reason.save()
    form = page(melati, round_)
    assert not form.question.is_asked
    assert "reason" in form.errors
    assert len(ticked(form)) == 3


def test_a_time_that_is_proposed_for_another_reason_now_stands_there_once(
    melati: Clinic, appointment: Appointment
) -> None:
    round_ = undone(melati, appointment)
    round_.offers.update(why=Why.STAFF_CHOICE)
    lines = page(melati, round_).suggestions()
    assert len({one.slot.when_and_whom for one in lines}) == len(lines) > 3
    assert [one.why for one in lines if one.chosen] == [Why.STAFF_CHOICE] * 3


def test_what_comes_back_replaces_no_earlier_offer_before_it_is_sent(melati: Clinic, appointment: Appointment) -> None:
    first = melati.offered(appointment, now=NOW - days(1), respond_by=at("2026-11-24 12:00"))
    round_ = undone(melati, appointment)
    again(melati, round_)
    first.refresh_from_db()
    assert first.is_live
