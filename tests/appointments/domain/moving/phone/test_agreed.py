"""What was agreed on the phone is so at once: moved, confirmed, and counted as what it was."""

from typing import Any

import pytest

from appointments.domain import actors, affected
from appointments.domain.affected import WhatIsMissing
from appointments.domain.messages import invites
from appointments.domain.moving import drafts
from appointments.domain.moving.phone.agreed import Agreed, move, stands_against
from appointments.domain.reports.moves import moves
from appointments.enums import DisruptionScope, EventKind, Manner, OfferState, PromiseKind, RequestState
from appointments.errors import DomainError, NotOffered, SlotTaken
from appointments.models import Answer, Appointment, Disruption, Location
from notifications.models import Message
from tests.clock import NOW, ZONE, at, days
from tests.factories import Clinic, CustomerFactory, LocationFactory, ProviderFactory, ReasonFactory, RoomFactory
from tests.factories.clinic import open_weekly

pytestmark = pytest.mark.django_db
WANTED = "2026-11-26 14:00"


def agreed(melati: Clinic, **change: Any) -> Agreed:
    usual: dict[str, Any] = {
        "reason": melati.reason,
        "starts_at": at(WANTED),
        "provider_id": None,
        "location": melati.location,
    }
    return Agreed(**usual | change)


def moved(melati: Clinic, booked: Appointment, *, nonce: str = "n", **change: Any) -> Answer:
    said = agreed(melati, **change)
    return move(booked, said, seen=drafts.state_of(booked), nonce=nonce, by=melati.staff, now=NOW)


@pytest.fixture
def elsewhere(melati: Clinic) -> Location:
    """Another place of ours that does the same, in another zone."""
    place = LocationFactory(name="Melati Makassar", zone="Asia/Makassar", address="Jl. Riburane 1")
    open_weekly(place)
    for need, maker in zip(melati.service.requirements.order_by("pk"), (ProviderFactory, RoomFactory), strict=True):
        need.candidates.add(maker(location=place))
    return place


def test_it_moves_at_once_and_only_a_confirmation_leaves(melati: Clinic) -> None:
    booked = melati.booked()
    answer = moved(melati, booked)
    booked.refresh_from_db()
    round_ = booked.requests.get()
    assert booked.starts_at == at(WANTED)
    assert (round_.state, answer.recorded_by, answer.offer) == (
        RequestState.ACCEPTED, melati.staff, round_.offers.get(state=OfferState.TAKEN),
    )  # fmt: skip
    [message] = Message.objects.all()
    assert (message.kind, message.context["by_phone"]) == ("confirmation", True)
    assert not booked.promises.open().exists()
    assert moves().count() == 1


def test_the_same_form_again_is_the_same_move(melati: Clinic) -> None:
    booked = melati.booked()
    assert moved(melati, booked) == moved(melati, booked)
    assert booked.requests.count() == 1


def test_what_was_on_offer_is_over_with_it(melati: Clinic) -> None:
    first = melati.offered()
    moved(melati, first.appointment)
    first.refresh_from_db()
    assert first.state == RequestState.REPLACED
    assert not first.appointment.promises.open().filter(kind=PromiseKind.ANSWER_OR_CALL).exists()
    assert Message.objects.filter(kind="offer", state="queued").count() == 0


def test_a_time_that_somebody_has_is_refused_and_nothing_changes(melati: Clinic) -> None:
    booked = melati.booked()
    for provider in (melati.provider, melati.colleague):
        melati.booked(WANTED, provider=provider, room=melati.room if provider == melati.provider else None)
    with pytest.raises(SlotTaken):
        moved(melati, booked)
    booked.refresh_from_db()
    assert (booked.starts_at, booked.requests.count()) == (at("2026-11-24 10:00"), 0)


@pytest.mark.parametrize("change", [{"starts_at": NOW - days(1)}, {"provider_id": 999}])
def test_what_cannot_be_is_refused(melati: Clinic, change: dict[str, Any]) -> None:
    with pytest.raises(NotOffered):
        moved(melati, melati.booked(), **change)


def test_whoever_was_faster_is_not_overwritten(melati: Clinic) -> None:
    booked = melati.booked()
    seen = drafts.state_of(booked)
    moved(melati, booked)
    with pytest.raises(DomainError, match=r"moving this appointment too|has changed"):
        move(booked, agreed(melati, starts_at=at("2026-11-27 09:00")), seen=seen, nonce="x", by=melati.staff, now=NOW)


def test_another_place_takes_it_with_its_address_and_its_clock(melati: Clinic, elsewhere: Location) -> None:
    booked = melati.booked()
    moved(melati, booked, location=elsewhere, starts_at=at(WANTED, "Asia/Makassar"))
    booked.refresh_from_db()
    assert (booked.location, booked.starts_at) == (elsewhere, at(WANTED, "Asia/Makassar"))
    assert {one.resource.location for one in booked.occupancies.all()} == {elsewhere}
    assert booked.events.get(kind=EventKind.CORRECTED).note == f"{melati.location} → {elsewhere}"
    text = Message.objects.get().text
    assert "Melati Makassar" in text
    assert "Jl. Riburane 1" in text
    assert elsewhere.zone != ZONE


def closed(melati: Clinic, since: str, until: str) -> None:
    missing = WhatIsMissing(
        scope=DisruptionScope.PLACE, location=melati.location, starts_at=at(since), ends_at=at(until)
    )
    affected.declare(missing, reason=melati.reason, by=actors.staff(melati.staff), now=NOW)


