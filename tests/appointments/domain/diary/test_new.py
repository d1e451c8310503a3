"""A new appointment at the desk: booked, confirmed, and taken back while nobody was told."""

from typing import Any

import pytest
from django.db import IntegrityError

from appointments.domain import booking
from appointments.domain.actors import staff
from appointments.domain.diary import new
from appointments.domain.diary.new import OutsideHours
from appointments.domain.messages.announce.booked import tell_of_the_rest
from appointments.enums import ActorKind, AppointmentState, EventKind, LinkPurpose, Manner
from appointments.errors import DomainError, MoveRefused, NotOffered, SlotTaken
from appointments.models import Appointment, Customer, Occupancy
from notifications.enums import MessageState
from notifications.models import Message
from tests.appointments.domain.disruptions.world import entered
from tests.clock import NOW, at, minutes
from tests.factories import Clinic, CustomerFactory, LocationFactory, letters_have_left
from tests.factories.diary import AppointmentFactory

pytestmark = pytest.mark.django_db
WHEN = "2026-11-24 10:00"


def book(melati: Clinic, *, form: str = "form", **change: Any) -> Appointment:
    return new.book(melati.wanted(**change), form=form, by=melati.staff, now=NOW)


def test_it_stands_with_all_that_it_needs_and_who_booked_it(melati: Clinic) -> None:
    booked = book(melati, provider_id=melati.colleague.pk, note="Left knee")

    assert (booked.customer, booked.starts_at, booked.duration) == (melati.customer, at(WHEN), minutes(30))
    assert (booked.provider_id, booked.note) == (melati.colleague.pk, "Left knee")
    assert {one.resource for one in booked.occupancies.all()} == {melati.colleague, melati.room}
    event = booked.events.get()
    assert (event.kind, event.actor_kind, event.actor) == (EventKind.BOOKED, ActorKind.STAFF, melati.staff)


def test_one_confirmation_with_its_calendar_entry_leaves_after_the_time_to_undo(melati: Clinic) -> None:
    booked = book(melati)

    [message] = Message.objects.all()
    assert (message.kind, message.state, message.about) == ("booked", MessageState.QUEUED, booked.about)
    assert message.not_before == NOW + new.time_to_undo()
    assert "Tuesday, 24 November 2026 at 10:00 WIB" in message.text
    [file] = message.files
    assert (file.filename, file.method, booked.uid in file.content) == ("invite.ics", "REQUEST", True)
    assert booked.links.get().purpose == LinkPurpose.ANSWER


def test_the_colleagues_own_line_stands_in_the_confirmation(melati: Clinic) -> None:
    book(melati, personal_note="The lift is being repaired.")

    assert "The lift is being repaired." in Message.objects.get().text


def test_what_goes_on_about_the_others_keeps_the_line(melati: Clinic) -> None:
    first = book(melati, personal_note="The lift is being repaired.")
    second = book(melati, starts_at=at("2026-12-01 10:00"), form="other", tells=False)
    Appointment.objects.filter(pk=second.pk).update(booked_by_form=first.booked_by_form.replace(".1", ".2"))
    tell_of_the_rest(first, now=NOW)

    [message] = Message.objects.filter(state=MessageState.QUEUED)
    assert "1 December 2026" in message.text
    assert "The lift is being repaired." in message.text


def test_the_confirmation_is_shown_before_anything_is_booked(melati: Clinic) -> None:
    someone = Customer(name="Dewi Anggraini", email="dewi@mail.example", language="en")
    wanted = melati.wanted(customer=someone, personal_note="The lift is being repaired.")

    letters = new.as_told(wanted, by=melati.staff, now=NOW)

    first = letters[0]
    assert (first.language, first.channel, first.is_first) == ("en", "email", True)
    assert "The lift is being repaired." in first.rendered.text
    assert {one.language for one in letters} == {"en", "id"}
    assert someone._state.adding
    assert (Appointment.objects.count(), Customer.objects.filter(name=someone.name).count()) == (0, 0)
    sent = new.book(wanted, form="form", by=melati.staff, now=NOW)
    assert Message.objects.get(about=sent.about).text.replace("[[link]]", "") == first.rendered.text


def test_what_cannot_be_booked_is_not_shown(melati: Clinic) -> None:
    melati.booked(WHEN, provider=melati.colleague)
    with pytest.raises(SlotTaken):
        new.as_told(melati.wanted(provider_id=melati.colleague.pk), by=melati.staff, now=NOW)


@pytest.mark.parametrize(("email", "tells"), [("", True), ("ana@mail.example", False)])
def test_nobody_is_written_to_without_a_way_or_against_the_wish(melati: Clinic, email: str, tells: bool) -> None:
    customer = CustomerFactory(email=email, phone="+6281200000001", preferred_channel="call")
    book(melati, customer=customer, tells=tells)
    assert not Message.objects.exists()


