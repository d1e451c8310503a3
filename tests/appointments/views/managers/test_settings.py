"""The settings: what is shown, changed, refused with its reason, and asked about."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments.domain.setup import hours
from appointments.models import Business, Closure, Disruption, Location, Reason, Resource, Service, SpecialDay
from tests.clock import NOW
from tests.factories import Clinic, ManagerFactory, clinic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

TODAY = date(2026, 11, 23)


@pytest.fixture
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> Clinic:
    return clinic()


@pytest.fixture
def manager(client: Client, world: Clinic) -> Client:
    client.force_login(ManagerFactory())
    return client


def filled(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send of the page as it is."""
    data: dict[str, Any] = {}
    context = client.get(address).context
    for form in (context["form"], context.get("week")):
        for field in form or ():
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif hasattr(value, "data"):
                data |= {f"{field.html_name}_{code}": text for code, text in value.data.items()}
            elif value is not None and value is not False:
                data[field.html_name] = value
    return data


def agree(answer: Any) -> str:
    """The value of the tick under the list."""
    return re.findall(r'name="agreed" value="(\w+)"', answer.content.decode())[0]


def test_everything_stands_on_one_page(manager: Client, world: Clinic) -> None:
    Resource.objects.filter(pk=world.provider.pk).update(is_active=False)
    shown = manager.get("/settings/").content.decode()

    for name in (world.location.name, world.provider.name, str(world.service), world.reason.label_in()):
        assert name in shown
    assert "not in use" in shown


def test_the_business_is_changed(manager: Client) -> None:
    data = filled(manager, "/settings/business/") | {"name": "Melati Baru", "sender_name": "Melati", "answer_hours": 12}
    assert manager.post("/settings/business/", data).status_code == 302
    assert (Business.current().name, Business.current().answer_hours) == ("Melati Baru", 12)

    assert manager.post("/settings/business/", data | {"answer_hours": 0}).status_code == 422
    assert manager.post("/settings/business/", data | {"currency": "XXY"}).status_code == 422


def test_saving_a_page_as_it_is_changes_nothing(manager: Client, world: Clinic) -> None:
    world.booked("2026-11-24 10:00")
    addresses = (
        f"/settings/places/{world.location.pk}/",
        f"/settings/resources/{world.provider.pk}/",
        f"/settings/services/{world.service.pk}/",
        f"/settings/places/{world.location.pk}/holidays/2026/",
    )
    before = hours.week_of(world.location, today=TODAY)
    for address in addresses:
        answer = manager.post(address, filled(manager, address))
        assert answer.status_code == 302, answer.context["form"].errors
    assert hours.week_of(world.location, today=TODAY) == before
    assert not Disruption.objects.exists()
    assert not SpecialDay.objects.exists()


def test_hours_that_lose_somebody_are_asked_about_and_saved_with_the_tick(manager: Client, world: Clinic) -> None:
    world.booked("2026-11-24 10:00")
    address = f"/settings/places/{world.location.pk}/"
    data = filled(manager, address) | {"day_1": "12:00–17:00"}
    asked = manager.post(address, data)

    assert asked.status_code == 409
    assert "1 customer is expected in this time" in asked.content.decode()
    assert "12:00–17:00" in asked.content.decode()
    answer = manager.post(address, data | {"agreed": agree(asked)}, follow=True)
    assert "Saved. 1 customer has to be moved now." in answer.content.decode()
    assert hours.week_of(world.location, today=TODAY)[1] == "12:00–17:00"


@pytest.mark.parametrize("what", ["places", "resources", "services"])
def test_what_is_switched_off_under_bookings_is_asked_about(manager: Client, world: Clinic, what: str) -> None:
    world.booked("2026-11-24 10:00")
    row: Any = {"places": world.location, "resources": world.provider, "services": world.service}[what]
    address = f"/settings/{what}/{row.pk}/"
    data = filled(manager, address)
    del data["is_active"]
    asked = manager.post(address, data)
    assert asked.status_code == 409
    row.refresh_from_db()
    assert row.is_active

    manager.post(address, data | {"agreed": agree(asked)})
    row.refresh_from_db()
    assert not row.is_active
    assert Disruption.objects.count() == 1
    assert str(row) in manager.get("/settings/").content.decode()


