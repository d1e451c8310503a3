"""Places, people and services, written down and changed."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from appointments import roles
from appointments.domain import actors
from appointments.domain.people import invitations
from appointments.domain.setup import catalogue, hours
from appointments.domain.setup.changing import WouldHit
from appointments.enums import DisruptionSource, ResourceKind
from appointments.errors import DomainError
from appointments.models import AuditEntry, Disruption, Invitation, Location, Requirement, Resource, Service
from notifications.models import Message
from tests.clock import NOW
from tests.factories import LocationFactory, ProviderFactory, RoomFactory, UserFactory, clinic

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
WEEK = dict.fromkeys(range(5), "09:00–17:00")


def test_a_place_stands_behind_the_others_with_a_code_and_hours() -> None:
    LocationFactory(code="melati")
    made = catalogue.open_place(Location(name="Melati"), WEEK, nights=False, by=actors.SYSTEM, now=NOW)

    assert (made.code, made.position) == ("melati-2", 2)
    assert hours.week_of(made, today=TODAY) == WEEK | {5: "", 6: ""}


def test_several_people_at_once() -> None:
    place = LocationFactory()
    lines = [
        {"name": "dr. Ratna", "kind": ResourceKind.PROVIDER, "location": place},
        {"name": "Room 1", "kind": ResourceKind.ROOM, "location": place},
    ]
    made = catalogue.add_people(lines, by=actors.SYSTEM, now=NOW)

    assert [(one.name, one.kind, one.position) for one in made] == [
        ("dr. Ratna", ResourceKind.PROVIDER, 1),
        ("Room 1", ResourceKind.ROOM, 2),
    ]
    assert not User.objects.exists()
    assert not Invitation.objects.exists()


def test_who_signs_in_is_invited_and_nobody_is_written_to() -> None:
    owner, place = UserFactory(is_superuser=True), LocationFactory()
    line = {"name": "dr. Ratna", "kind": "provider", "location": place, "role": roles.LEADS}
    line["email"] = "ratna@melati.example"
    [ratna] = catalogue.add_people([line], by=actors.staff(owner), now=NOW)
    invitation = Invitation.objects.get()

    assert (invitation.name, invitation.role, invitation.resource) == ("dr. Ratna", roles.LEADS, ratna)
    assert not Message.objects.exists()
    with pytest.raises(DomainError):
        catalogue.add_people(
            [line | {"name": "Andi", "email": "ratna@melati.example"}], by=actors.staff(owner), now=NOW
        )
    assert not Resource.objects.filter(name="Andi").exists()

    token = invitations.new_link(invitation, by=owner, now=NOW)
    came = invitations.accept(token, username="ratna", name="dr. Ratna", password="quiet-river-stone", now=NOW)
    ratna.refresh_from_db()
    assert ratna.user == came


def test_hours_that_lose_somebody_booked_are_asked_about() -> None:
    world = clinic()
    world.booked("2026-11-24 10:00")
    place = Location.objects.get(pk=world.location.pk)
    call: dict[str, Any] = {"nights": False, "changed": ["week"], "by": actors.SYSTEM, "now": NOW}
    with pytest.raises(WouldHit) as asked:
        catalogue.change_place(place, {1: "12:00–17:00"}, agreed="", **call)
    assert hours.week_of(place, today=TODAY)[1] != "12:00–17:00"

    catalogue.change_place(place, {1: "12:00–17:00"}, agreed=asked.value.mark, **call)
    assert hours.week_of(place, today=TODAY)[1] == "12:00–17:00"
    assert Disruption.objects.get().source == DisruptionSource.HOURS


@pytest.mark.parametrize(
    ("changed", "source"),
    [
        (["zone", "name"], DisruptionSource.ZONE),
        (["is_active", "zone"], DisruptionSource.SWITCHED_OFF),
        (["name"], DisruptionSource.HOURS),
    ],
)
def test_what_happened_to_it_is_kept(changed: list[str], source: DisruptionSource) -> None:
    world = clinic()
    world.booked("2026-11-24 10:00")
    person = Resource.objects.get(pk=world.provider.pk)
    call: dict[str, Any] = {"nights": False, "changed": changed, "by": actors.SYSTEM, "now": NOW}
    with pytest.raises(WouldHit) as asked:
        catalogue.change_resource(person, {1: "12:00–13:00"}, agreed="", **call)
    catalogue.change_resource(person, {1: "12:00–13:00"}, agreed=asked.value.mark, **call)

    assert Disruption.objects.get().source == source


def test_a_service_needs_one_of_each_kind_that_is_ticked() -> None:
    ratna, room = ProviderFactory(), RoomFactory()
    made = catalogue.add_service(
        Service(name={"en": "Massage"}, minutes=30),
        {ResourceKind.PROVIDER: [ratna], ResourceKind.ROOM: [room]},
        by=actors.SYSTEM,
        now=NOW,
    )
    assert made.code == "massage"
    assert {one.kind for one in made.requirements.all()} == {ResourceKind.PROVIDER, ResourceKind.ROOM}

    needs = {ResourceKind.PROVIDER: [ratna], ResourceKind.ROOM: []}
    catalogue.change_service(made, needs, changed=[], agreed="", by=actors.SYSTEM, now=NOW)
    assert [list(one.candidates.all()) for one in made.requirements.all()] == [[ratna]]


def test_two_needs_of_one_kind_are_left_to_the_administration() -> None:
    ratna, andi = ProviderFactory(), ProviderFactory()
    made = catalogue.add_service(
        Service(name={"en": "Massage"}, minutes=30), {ResourceKind.PROVIDER: [ratna]}, by=actors.SYSTEM, now=NOW
    )
    Requirement.objects.create(service=made, kind=ResourceKind.PROVIDER).candidates.set([andi])
    needs = {ResourceKind.PROVIDER: [ratna]}
    catalogue.change_service(made, needs, changed=[], agreed="", by=actors.SYSTEM, now=NOW)

    assert [list(one.candidates.all()) for one in made.requirements.order_by("pk")] == [[ratna], [andi]]


def test_a_person_of_their_own_hours() -> None:
    made = catalogue.add_resource(
        Resource(name="Ratna", location=LocationFactory()), WEEK, nights=False, by=actors.SYSTEM, now=NOW
    )

    assert made.position == 1
    assert hours.week_of(made, today=TODAY)[0] == "09:00–17:00"


def test_somebody_new_gives_what_one_ticks_and_that_is_written_down_at_the_service() -> None:
    by, place = actors.staff(UserFactory()), LocationFactory()
    ratna = ProviderFactory(name="Ratna", location=place)
    needs = {ResourceKind.PROVIDER: [ratna]}
    massage, other = (
        catalogue.add_service(Service(name={"en": name}, minutes=30), needs, by=actors.SYSTEM, now=NOW)
        for name in ("Massage", "Other")
    )
    andi = Resource(name="Andi", location=place)
    catalogue.add_resource(andi, WEEK, gives=[massage], nights=False, by=by, now=NOW)

    assert set(massage.requirements.get().candidates.all()) == {ratna, andi}
    assert set(other.requirements.get().candidates.all()) == {ratna}
    _resource, given = AuditEntry.objects.filter(actor=by.user).order_by("pk")
    assert (given.action, given.noun, given.after["who and what"]) == ("changed", "service", ["Ratna", "Andi"])


def test_who_changed_what_is_written_down_with_hours_and_who_gives_it() -> None:
    """New with all of it; changed with what differs; nothing where nothing does, and nothing that is asked about."""
    by, ratna = actors.staff(UserFactory()), ProviderFactory(name="Ratna")
    made = catalogue.open_place(Location(name="Melati"), {0: "09:00–17:00"}, nights=False, by=by, now=NOW)
    call: dict[str, Any] = {"nights": False, "changed": [], "agreed": "", "by": by, "now": NOW}
    made.name = "Melati Dua"
    catalogue.change_place(made, {0: "10:00–17:00"}, **call)
    catalogue.change_place(made, {0: "10:00–17:00"}, **call)
    service = catalogue.add_service(
        Service(name={"en": "Massage"}, minutes=30), {ResourceKind.PROVIDER: []}, by=by, now=NOW
    )
    del call["nights"]
    catalogue.change_service(service, {ResourceKind.PROVIDER: [ratna]}, **call)

    said = [(one.action, one.noun) for one in AuditEntry.objects.filter(actor=by.user).order_by("pk")]
    assert said == [("added", "location"), ("changed", "location"), ("added", "service"), ("changed", "service")]
    _new, moved, _added, given = AuditEntry.objects.order_by("pk")
    assert (moved.before["name"], moved.after["name"]) == ("Melati", "Melati Dua")
    assert (moved.before["hours"]["0"], moved.after["hours"]["0"]) == ("09:00–17:00", "10:00–17:00")
    assert set(moved.after) == {"name", "hours"}
    assert (given.before, given.after) == ({"who and what": []}, {"who and what": ["Ratna"]})
