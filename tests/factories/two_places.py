"""A business with two places, at each of which everything has happened; only the words tell them apart."""

from dataclasses import dataclass, replace

from django.contrib.auth.models import User

from appointments import roles
from appointments.models import CorrectiveAction, Disruption, SpecialDay
from tests.clock import NOW, days
from tests.factories.clinic import Clinic, clinic, open_weekly, service_at
from tests.factories.compensation import compensation, set_aside
from tests.factories.diary import CallAttemptFactory, FeedbackFactory, PromiseFactory
from tests.factories.people import colleague
from tests.factories.places import CustomerFactory, LocationFactory, ProviderFactory, RoomFactory
from tests.factories.recovery import at_resolve
from tests.factories.remembered import remembered

ELSEWHERE = "Kemuning"
"""Stands in every name and word of the other place."""


@dataclass(frozen=True)
class TwoPlaces:
    """`budi` is a manager of `here` alone, `cut` of both places."""

    here: Clinic
    there: Clinic
    budi: User
    cut: User


@remembered
def two_places() -> TwoPlaces:
    here = clinic()
    there = _another(here)
    for one, word in ((here, "Melati"), (there, ELSEWHERE)):
        _live(one, word)
    budi = colleague(roles.MANAGERS, here.location, username="budi.one", first_name="Budi")
    cut = colleague(roles.MANAGERS, username="cut.all", first_name="Cut", last_name="Meutia")
    colleague(roles.FRONT_DESK, there.location, first_name=ELSEWHERE, username=ELSEWHERE.lower())
    return TwoPlaces(here, there, budi, cut)


def _another(here: Clinic) -> Clinic:
    place = LocationFactory(code="kemuning", name=f"{ELSEWHERE} Bandung")
    open_weekly(place)
    provider = ProviderFactory(location=place, name=f"Dr. {ELSEWHERE}")
    second, room = (
        ProviderFactory(location=place, name=f"Drg. {ELSEWHERE}"),
        RoomFactory(location=place, name=ELSEWHERE),
    )
    return replace(
        here,
        location=place,
        provider=provider,
        colleague=second,
        room=room,
        service=service_at(place, providers=[provider, second], rooms=[room]),
        customer=CustomerFactory(name=f"{ELSEWHERE} Sari", email="kemuning@mail.example"),
    )


def _live(one: Clinic, word: str) -> None:
    """A move with a complaint and what we gave, a sick day, a closed day, what is set aside and what is changed."""
    case = at_resolve(one, points=(f"{word}?",))
    appointment = case.appointment
    compensation(appointment)
    CallAttemptFactory(promise=PromiseFactory(appointment=appointment, details=word), note=word)
    FeedbackFactory(appointment=appointment, words=word)
    Disruption.objects.create(
        scope="place", location=one.location, starts_at=NOW, ends_at=NOW + days(1), declared_at=NOW, note=word
    )
    SpecialDay.objects.create(day=(NOW + days(40)).date(), name=word, location=one.location)
    set_aside(1_000, location=one.location)
    said = {"cause": one.reason, "owner": one.manager, "due_on": NOW.date() - days(1)}
    CorrectiveAction.objects.create(what=word, location=one.location, case=case, **said)
    one.offered(one.booked("2026-11-26 10:00"))