def test_own_hours_are_never_passed_over(manager: Client, world: Clinic) -> None:
    address = f"/settings/resources/{world.provider.pk}/"
    own = filled(manager, address)
    same = {**own, "same_hours": "on", "day_0": "10:00–11:00"}
    assert "take the tick at “the same hours” away" in manager.post(address, same).content.decode()
    none = {key: value for key, value in own.items() if not key.startswith("day_") and key != "same_hours"}
    assert "or tick “the same hours”" in manager.post(address, none).content.decode()

    assert manager.post(address, none | {"day_0": "10:00–11:00"}).status_code == 302
    assert hours.week_of(world.provider, today=TODAY)[0] == "10:00–11:00"


def test_own_hours_outside_of_the_place_are_refused_but_what_was_there_stays(manager: Client, world: Clinic) -> None:
    hours.write(world.location, dict.fromkeys(range(5), "09:00–17:00"), today=TODAY)
    hours.write(world.provider, dict.fromkeys(range(5), "08:00–12:00"), today=TODAY)
    address = f"/settings/resources/{world.provider.pk}/"
    own = filled(manager, address)
    answer = manager.post(address, own | {"day_1": "10:00–18:00"})
    why = f"{world.location} is open 09:00–17:00 on this day: 17:00–18:00 lies outside."
    assert (answer.status_code, why in answer.content.decode()) == (422, True)

    assert manager.post(address, own | {"day_1": "10:00–17:00"}).status_code == 302
    found = hours.week_of(world.provider, today=TODAY)
    assert (found[0], found[1]) == ("08:00–12:00", "10:00–17:00")

    someone = filled(manager, "/settings/resources/new/") | {"name": "dr. Andi", "location": world.location.pk}
    del someone["same_hours"]
    answer = manager.post("/settings/resources/new/", someone | {"day_6": "10:00–18:00"})
    assert answer.context["week"].errors == {
        "day_6": [f"{world.location} is closed on this day: 10:00–18:00 lies outside."]
    }


def test_a_service_nobody_can_give_is_refused_unless_it_is_switched_off(manager: Client, world: Clinic) -> None:
    address = f"/settings/services/{world.service.pk}/"
    data = {key: value for key, value in filled(manager, address).items() if key not in ("people", "rooms")}
    refused = manager.post(address, data)
    assert refused.status_code == 422
    assert "what nobody can give cannot be booked" in refused.content.decode()

    del data["is_active"]
    assert manager.post(address, data).status_code == 302
    assert not Service.objects.get(pk=world.service.pk).is_active


def test_people_and_rooms_of_different_places_give_nothing(manager: Client, world: Clinic) -> None:
    other = clinic_elsewhere()
    data = {"name_en": "Massage", "name_id": "Pijat", "kind": "visit", "minutes": 30, "buffer_before": 0}
    data |= {"buffer_after": 0, "grid": 15, "notice_minutes": 0, "horizon_days": 30, "lead_minutes": 0}
    data |= {"move_notice_hours": 24, "max_moves": 2, "people": [world.provider.pk], "rooms": [other.pk]}
    assert "No place has all of this" in manager.post("/settings/services/new/", data).content.decode()

    data |= {"rooms": []}
    assert manager.post("/settings/services/new/", data).status_code == 302
    assert Service.objects.get(code="massage").requirements.count() == 1


def clinic_elsewhere() -> Resource:
    place = Location.objects.create(code="other", name="Other")
    return Resource.objects.create(kind="room", name="Room 9", location=place)