def test_the_same_form_books_once_and_tells_once(melati: Clinic) -> None:
    first = book(melati)
    assert book(melati) == first
    assert book(melati, starts_at=at("2026-11-24 11:00")) == first
    assert (Appointment.objects.count(), Message.objects.count()) == (1, 1)


def test_the_database_takes_a_form_once(melati: Clinic) -> None:
    booked = book(melati)
    with pytest.raises(IntegrityError):
        AppointmentFactory(customer=melati.customer, booked_by_form=booked.booked_by_form)


def test_appointments_from_elsewhere_have_no_form(melati: Clinic) -> None:
    one, other = melati.booked("2026-11-24 08:00"), melati.booked("2026-11-24 09:00")
    assert (one.form, other.form, one.is_booked_here) == ("", "", False)


def test_who_is_new_is_saved_with_it(melati: Clinic) -> None:
    booked = book(melati, customer=Customer(name="Rina Hapsari", email="rina@mail.example"))
    assert booked.customer == Customer.objects.get(name="Rina Hapsari")


def test_who_is_new_is_not_saved_without_it(melati: Clinic) -> None:
    melati.booked(WHEN)
    with pytest.raises(SlotTaken):
        book(melati, customer=Customer(name="Rina Hapsari"), provider_id=melati.provider.pk)
    assert not Customer.objects.filter(name="Rina Hapsari").exists()


def test_who_is_in_the_way_is_named(melati: Clinic) -> None:
    there = melati.booked(WHEN, customer=CustomerFactory(name="Dewi Anggraini"))
    with pytest.raises(SlotTaken) as taken:
        book(melati, provider_id=melati.provider.pk)
    assert {one.appointment for one in taken.value.in_the_way} == {there}
    assert "Dewi Anggraini" in taken.value.for_colleagues


@pytest.mark.parametrize(("starts_at", "is_outside"), [("16:30", False), ("16:31", True), ("07:59", True)])
def test_outside_the_hours_a_colleague_has_to_insist(melati: Clinic, starts_at: str, is_outside: bool) -> None:
    when = at(f"2026-11-24 {starts_at}")
    if is_outside:
        with pytest.raises(OutsideHours):
            book(melati, starts_at=when)
    assert book(melati, starts_at=when, insists=is_outside).starts_at == when


def test_what_cannot_take_place_is_not_booked_by_insisting(melati: Clinic) -> None:
    entered(melati)
    with pytest.raises(NotOffered, match="cannot take place"):
        book(melati, provider_id=melati.provider.pk, insists=True)
    with pytest.raises(NotOffered, match="passed"):
        book(melati, starts_at=NOW, insists=True)


@pytest.mark.parametrize("manner", [Manner.PHONE, Manner.HOME])
def test_only_in_a_way_and_at_a_place_that_the_service_knows(melati: Clinic, manner: Manner) -> None:
    for change in ({"manner": manner}, {"location": LocationFactory()}):
        with pytest.raises(DomainError, match="not done"):
            book(melati, **change)


def test_at_home_only_where_that_is(melati: Clinic) -> None:
    melati.service.at_home = True
    melati.service.save()
    nowhere, somewhere = CustomerFactory(address=""), CustomerFactory(address="Jl. Mawar 1")
    with pytest.raises(DomainError, match="address"):
        book(melati, customer=nowhere, manner=Manner.HOME)
    assert book(melati, customer=somewhere, manner=Manner.HOME).manner == Manner.HOME


def test_taken_back_in_time_it_is_as_if_it_had_not_been(melati: Clinic) -> None:
    booked = book(melati)
    almost = NOW + new.time_to_undo() - minutes(1 / 60)
    assert new.can_be_taken_back(booked, now=almost)

    assert new.take_back(booked, by=melati.staff, now=almost) == [booked]

    booked.refresh_from_db()
    assert (booked.state, Occupancy.objects.count()) == (AppointmentState.CANCELLED, 0)
    assert [one.state for one in Message.objects.all()] == [MessageState.CANCELLED]
    assert booked.events.latest("at", "pk").note == "Taken back before anybody was told."


def test_too_late_it_cannot_be_taken_back(melati: Clinic) -> None:
    booked = book(melati)
    assert not new.can_be_taken_back(booked, now=NOW + new.time_to_undo())
    with pytest.raises(MoveRefused):
        new.take_back(booked, by=melati.staff, now=NOW + new.time_to_undo())


def test_what_has_left_cannot_be_taken_back(melati: Clinic) -> None:
    booked = book(melati)
    letters_have_left()
    with pytest.raises(MoveRefused, match="can no longer be undone"):
        new.take_back(booked, by=melati.staff, now=NOW)
    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED


def test_what_came_from_elsewhere_or_has_moved_is_not_taken_back(melati: Clinic) -> None:
    assert not new.can_be_taken_back(melati.booked("2026-11-25 10:00"), now=NOW)
    booked = book(melati)
    slot = new.slot_for(melati.wanted("2026-11-24 11:00"), now=NOW)
    assert not new.can_be_taken_back(booking.move(booked, to=slot, by=staff(melati.staff), now=NOW), now=NOW)
