"""A long random life of a small clinic: whatever staff, customers and the clock do in whatever order, the rules hold.

The chance is seeded, so a failing life can be lived again.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments.domain import actors, booking, promises, watchdog
from appointments.domain.diary import new
from appointments.domain.diary.repeating import repeat
from appointments.domain.moving import answers, cancelling, chasing, offers, reminders, rounds, undelivered
from appointments.domain.moving.drafts import ChosenOffer, Draft
from appointments.domain.moving.own_choice import choice, way_back
from appointments.domain.moving.own_choice import times as own_times
from appointments.domain.moving.phone import calls
from appointments.domain.moving.phone.calls import Call
from appointments.domain.pages.customer_page import CustomerState, customer_situation
from appointments.domain.schedule.slots import Wishes, find_alternatives, free_slots
from appointments.domain.schedule.spans import Span
from appointments.domain.schedule.waking import soonest_hour
from appointments.enums import AppointmentState, CallOutcome
from appointments.errors import DomainError
from appointments.models import Answer, Appointment, Offer, Promise, RescheduleRequest
from notifications.models import Message
from tests.clock import NOW, days, hours, minutes
from tests.factories import Clinic, CustomerFactory, StaffFactory, clinic
from tests.reliability import invariants

pytestmark = pytest.mark.django_db

STEPS = 150


@dataclass
class Life:
    """One clinic, one clock that only goes forward, and what happened."""

    world: Clinic
    chance: random.Random
    now: datetime = NOW
    nonces: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    acts: Sequence["Act"] = field(default_factory=lambda: ACTS)

    def step(self, act: "Act | None" = None) -> str:
        """Does one thing, by chance unless it is said. What is refused counts as refused, and must have changed nothing
        that matters.
        """
        act = act or self.chance.choice(self.acts)
        try:
            act(self)
        except DomainError as error:
            self.happened[f"{act.__name__} refused ({type(error).__name__})"] += 1
        else:
            self.happened[act.__name__] += 1
        return act.__name__

    def nonce(self) -> str:
        """Usually a new form, sometimes one that was sent before."""
        if self.nonces and self.chance.random() < 0.1:
            return self.chance.choice(self.nonces)
        self.nonces.append(f"form-{len(self.nonces)}")
        return self.nonces[-1]

    def appointment(self) -> Appointment | None:
        coming = Appointment.objects.filter(state=AppointmentState.BOOKED).for_display().order_by("pk")
        return self.chance.choice(list(coming)) if coming else None

    def round(self) -> RescheduleRequest | None:
        rounds = RescheduleRequest.objects.for_display().order_by("pk")
        live = list(rounds.live())
        if live and self.chance.random() < 0.85:
            return self.chance.choice(live)
        return self.chance.choice(list(rounds)) if rounds else None

    def colleague(self) -> User:
        return self.chance.choice([self.world.staff, self.world.manager])

    def wishes(self) -> Wishes:
        parts = frozenset(part for part in ("morning", "afternoon", "evening") if self.chance.random() < 0.3)
        some_days = frozenset(day for day in range(7) if self.chance.random() < 0.3)
        return Wishes(days=some_days, parts=parts, person=self.chance.choice(["same", "any"]))


Act = Callable[[Any], Any]
"""Of a life, be it one that knows more than this module."""
ACTS: list[Act] = []


def often(times: int) -> Callable[[Act], Act]:
    def add(act: Act) -> Act:
        ACTS.extend([act] * times)
        return act

    return add


@often(3)
def time_passes(life: Life) -> None:
    life.now += minutes(life.chance.choice([1, 7, 30, 90, 300, 1500]))


@often(3)
def the_clock_rings(life: Life) -> None:
    for sweep in (
        chasing.chase_answers,
        offers.strike_out,
        watchdog.watch,
        reminders.remind_all,
        reminders.complete_past,
        reminders.ask_all,
    ):
        sweep(now=life.now)
    if life.chance.random() < 0.3:
        booking.sweep_holds(now=life.now)


@often(3)
def somebody_books(life: Life) -> None:
    free = free_slots(
        life.world.service, life.world.location, window=Span(life.now, life.now + days(6)), now=life.now
    )  # fmt: skip
    if free:
        slot = life.chance.choice(free)
        customer = CustomerFactory(email="" if life.chance.random() < 0.2 else "ana@example.com")
        booking.book(
            customer=customer, service=life.world.service, location=life.world.location, slot=slot,
            by=actors.SYSTEM, now=life.now,
        )  # fmt: skip


@often(2)
def staff_book(life: Life) -> None:
    """At a free time, or at any quarter of an hour, which the rules may refuse."""
    window = Span(life.now, life.now + days(6))
    free = free_slots(life.world.service, life.world.location, window=window, now=life.now, at_once=True)
    anywhere = soonest_hour(life.now, life.world.location.tzinfo) + minutes(15 * life.chance.randrange(200))
    starts_at = life.chance.choice(free).starts_at if free and life.chance.random() < 0.7 else anywhere
    wanted = life.world.wanted(starts_at, customer=CustomerFactory(), insists=life.chance.random() < 0.3)
    new.book(wanted, form=life.nonce(), by=life.colleague(), now=life.now)


@often(1)
def staff_repeat(life: Life) -> None:
    if appointment := life.appointment():
        starts = [appointment.starts_at + days(life.chance.choice([1, 7])) * n for n in (1, 2, 3)]
        repeat(appointment, starts, tells=True, form=life.nonce(), by=life.colleague(), now=life.now)


@often(1)
def staff_take_back(life: Life) -> None:
    newest = Appointment.objects.exclude(booked_by_form="").for_display().order_by("-pk").first()
    if newest is not None:
        new.take_back(newest, by=life.colleague(), now=life.now)


@often(1)
def staff_change_length(life: Life) -> None:
    if appointment := life.appointment():
        ends_at = appointment.ends_at + minutes(life.chance.choice([-15, -5, 5, 15]))
        booking.change_length(appointment, ends_at=ends_at, by=actors.staff(life.colleague()), now=life.now)


@often(1)
def staff_find_that_they_came(life: Life) -> None:
    missed = Appointment.objects.filter(state=AppointmentState.MISSED).for_display().order_by("pk")
    if missed:
        booking.came_after_all(life.chance.choice(list(missed)), by=actors.staff(life.colleague()), now=life.now)


@often(5)
def staff_offer_times(life: Life) -> None:
    appointment = life.appointment()
    if appointment is None:
        return
    found = find_alternatives(appointment, now=life.now, limit=life.chance.randint(1, 5))
    draft = Draft(
        reason=life.world.reason,
        offers=tuple(ChosenOffer(one.slot, one.why, life.chance.random() < 0.6) for one in found),
        respond_by=soonest_hour(
            life.now + minutes(life.chance.choice([20, 60, 240, 1440])), life.world.location.tzinfo
        ),
        contact=life.colleague(),
        can_keep=life.chance.random() < 0.3,
        nonce=f"{life.nonce()}-{appointment.pk}",
    )
    rounds.open_round(appointment, draft, by=actors.staff(life.colleague()), now=life.now)


@often(2)
def staff_tell_without_times(life: Life) -> None:
    appointment = life.appointment()
    if appointment is None:
        return
    draft = Draft(
        reason=life.world.reason,
        offers=(),
        respond_by=soonest_hour(life.now + minutes(life.chance.choice([20, 240, 1440])), life.world.location.tzinfo),
        contact=life.colleague(),
        can_keep=life.chance.random() < 0.3,
        without_times=True,
        nonce=f"{life.nonce()}-{appointment.pk}",
    )
    rounds.open_round(appointment, draft, by=actors.staff(life.colleague()), now=life.now)


@often(2)
def staff_undo(life: Life) -> None:
    latest = RescheduleRequest.objects.for_display().order_by("-pk").first()
    if latest is not None:
        rounds.undo(latest, by=actors.staff(life.colleague()), now=life.now)


@often(1)
def staff_withdraw(life: Life) -> None:
    round_ = life.round()
    if round_ is not None and life.now > round_.undo_until:  # until then the page offers nothing but to undo it
        rounds.withdraw(round_, by=actors.staff(life.colleague()), now=life.now)


@often(1)
def staff_move(life: Life) -> None:
    appointment = life.appointment()
    if appointment is None:
        return
    for found in find_alternatives(appointment, now=life.now, limit=1):
        booking.move(appointment, to=found.slot, by=actors.staff(life.colleague()), now=life.now)


@often(1)
def staff_call_off(life: Life) -> None:
    if appointment := life.appointment():
        theirs = life.chance.random() < 0.5
        cancelling.call_off(
            appointment, because=None if theirs else life.world.reason, note="ill",
            by=actors.staff(life.colleague()), now=life.now,
        )  # fmt: skip


@often(1)
def staff_mark_missed(life: Life) -> None:
    begun = Appointment.objects.filter(starts_at__lte=life.now).for_display().order_by("pk")
    if begun:
        booking.mark_missed(life.chance.choice(list(begun)), by=actors.staff(life.colleague()), now=life.now)


@often(6)
def customer_picks(life: Life) -> None:
    round_ = life.round()
    if round_ is None or not Offer.objects.filter(request__appointment=round_.appointment).exists():
        return
    offer = life.chance.choice(list(Offer.objects.filter(request__appointment=round_.appointment).order_by("pk")))
    try:
        answers.accept(offer, nonce=f"{life.nonce()}.{round_.appointment_id}", now=life.now)
    except DomainError:
        offers.refresh(round_, gone=offer, now=life.now)
        raise


@often(2)
def customer_asks_for_other_times(life: Life) -> None:
    if round_ := life.round():
        words = life.chance.choice(["", "Not before my holiday"])
        answers.ask_other_times(
            round_, wishes=life.wishes(), words=words, nonce=f"{life.nonce()}.o{round_.appointment_id}", now=life.now
        )  # fmt: skip


@often(2)
def customer_says_something(life: Life) -> None:
    if round_ := life.round():
        ways: list[Callable[..., Any]] = [answers.call_me, answers.tell]
        say = life.chance.choice(ways)
        say(round_, words="Hello?", nonce=f"{life.nonce()}.{say.__name__}{round_.appointment_id}", now=life.now)


@often(1)
def customer_keeps(life: Life) -> None:
    if round_ := life.round():
        answers.keep(round_, nonce=f"{life.nonce()}.k{round_.appointment_id}", now=life.now)


@often(1)
def customer_cancels(life: Life) -> None:
    if round_ := life.round():
        answers.cancel(round_, nonce=f"{life.nonce()}.c{round_.appointment_id}", now=life.now)


@often(3)
def customer_moves_by_themselves(life: Life) -> None:
    appointment = life.appointment()
    if appointment is None:
        return
    for found in own_times.nearest(appointment, now=life.now)[:1]:
        nonce = f"{life.nonce()}.m{appointment.pk}"
        choice.move(appointment, found.slot.when_and_whom, seen=appointment.sequence, nonce=nonce, now=life.now)


@often(2)
def customer_cancels_by_themselves(life: Life) -> None:
    if appointment := life.appointment():
        choice.cancel(appointment, seen=appointment.sequence, nonce=f"{life.nonce()}.e{appointment.pk}", now=life.now)


@often(3)
def customer_takes_it_back(life: Life) -> None:
    latest = RescheduleRequest.objects.by_themselves().for_display().order_by("-pk").first()
    if latest is not None:
        way_back.take(latest.appointment, nonce=f"{life.nonce()}.b{latest.appointment_id}", now=life.now)


@often(4)
def staff_phone(life: Life) -> None:
    owed = list(Promise.objects.to_work_on().for_display().order_by("pk"))
    if not owed:
        return
    promise = life.chance.choice(owed)
    round_ = promise.request
    takeable = offers.takeable(round_, now=life.now) if round_ else []
    call = Call(
        life.chance.choice(list(CallOutcome)),
        note="as agreed",
        offer=life.chance.choice(takeable) if takeable else None,
        wishes=life.wishes(),
        later=soonest_hour(life.now + hours(life.chance.choice([1, 20, 400])), life.world.location.tzinfo),
    )
    calls.record_call(promise, call, nonce=f"{life.nonce()}.{promise.pk}", by=life.colleague(), now=life.now)


@often(1)
def a_message_cannot_be_delivered(life: Life) -> None:
    messages = list(Message.objects.filter(about__startswith="appointment:").order_by("pk"))
    if messages:
        message = life.chance.choice(messages)
        undelivered.phone_instead(message.true_if, kind=message.kind, why="550 no such mailbox", now=life.now)


@often(1)
def a_promise_changes_hands(life: Life) -> None:
    owed = list(Promise.objects.open().for_display().order_by("pk"))
    if owed:
        colleagues: list[User] = [life.colleague(), StaffFactory(is_active=False)]
        to = life.chance.choice(colleagues)
        promises.hand_over(life.chance.choice(owed), to=to, by=actors.staff(life.colleague()), now=life.now)


def everybody_can_see_where_they_stand(life: Life) -> None:
    """The page of every appointment: offers to choose from, a promise with a name and time, or a settled end."""
    for appointment in Appointment.objects.for_display():
        situation = customer_situation(appointment, now=life.now)
        if situation.state == CustomerState.CHOOSE:
            assert situation.offers
        round_ = situation.request
        if situation.state == CustomerState.WITH_US and round_ is not None:
            owed = round_.promises.open().exclude(kind="hold")
            assert owed.exists(), f"{appointment.pk} waits for nobody"


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [pytest.param(1, marks=pytest.mark.postgres_only), pytest.param(2, marks=pytest.mark.sqlite_only), 3]
)
def test_whatever_happens_nobody_is_double_booked_and_nobody_is_left_in_limbo(seed: int) -> None:
    life = Life(clinic(rooms=2, buffer_after=5 if seed % 2 else 0), random.Random(seed))
    told: list[str] = []
    for step in range(STEPS):
        told.append(f"{life.now:%d %H:%M} {life.step()}")
        try:
            invariants.check(life.now)
        except AssertionError as error:
            raise AssertionError(f"after {told[-8:]}: {error}") from error
        if step % 10 == 0:
            everybody_can_see_where_they_stand(life)
    acts = {act.__name__ for act in ACTS}
    happened = {name for name in life.happened if " " not in name}
    assert len(acts - happened) <= len(acts) // 4, f"too tame a life, without {sorted(acts - happened)}"
    assert Answer.objects.values("nonce").distinct().count() == Answer.objects.count()
