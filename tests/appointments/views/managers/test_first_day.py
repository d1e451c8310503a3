"""The pages of the first day: who may enter, what is refused, and that nothing typed is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import roles
from appointments.domain.setup import hours, owner
from appointments.models import Business, Invitation, Location, Reason, Resource, Service, Setup
from tests.clock import NOW
from tests.factories import (
    EquipmentFactory,
    LocationFactory,
    ManagerFactory,
    ProviderFactory,
    RoomFactory,
    ServiceFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.people import colleague

pytestmark = pytest.mark.django_db

WEEK = {f"day_{day}": "09:00–17:00" for day in range(5)}
PLACE = {"name": "Melati", "country": "ID", "zone": "Asia/Jakarta", **WEEK}
WHO = {
    "first_name": "Dewi",
    "email": "dewi@melati.example",
    "username": "dewi",
    "password": "hujan-sore-di-teras",
    "country": "ID",
}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def lines(*names: str, place: Location, **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"people-TOTAL_FORMS": len(names), "people-INITIAL_FORMS": 0}
    for number, name in enumerate(names):
        data |= {f"people-{number}-name": name, f"people-{number}-kind": "provider"}
        data |= {f"people-{number}-location": place.pk}
    return data | more


def test_the_first_visitor_is_led_to_the_code_and_becomes_the_owner(client: Client) -> None:
    code = owner.new_code(now=NOW)
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/first/"

    answer = client.post("/first/", {**WHO, "code": code})
    assert answer["Location"] == "/setup/business/"
    assert client.get("/setup/business/").status_code == 200
    assert User.objects.get().is_superuser


def test_a_wrong_code_says_so_and_keeps_what_was_typed(client: Client) -> None:
    owner.new_code(now=NOW)
    answer = client.post("/first/", {**WHO, "code": "AAAA-BBBB-CCCC"})

    assert answer.status_code == 422
    assert b"This is not the code, or not any more." in answer.content
    assert b"dewi@melati.example" in answer.content
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["short", "dewi-dewi-dewi", "12345678901"])
def test_a_weak_password_is_refused_and_the_code_stays_good(client: Client, password: str) -> None:
    code = owner.new_code(now=NOW)

    assert client.post("/first/", {**WHO, "code": code, "password": password}).status_code == 422
    assert client.post("/first/", {**WHO, "code": code}).status_code == 302


def test_once_there_is_somebody_there_is_no_such_page(client: Client) -> None:
    code = owner.new_code(now=NOW)
    ManagerFactory()

    assert client.get("/first/").status_code == 404
    assert client.post("/first/", {**WHO, "code": code}).status_code == 404
    assert client.get("/accounts/sign-in/").status_code == 200


def test_the_front_desk_has_no_such_pages(client: Client) -> None:
    client.force_login(StaffFactory())

    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/business/", {"name": "Melati"}).status_code == 404
    assert client.post("/setup/put-away/").status_code == 404
    assert not Business.objects.exists()


def test_a_business_without_a_name_is_refused(manager: Client) -> None:
    answer = manager.post("/setup/business/", {"name": "", "country": "ID", "language": "id", "currency": "IDR"})

    assert answer.status_code == 422
    assert not Business.objects.exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"day_0": "16:00-08:00"}, "This ends before it begins."),
        ({"day_0": "16:00-16:00"}, "This begins and ends at the same hour."),
        ({"day_0": "morning"}, "“morning” is not a span of hours."),
        (dict.fromkeys(WEEK, ""), "Write the hours of one day at least."),
        ({"zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_the_reason(manager: Client, data: dict[str, str], why: str) -> None:
    answer = manager.post("/setup/places/", {**PLACE, **data})

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Location.objects.exists()


def test_two_places_of_one_name_are_refused(manager: Client) -> None:
    LocationFactory(name="Melati")

    assert "There is a place of this name already." in manager.post("/setup/places/", PLACE).content.decode()


def test_people_need_names_that_tell_them_apart(manager: Client) -> None:
    place = LocationFactory()
    for names, why in (
        (("", ""), "Write one name at least"),
        (("Ratna", "ratna"), "One name stands here twice."),
    ):
        answer = manager.post("/setup/people/", lines(*names, place=place))
        assert (answer.status_code, why in answer.content.decode()) == (422, True)
    ProviderFactory(name="Ratna", location=place)
    assert "is there already" in manager.post("/setup/people/", lines("RATNA", place=place)).content.decode()
    assert Resource.objects.count() == 1


def test_who_signs_in_is_a_person_has_a_role_and_an_address_of_their_own(manager: Client) -> None:
    place = LocationFactory()
    UserFactory(email="sari@melati.example")
    for said, why in (
        ({"people-0-email": "ratna@melati.example"}, "Choose what they may do here, or leave the address out."),
        ({"people-0-role": "Leads", "people-0-kind": "room"}, "Only people sign in."),
        ({"people-0-role": "Leads", "people-0-email": "SARI@melati.example"}, "works here already, or is invited"),
        (
            {
                f"people-{n}-{name}": value
                for n in (0, 1)
                for name, value in (("role", "Leads"), ("email", "a@b.example"))
            },
            "One address stands here twice.",
        ),
        ({"people-0-role": "emperor"}, "emperor"),
    ):
        answer = manager.post("/setup/people/", lines("Ratna", "Andi", place=place, **said))
        assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert not Resource.objects.exists()

    said = {"people-0-role": "Leads", "people-0-email": "ratna@melati.example", "people-1-role": "Front desk"}
    assert manager.post("/setup/people/", lines("Ratna", "Andi", place=place, **said)).status_code == 302
    assert dict(Invitation.objects.values_list("name", "role")) == {"Ratna": "Leads", "Andi": "Front desk"}
    assert "Ratna" in manager.get("/settings/people/").content.decode()


def own_hours(*line: str, of: int = 0, **more: str) -> dict[str, str]:
    """What the fold of a line sends: the hours of each day."""
    days = dict(enumerate(line)) | dict.fromkeys(range(len(line), 7), "")
    return {f"people-{of}-week-day_{day}": hours for day, hours in days.items()} | {
        f"people-{of}-week-{name}": value for name, value in more.items()
    }


@pytest.fixture
def melati() -> Location:
    place = LocationFactory(name="Melati")
    hours.write(place, dict.fromkeys(range(5), "08:00–12:00, 13:00–17:00"), today=NOW.date())
    return place


def test_who_keeps_the_hours_of_the_place_follows_it_and_who_does_not_has_their_own(
    manager: Client, melati: Location
) -> None:
    usual = own_hours(*["08:00–12:00, 13:00–17:00"] * 5)
    typed_alike = own_hours(*["13-17, 8-12"] * 5, of=1)
    shown = manager.get("/setup/people/").content.decode()
    assert (shown.count('value="08:00–12:00, 13:00–17:00"'), "<details open" in shown) == (30, False)

    sent = lines("Ratna", "Andi", "Sari", place=melati, **usual, **typed_alike, **own_hours("09:00–12:00", of=2))
    assert manager.post("/setup/people/", sent).status_code == 302
    weeks = {one.name: hours.week_of(one, today=NOW.date()) for one in Resource.objects.all()}
    none = dict.fromkeys(range(7), "")
    assert weeks == {"Ratna": none, "Andi": none, "Sari": none | {0: "09:00–12:00"}}


def test_nights_of_their_own_have_to_be_said(manager: Client) -> None:
    place = LocationFactory()
    night = own_hours("22:00–06:00")
    refused = manager.post("/setup/people/", lines("Ratna", place=place, **night))
    assert "This ends before it begins." in refused.content.decode()

    night |= {"people-0-week-nights": "on"}
    assert manager.post("/setup/people/", lines("Ratna", place=place, **night)).status_code == 302
    assert hours.week_of(Resource.objects.get(), today=NOW.date())[0] == "22:00–06:00"


@pytest.mark.parametrize(
    ("week", "why"),
    [
        (("16:00–08:00",), "This ends before it begins."),
        (("09:00–12:30",), "Melati is open 08:00–12:00, 13:00–17:00 on this day: 12:00–12:30 lies outside."),
        (("", "", "", "", "", "09:00–12:00"), "Melati is closed on this day: 09:00–12:00 lies outside."),
        ((), "Write the hours of one day at least, or those of the place."),
        (("in the morning",), "“in the morning” is not a span of hours."),
    ],
)
def test_own_hours_that_cannot_be_are_refused_and_kept(
    manager: Client, melati: Location, week: tuple[str, ...], why: str
) -> None:
    answer = manager.post("/setup/people/", lines("Ratna", place=melati, **own_hours(*week)))
    shown = answer.content.decode()

    assert (answer.status_code, why in shown, "<details" in shown and " open>" in shown) == (422, True, True)
    assert all(f'value="{hours}"' in shown for hours in week if hours)
    assert not Resource.objects.exists()


def test_own_hours_are_held_to_those_of_the_place_that_is_chosen(manager: Client, melati: Location) -> None:
    kenanga = LocationFactory(name="Kenanga", position=9)
    hours.write(kenanga, {0: "10:00–11:00"}, today=NOW.date())
    monday = own_hours("08:00–11:00")
    answer = manager.post("/setup/people/", lines("Ratna", place=kenanga, **monday))
    assert "Kenanga is open 10:00–11:00 on this day: 08:00–10:00 lies outside." in answer.content.decode()
    assert manager.post("/setup/people/", lines("Ratna", place=melati, **monday)).status_code == 302


@pytest.mark.parametrize(
    "said", [{"people-1-email": "a@b.example"}, {"people-1-role": "Leads"}, own_hours("09:00–10:00", of=1)]
)
def test_what_is_typed_beside_no_name_is_not_passed_over(
    manager: Client, melati: Location, said: dict[str, str]
) -> None:
    answer = manager.post("/setup/people/", lines("Ratna", "", place=melati, **said))
    assert (answer.status_code, "Write the name of whom this is about." in answer.content.decode()) == (422, True)
    assert not Resource.objects.exists()


def test_a_manager_of_one_place_invites_for_that_one_and_reads_why_not_for_others(client: Client) -> None:
    own, other = LocationFactory(), LocationFactory()
    client.force_login(colleague(roles.MANAGERS, own))
    said = {"people-0-role": "Front desk"}
    answer = client.post("/setup/people/", lines("Andi", place=other, **said))
    assert answer.status_code == 422
    assert not Resource.objects.exists()
    assert client.post("/setup/people/", lines("Andi", place=own, **said)).status_code == 302
    assert list(Invitation.objects.get().places.all()) == [own]


SALON = ("haircut", "colour", "facial", "nails")
LINES = (*SALON, "own-0", "own-1", "own-2")


def services(**said: Any) -> dict[str, Any]:
    """What the step sends of a salon; `said` by the name of the line and of its field, as in `haircut_use`."""
    data: dict[str, Any] = {"trade": "salon"}
    for code in LINES:
        data |= {f"{code}-minutes": 30, f"{code}-after": 0, f"{code}-name": "" if "own" in code else code.title()}
    return data | {"-".join(name.replace("own_", "own-").rsplit("_", 1)): value for name, value in said.items()}


def test_a_service_nobody_can_give_is_refused(manager: Client) -> None:
    ProviderFactory()
    answer = manager.post("/setup/services/", services(haircut_use="on", haircut_minutes=45))

    assert answer.status_code == 422
    assert "Tick who gives it: what nobody can give cannot be booked." in answer.content.decode()
    assert "Tick one service at least" in manager.post("/setup/services/", services()).content.decode()
    assert not Service.objects.exists()


def test_a_service_that_is_ticked_is_made_and_the_trade_remembered(manager: Client) -> None:
    ratna = ProviderFactory()
    sent = services(haircut_use="on", haircut_minutes=40, haircut_after=5, haircut_people=ratna.pk)

    assert manager.post("/setup/services/", sent)["Location"] == "/setup/reasons/"
    assert Service.objects.get().minutes == 40
    assert Setup.current().trade == "salon"
    assert b"Colouring" in manager.get("/setup/services/").content
    assert b"Oil change" in manager.get("/setup/services/?trade=workshop").content
    assert manager.get("/setup/services/?trade=nonsense").status_code == 200


def test_a_service_may_have_another_name_and_further_ones_are_written_below(manager: Client) -> None:
    ratna, room = ProviderFactory(), RoomFactory()
    Resource.objects.update(location=ratna.location)
    laser = EquipmentFactory(location=ratna.location)
    shown = manager.get("/setup/services/?trade=salon").context["form"]
    haircut, facial, own = shown.forms[0], shown.forms[2], shown.forms[-1]
    assert [one["rooms"].value() for one in (haircut, facial, own)] == [[], [room.pk], [room.pk]]
    said = services(haircut_use="on", haircut_name=haircut["name"].value(), haircut_people=ratna.pk)
    said |= services(colour_use="on", colour_name="Balayage", colour_people=ratna.pk, own_1_name=" Massage  deep ")
    said |= {"haircut-use": "on", "haircut-name": haircut["name"].value(), "haircut-people": ratna.pk}
    said |= {"own-1-people": ratna.pk, "own-1-rooms": room.pk, "own-1-devices": laser.pk}

    assert manager.post("/setup/services/", said).status_code == 302
    made = {one.code: one for one in Service.objects.all()}
    assert {code: one.name.data for code, one in made.items()} == {
        "haircut": {"en": "Haircut", "id": "Potong rambut"},
        "balayage": {"en": "Balayage"},
        "massage-deep": {"en": "Massage deep"},
    }
    needs = made["massage-deep"].requirements.values_list("kind", "candidates")
    assert set(needs) == {("provider", ratna.pk), ("room", room.pk), ("equipment", laser.pk)}
    left = [one["name"].value() for one in manager.get("/setup/services/").context["form"].forms]
    assert left == ["Colouring", "Facial", "Nails", "", "", ""]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"haircut_use": "on", "haircut_name": " "}, "Write what customers know it by."),
        ({"own_0_name": "Waxing", "own_1_name": "WAXING"}, "“Waxing” stands here twice, or is there already."),
        ({"own_0_name": "Perm"}, "“Perm” stands here twice, or is there already."),
        ({"own_0_name": "Waxing", "own_0_minutes": "4"}, "Ensure this value is greater than or equal to 5."),
        ({"own_0_name": "Waxing", "own_0_rooms": "elsewhere"}, "These are at another place than whoever gives it."),
    ],
)
def test_services_that_cannot_be_are_refused_and_kept(manager: Client, said: dict[str, Any], why: str) -> None:
    ratna, elsewhere = ProviderFactory(), RoomFactory()
    ServiceFactory(name={"en": "Perm"})
    sent = services(**said) | {f"{code}-people": ratna.pk for code in LINES}
    sent = {name: elsewhere.pk if value == "elsewhere" else value for name, value in sent.items()}
    answer = manager.post("/setup/services/", sent)

    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert Service.objects.count() == 1


def test_reasons_that_are_not_ticked_are_left_out(manager: Client) -> None:
    assert manager.post("/setup/reasons/", {}).status_code == 422
    assert manager.post("/setup/reasons/", {"reasons": ["no-such"]}).status_code == 422
    assert manager.post("/setup/reasons/", {"reasons": ["weather", "power-cut"]}).status_code == 302
    assert set(Reason.objects.values_list("code", flat=True)) == {"weather", "power-cut"}


def test_a_step_that_does_not_exist_cannot_be_left_out(manager: Client) -> None:
    assert manager.post("/setup/nonsense/later/").status_code == 404
    assert manager.get("/setup/business/later/").status_code == 405
    assert manager.post("/setup/business/later/")["Location"] == "/setup/places/"
    assert manager.post("/setup/bring/later/")["Location"] == "/setup/"


@pytest.mark.parametrize("broken", [{}, {"people-TOTAL_FORMS": "x"}, {"people-TOTAL_FORMS": "99999"}])
def test_nonsense_is_answered_with_a_page(manager: Client, broken: dict[str, str]) -> None:
    LocationFactory()

    assert manager.post("/setup/people/", broken).status_code == 422
    assert manager.post("/setup/services/", broken).status_code in (422, 200)
    assert manager.post("/setup/places/", {"day_0": "9" * 5000}).status_code == 422


def test_lists_cost_the_same_for_one_and_for_thirty(manager: Client, django_assert_num_queries: Any) -> None:
    place = LocationFactory()
    ProviderFactory(location=place)
    manager.get("/setup/people/")
    with CaptureQueriesContext(connection) as counted:
        manager.get("/setup/people/")
    ProviderFactory.create_batch(29, location=place)
    with django_assert_num_queries(len(counted)):
        manager.get("/setup/people/")
