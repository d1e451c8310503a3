"""What was agreed on the phone is so at once: moved, confirmed, and counted as what it was."""

from typing import Any

import pytest

from appointments.domain.messages import invites
from appointments.domain.moving import drafts
from appointments.domain.moving.phone.agreed import Agreed, move, places_for, ways_of
from appointments.domain.reports.moves import moves
from appointments.enums import EventKind, Manner, OfferState, PromiseKind, RequestState
from appointments.errors import DomainError, NotOffered, SlotTaken
from appointments.models import Answer, Appointment, Location
from notifications.models import Message
from tests.clock import NOW, ZONE, at, days
from tests.factories import Clinic, LocationFactory, ProviderFactory, ReasonFactory, RoomFactory
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


def test_what_closes_this_place_closes_no_other(melati: Clinic, elsewhere: Location) -> None:
    booked, flood = melati.booked(WANTED), ReasonFactory(about="place", lasts="day")
    with pytest.raises(DomainError):
        moved(melati, booked, reason=flood, starts_at=at("2026-11-26 15:00"))
    moved(melati, booked, reason=flood, location=elsewhere, starts_at=at(WANTED, "Asia/Makassar"), nonce="m")
    booked.refresh_from_db()
    assert booked.location == elsewhere


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


def test_the_ways_and_places_are_those_of_the_service(melati: Clinic, elsewhere: Location) -> None:
    LocationFactory()
    assert ways_of(melati.service) == [Manner.USUAL]
    melati.service.by_phone = True
    assert ways_of(melati.service) == [Manner.USUAL, Manner.PHONE]
    assert places_for(melati.service) == [melati.location, elsewhere]
    elsewhere.resources.filter(kind="room").update(is_active=False)
    assert places_for(melati.service) == [melati.location]