def test_what_closes_this_place_closes_no_other(melati: Clinic, elsewhere: Location) -> None:
    booked = melati.booked(WANTED)
    closed(melati, "2026-11-26 00:00", "2026-11-27 00:00")
    with pytest.raises(DomainError):
        moved(melati, booked, starts_at=at("2026-11-26 15:00"))
    moved(melati, booked, location=elsewhere, starts_at=at(WANTED, "Asia/Makassar"), nonce="m")
    booked.refresh_from_db()
    assert booked.location == elsewhere
    assert Disruption.objects.count() == 1
    assert not affected.to_move().exists()


def test_only_this_appointment_moves_and_nobody_else_is_hit(melati: Clinic) -> None:
    ill = ReasonFactory(about="person", lasts="day")
    booked = melati.booked(WANTED)
    melati.booked("2026-11-26 16:00")
    moved(melati, booked, reason=ill, starts_at=at("2026-11-26 15:00"))
    assert not affected.to_move().exists()
    assert [one.scope for one in Disruption.objects.all()] == [DisruptionScope.APPOINTMENT]


def test_what_is_known_to_be_missing_is_what_it_belongs_to(melati: Clinic) -> None:
    booked = melati.booked("2026-11-26 10:00")
    closed(melati, "2026-11-26 08:00", "2026-11-26 12:00")
    moved(melati, booked, starts_at=at("2026-11-26 15:00"))
    assert booked.requests.get().disruption == Disruption.objects.get()
    assert not affected.to_move().exists()


def test_what_the_customer_wished_for_declares_nothing(melati: Clinic) -> None:
    moved(melati, melati.booked(), reason=ReasonFactory(fault="customer", family="customer"))
    assert not Disruption.objects.exists()


def test_the_confirmation_says_what_is_new_about_place_and_way(melati: Clinic, elsewhere: Location) -> None:
    melati.service.by_phone = True
    melati.service.save()
    booked, same_hour = melati.booked(WANTED, service=melati.service), at(WANTED)
    moved(melati, booked, location=elsewhere, starts_at=same_hour)
    text = Message.objects.get().text
    assert f"Please note: the place is now {elsewhere.name} instead of {melati.location.name}." in text
    assert "only the person has changed" not in text
    assert "Here is what we agreed." in text
    booked.refresh_from_db()
    moved(melati, booked, manner=Manner.PHONE, location=elsewhere, starts_at=same_hour, nonce="p")
    assert (
        "It now takes place online or by phone, so you do not have to come to us." in Message.objects.latest("pk").text
    )


def test_nobody_is_sent_to_a_home_without_an_address(melati: Clinic) -> None:
    melati.service.at_home = True
    melati.service.save()
    melati.customer.address = ""
    melati.customer.save()
    with pytest.raises(DomainError, match="write the address on their page first"):
        moved(melati, melati.booked(service=melati.service, customer=melati.customer), manner=Manner.HOME)


def test_a_way_that_the_service_gave_up_stays_where_it_was_agreed(melati: Clinic) -> None:
    booked = melati.booked()
    Appointment.objects.filter(pk=booked.pk).update(manner=Manner.PHONE)
    moved(melati, booked, manner=Manner.PHONE)
    booked.refresh_from_db()
    assert booked.manner == Manner.PHONE


def test_a_place_or_a_way_that_the_service_does_not_know_is_refused(melati: Clinic) -> None:
    booked = melati.booked()
    for change in ({"location": LocationFactory()}, {"manner": Manner.PHONE}, {"manner": Manner.HOME}):
        with pytest.raises(DomainError, match="not done"):
            moved(melati, booked, **change)


@pytest.mark.parametrize(
    ("manner", "words", "where"),
    [(Manner.PHONE, "online or by phone", ""), (Manner.HOME, "at your home", "Jl. Mawar 1"),
     (Manner.USUAL, "Melati Jakarta", "Melati Jakarta")],
)  # fmt: skip
def test_the_way_is_what_message_and_calendar_say(melati: Clinic, manner: Manner, words: str, where: str) -> None:
    melati.service.by_phone = melati.service.at_home = True
    melati.service.save()
    melati.customer.address, melati.customer.language = "Jl. Mawar 1", "en"
    melati.customer.save()
    booked = melati.booked(customer=melati.customer, service=melati.service)
    moved(melati, booked, manner=manner)
    booked.refresh_from_db()
    assert words in Message.objects.get().text
    calendar = invites.request(booked, language="en", now=NOW)
    lines = [line for line in calendar.splitlines() if line.startswith("LOCATION")]
    assert [where in line for line in lines] == ([True] if where else [])


def against(melati: Clinic, booked: Appointment, starts_at: str, *, provider_id: int | None = None) -> str:
    whom = provider_id or booked.provider_id
    return stands_against(booked, starts_at=at(starts_at), provider_id=whom, place=booked.location, now=NOW)


def test_what_stands_against_a_time_is_known_before_it_is_agreed(melati: Clinic) -> None:
    booked = melati.booked()
    melati.booked("2026-11-26 10:00", customer=CustomerFactory(name="Ben Situmorang"))
    cannot = ProviderFactory(location=melati.location)

    assert against(melati, booked, "2026-11-26 09:30") == ""
    assert against(melati, booked, "2026-11-26 09:45") == (
        "Not everybody and everything that this needs is free then. (Dr. Ratna: Ben Situmorang)"
    )
    assert against(melati, booked, "2026-11-26 16:45") == "This time is outside the opening hours."
    assert against(melati, booked, "2026-11-26 09:30", provider_id=cannot.pk).startswith("This person does not do")
    assert (Message.objects.count(), booked.requests.count()) == (0, 0)


def test_an_appointment_never_stands_against_itself(melati: Clinic) -> None:
    assert against(melati, melati.booked(), "2026-11-24 10:15") == ""