def test_a_new_place_and_a_new_person(manager: Client) -> None:
    place = {"name": "Melati Dua", "country": "ID", "zone": "Asia/Makassar", "day_0": "09:00–17:00"}
    assert manager.post("/settings/places/new/", place).status_code == 302
    made = Location.objects.get(code="melati-dua")
    assert made.zone == "Asia/Makassar"
    person = {"name": "Andi", "kind": "provider", "location": made.pk, "same_hours": "on"}
    assert manager.post("/settings/resources/new/", person).status_code == 302
    assert Resource.objects.get(name="Andi").location == made
    assert manager.post("/settings/resources/new/", person).status_code == 422


def test_a_reason_is_held_to_the_rules_of_the_administration(manager: Client, world: Clinic) -> None:
    data = {"label_en": "Snow", "label_id": "Salju", "wording_en": "it snows", "wording_id": "turun salju"}
    data |= {"family": "outside", "fault": "nobody", "about": "place", "lasts": "day", "is_active": "on"}
    for wrong, why in (
        ({"wording_en": "it snows."}, "Leave out the full stop"),
        ({"wording_en": "because it snows"}, "Leave out “because”"),
        ({"wording_id": ""}, "Indonesian"),
        ({"wording_en": "{who} is away"}, "is not a placeholder"),
    ):
        answer = manager.post("/settings/reasons/new/", data | wrong)
        assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert manager.post("/settings/reasons/new/", data).status_code == 302
    made = Reason.objects.get(code="snow")
    assert manager.post(f"/settings/reasons/{made.pk}/", data | {"wording_en": "it snows heavily"}).status_code == 302
    made.refresh_from_db()
    assert str(made.wording.localize("en")) == "it snows heavily"


def test_a_holiday_can_be_a_working_day(manager: Client, world: Clinic) -> None:
    address = f"/settings/places/{world.location.pk}/holidays/2026/"
    ticked = filled(manager, address)["closed"]
    assert "2026-12-25" in ticked
    manager.post(address, {"closed": [one for one in ticked if one != "2026-12-25"]})

    assert SpecialDay.objects.get().is_open
    assert manager.get(f"/settings/places/{world.location.pk}/holidays/2031/").status_code == 404
    assert manager.post(address, {"closed": ["2026-02-30"]}).status_code == 422


def test_closures_come_again_in_words_and_can_be_removed(manager: Client, world: Clinic) -> None:
    address = f"/settings/places/{world.location.pk}/closures/"
    data = {
        "title": "Team meeting",
        "starts_at": "2026-12-01T13:00",
        "ends_at": "2026-12-01T14:00",
        "repeats": "monthly",
    }
    assert manager.post(address, data).status_code == 302
    made = Closure.objects.get()
    assert made.rrule == "FREQ=MONTHLY;BYDAY=1TU"
    assert made.starts_at.astimezone(world.location.tzinfo).hour == 13
    shown = manager.get(address).content.decode()
    assert "every month on this weekday" in shown
    assert "FREQ" not in shown

    manager.post(f"{address}{made.pk}/open/")
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": "2026-12-01T13:00"},
        {"ends_at": "2026-12-01T12:00"},
        {"repeats": "FREQ=SECONDLY"},
        {"title": ""},
        {"starts_at": "0001-01-01T00:00"},
        {"ends_at": "9999-12-31T23:59", "starts_at": "soon"},
    ],
)
def test_a_closure_that_cannot_be_is_refused(manager: Client, world: Clinic, wrong: dict[str, str]) -> None:
    data = {"title": "Meeting", "starts_at": "2026-12-01T13:00", "ends_at": "2026-12-01T14:00", "repeats": ""}

    assert manager.post(f"/settings/places/{world.location.pk}/closures/", data | wrong).status_code == 422
    assert not Closure.objects.exists()


def test_what_is_not_there_is_not_found(manager: Client) -> None:
    for kind in ("places", "resources", "services", "reasons"):
        assert manager.get(f"/settings/{kind}/999999/").status_code == 404
