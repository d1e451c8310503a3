"""Rooms and devices that a file names: the right one is taken, a wrong one is said, a new one is moved to."""

from dataclasses import replace
from typing import Any

import pytest

from appointments.domain import actors, booking
from appointments.domain.imports.matching import ANYBODY, Choices, Unclear, Unknown, Unwanted
from appointments.domain.imports.reading import ImportedRow
from appointments.domain.imports.report import Outcome
from appointments.domain.imports.rooms import Rooms
from appointments.domain.schedule.slots import Slot
from appointments.models import Appointment, Occupancy, Requirement, Resource
from tests.appointments.domain.imports.files import bring_in, counts, said
from tests.clock import NOW, at
from tests.factories import Clinic, EquipmentFactory, LocationFactory, RoomFactory, ServiceFactory, clinic

pytestmark = pytest.mark.django_db

HEAD = "ID,Name,Date,Time,Service,Doctor,Room\n"
NINA = "A,Nina,2026-12-07,09:00,Check-up,Dr. Ratna,Room 2\n"
OKI = "B,Oki,2026-12-07,09:00,Check-up,Dr. Budi,Room 1\n"
ROW = ImportedRow(line=2, uid="a", starts_at=at("2026-12-07 09:00"), room="room  2")


@pytest.fixture
def melati(db: None) -> Clinic:
    return clinic(rooms=2)


@pytest.fixture
def second(melati: Clinic) -> Resource:
    return Resource.objects.get(name="Room 2")


def taken() -> dict[str, list[str]]:
    """The rooms of whoever is booked."""
    in_rooms = Occupancy.objects.filter(appointment__state="booked").exclude(resource__kind="provider")
    found: dict[str, list[str]] = {}
    for who, room in in_rooms.values_list("appointment__customer__name", "resource__name").order_by("pk"):
        found.setdefault(who, []).append(room)
    return found


def test_each_comes_into_the_room_that_the_file_says(melati: Clinic) -> None:
    report = bring_in(melati, HEAD + NINA + OKI)
    assert (counts(report), taken()) == ({Outcome.NEW: 2}, {"Nina": ["Room 2"], "Oki": ["Room 1"]})


def test_a_room_that_is_busy_is_in_the_way_though_another_is_free(melati: Clinic) -> None:
    report = bring_in(melati, HEAD + NINA + OKI.replace("Room 1", "Room 2"))
    assert said(report, "error") == [(3, "2026-12-07 09:00: Room 2 is busy then: another line of this file.")]


