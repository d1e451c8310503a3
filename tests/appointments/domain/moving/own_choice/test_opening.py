"""The round of a customer who does something by themselves: whose wish it is, and who looks after it."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from appointments.domain import booking
from appointments.domain.moving.own_choice.opening import CODE, contact_of, open_own, wish
from appointments.enums import Family, Fault
from appointments.errors import MoveRefused
from appointments.models import Promise, Reason
from notifications.models import Message
from tests.clock import NOW
from tests.factories import ReasonFactory, RescheduleRequestFactory, StaffFactory, clinic

pytestmark = pytest.mark.django_db


def test_it_is_their_own_wish_and_tells_nobody_anything() -> None:
    world = clinic()
    appointment = world.booked("2026-11-26 10:00")
    with transaction.atomic():
        round_ = open_own(booking.lock(appointment), (), now=NOW)
    assert (round_.reason.family, round_.reason.fault, round_.can_keep) == (Family.CUSTOMER, Fault.CUSTOMER, True)
    assert round_.is_by_themselves
    assert appointment.requests.by_themselves().get() == round_
    assert (round_.opened_by, round_.disruption, Message.objects.count(), Promise.objects.count()) == (None, None, 0, 0)
    assert list(appointment.events.values_list("kind", flat=True)) == [], "nobody has offered anything"


def test_the_reason_that_the_business_has_is_taken_and_else_one_is_made() -> None:
    ReasonFactory(family=Family.CUSTOMER, fault=Fault.NOBODY)
    made = wish()
    assert (made.code, made.label_in("en"), made.label_in("id")) == (
        CODE, "Customer asked for another time", "Permintaan pelanggan",
    )  # fmt: skip
    assert wish() == made
    own = ReasonFactory(family=Family.CUSTOMER, fault=Fault.CUSTOMER, position=made.position)
    Reason.objects.filter(pk=made.pk).update(is_active=False)
    assert wish() == own


def test_whom_they_know_looks_after_it() -> None:
    world = clinic()
    appointment = world.booked("2026-11-26 10:00")
    assert contact_of(appointment) in (world.staff, world.manager)
    known = StaffFactory(first_name="Zainal")
    RescheduleRequestFactory(appointment=appointment, contact=known, state="kept", closed_at=NOW)
    assert contact_of(appointment) == known
    User.objects.filter(pk=known.pk).update(is_active=False)
    assert contact_of(appointment) in (world.staff, world.manager)


def test_where_nobody_is_nothing_is_promised() -> None:
    appointment = clinic().booked("2026-11-26 10:00")
    User.objects.update(is_active=False)
    with pytest.raises(MoveRefused, match="Please phone us"):
        contact_of(appointment)