def test_a_newer_file_moves_to_another_room_and_back(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    report = bring_in(melati, HEAD + NINA.replace("Room 2", "Room 1"))
    assert (counts(report), taken()) == ({Outcome.CHANGED: 1}, {"Nina": ["Room 1"]})
    assert said(report, "note") == [(2, "Taken over: room.")]
    assert counts(bring_in(melati, HEAD + NINA.replace("Room 2", "Room 1"))) == {Outcome.UNCHANGED: 1}
    bring_in(melati, HEAD + NINA + OKI)
    assert taken()["Nina"] == ["Room 2"]


def test_two_change_rooms(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA + OKI)
    swapped = HEAD + NINA.replace("Room 2", "Room 1") + OKI.replace("Room 1", "Room 2")
    assert counts(bring_in(melati, swapped)) == {Outcome.CHANGED: 2}
    assert taken() == {"Nina": ["Room 1"], "Oki": ["Room 2"]}


def test_a_file_that_begins_to_name_rooms_is_right_about_those_that_were_ours_to_choose(melati: Clinic) -> None:
    bring_in(melati, (HEAD + NINA).replace(",Room 2", ",").replace(",Room\n", "\n"))
    assert taken() == {"Nina": ["Room 1"]}
    assert counts(bring_in(melati, HEAD + NINA)) == {Outcome.CHANGED: 1}
    assert taken() == {"Nina": ["Room 2"]}


def test_who_moves_in_time_keeps_the_room_that_the_file_says(melati: Clinic) -> None:
    bring_in(melati, HEAD + NINA)
    assert counts(bring_in(melati, HEAD + NINA.replace("09:00", "11:00"))) == {Outcome.MOVED: 1}
    assert taken() == {"Nina": ["Room 2"]}


def test_what_was_moved_to_another_room_here_is_left_alone(melati: Clinic, second: Resource) -> None:
    bring_in(melati, HEAD + NINA)
    nina = Appointment.objects.get()
    here = Slot(nina.starts_at, nina.ends_at, melati.provider.pk, (melati.provider.pk, melati.room.pk))
    booking.move(nina, to=here, by=actors.staff(melati.staff), now=NOW)
    third = RoomFactory(location=melati.location, name="Room 3")
    Requirement.objects.get(service=melati.service, kind="room").candidates.add(third)
    report = bring_in(melati, HEAD + NINA.replace("Room 2", "Room 3"))
    assert (taken(), counts(report)) == ({"Nina": ["Room 1"]}, {Outcome.UNCHANGED: 1})
    assert said(report, "warning") == [(2, "Changed here and in the file, and left as it is here: room.")]


def test_a_room_that_we_do_not_have_is_said_with_its_row_and_by_its_name(melati: Clinic) -> None:
    report = bring_in(melati, HEAD + NINA.replace("Room 2", "Chair 9"))
    sentence = "There is no room or device “Chair 9” at Melati Jakarta. Known: Room 1, Room 2."
    assert said(report, "error") == [(2, f"2026-12-07 09:00: {sentence}")]
    assert dict(report.unknown) == {("room", "Chair 9"): 1}


def rooms(melati: Clinic, **meant: Any) -> Rooms:
    return Rooms(Choices(melati.location, rooms=meant))


def test_a_room_that_the_service_does_not_use_is_refused_with_those_it_does(melati: Clinic) -> None:
    laser = EquipmentFactory(location=melati.location, name="Laser")
    with pytest.raises(Unknown) as wrong:
        rooms(melati).said(replace(ROW, room=laser.name), melati.service, melati.location)
    assert str(wrong.value) == "“Check-up” is not given in “Laser” at Melati Jakarta, but in: Room 1, Room 2."
    online = ServiceFactory(name={"en": "Online"})
    with pytest.raises(Unknown) as none:
        rooms(melati).said(ROW, online, melati.location)
    assert str(none.value) == "“Online” uses no room or device at Melati Jakarta. Tick “room  2” at the service first."


def test_a_room_is_looked_for_where_the_appointment_is(melati: Clinic) -> None:
    kenanga = LocationFactory(name="Kenanga")
    with pytest.raises(Unknown, match="There is no room or device “room  2” at Kenanga"):
        rooms(melati).said(ROW, melati.service, kenanga)


def test_what_is_chosen_for_a_name_counts_where_the_name_does_not_fit(melati: Clinic, second: Resource) -> None:
    chair = replace(ROW, room="Chair 9")
    at_melati = melati.service, melati.location
    assert rooms(melati, **{"chair 9": second.pk}).said(chair, *at_melati) == second
    assert rooms(melati, **{"chair 9": ANYBODY}).said(chair, *at_melati) is None
    assert rooms(melati, **{"room 2": melati.room.pk}).said(ROW, *at_melati) == second
    assert rooms(melati).said(replace(ROW, room=" "), *at_melati) is None
    with pytest.raises(Unwanted):
        rooms(melati, **{"chair 9": None}).said(chair, *at_melati)
    laser = EquipmentFactory(location=melati.location, name="Laser")
    with pytest.raises(Unclear, match="is not given in “Laser”"):
        rooms(melati, **{"chair 9": laser.pk}).said(chair, *at_melati)


def test_one_that_is_not_in_use_any_more_is_not_known(melati: Clinic, second: Resource) -> None:
    Resource.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(Unknown):
        rooms(melati).said(ROW, melati.service, melati.location)
