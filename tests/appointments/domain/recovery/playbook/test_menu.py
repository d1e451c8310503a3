"""What a customer can really be offered: read from the service, its places and people, the cause and the hour."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.recovery.playbook.menu import Choice, choices
from appointments.enums import AppointmentState, Family, Fault, ServiceKind, UsedBy, Way
from appointments.models import Appointment, Location, Reason
from appointments.roles import LEADS
from tests.clock import NOW, at, hours, minutes
from tests.factories import Clinic, LocationFactory, ProviderFactory, ReasonFactory, RoomFactory, UserFactory

WISH = {"family": Family.CUSTOMER, "fault": Fault.CUSTOMER}


def menu(
    melati: Clinic,
    appointment: Appointment,
    *,
    reason: Reason | None = None,
    reader: User | None = None,
    now: datetime = NOW,
) -> dict[Way, Choice]:
    found = choices(appointment, reason=reason, reader=reader or melati.staff, now=now)
    assert [one.way for one in found] == list(Way)
    return {one.way: one for one in found}


def change(melati: Clinic, **fields: Any) -> Appointment:
    """An appointment for the service with other facts."""
    type(melati.service).objects.update(**fields)
    melati.service.refresh_from_db()
    return melati.booked(at("2026-11-25 10:00"))


def able_place(melati: Clinic, name: str, *, room: bool = True, **fields: Any) -> Location:
    """Another place with a provider for the service and perhaps a room."""
    place: Location = LocationFactory(name=name, **fields)
    people, rooms = melati.service.requirements.order_by("pk")
    people.candidates.add(ProviderFactory(location=place))
    if room:
        rooms.candidates.add(RoomFactory(location=place))
    return place


def test_another_person_is_one_who_can_do_it_here(melati: Clinic) -> None:
    appointment = melati.booked()
    ProviderFactory(location=melati.location, name="Dr. Cannot")

    assert "Who can do it here: Dr. Budi." in menu(melati, appointment)[Way.PERSON].limit

    melati.colleague.is_active = False
    melati.colleague.save()
    assert menu(melati, appointment)[Way.PERSON].why_not == "Nobody else does this here."


@pytest.mark.parametrize(("more", "said"), [(2, "Dr. Budi, Dr. 0, Dr. 1."), (3, "Dr. Budi, Dr. 0, Dr. 1 and 1 more.")])
def test_of_many_three_are_named(melati: Clinic, more: int, said: str) -> None:
    people = melati.service.requirements.order_by("pk").first()
    assert people is not None
    for number in range(more):
        people.candidates.add(ProviderFactory(location=melati.location, name=f"Dr. {number}", position=5 + number))

    assert said in menu(melati, melati.booked())[Way.PERSON].limit


def test_another_place_has_somebody_and_something_for_each_requirement(melati: Clinic) -> None:
    appointment = melati.booked()
    assert menu(melati, appointment)[Way.PLACE].why_not == "No other place of ours does this."

    able_place(melati, "Half", room=False)
    able_place(melati, "Closed", is_active=False)
    assert not menu(melati, appointment)[Way.PLACE].is_possible

    able_place(melati, "Bogor")
    assert "Possible at: Bogor." in menu(melati, appointment)[Way.PLACE].limit


def test_where_we_come_to_the_customer_there_is_no_other_place_or_home(melati: Clinic) -> None:
    able_place(melati, "Bogor")
    found = menu(melati, change(melati, kind=ServiceKind.ONSITE, at_home=True))

    assert found[Way.PLACE].why_not == "We come to the customer."
    assert found[Way.HOME].why_not == "We come to the customer already."


@pytest.mark.parametrize(("way", "field"), [(Way.PHONE, "by_phone"), (Way.HOME, "at_home")])
def test_what_the_service_allows_is_possible(melati: Clinic, way: Way, field: str) -> None:
    assert not menu(melati, change(melati))[way].is_possible
    type(melati.service).objects.update(**{field: True})
    assert menu(melati, Appointment.objects.get())[way].is_possible


@pytest.mark.parametrize(
    ("fault", "why_not"),
    [(Fault.OURS, ""), (Fault.NOBODY, "By the reason it was not our doing."), (None, "Choose the reason first.")],
)
def test_money_goes_back_only_where_it_was_our_doing(melati: Clinic, fault: Fault | None, why_not: str) -> None:
    reason = ReasonFactory(fault=fault) if fault else None

    assert menu(melati, melati.booked(), reason=reason)[Way.REFUND].why_not == why_not


def test_what_we_move_can_be_cancelled_free_until_it_begins(melati: Clinic) -> None:
    appointment = melati.booked()
    before, then = (appointment.starts_at - minutes(1), appointment.starts_at)

    assert menu(melati, appointment, reason=melati.reason, now=before)[Way.CANCEL].is_possible
    assert menu(melati, appointment, reason=melati.reason, now=then)[Way.CANCEL].why_not == "The appointment is over."


@pytest.mark.parametrize(("left", "possible"), [(hours(24), True), (hours(24) - minutes(1), False)])
def test_a_wish_of_the_customer_keeps_the_notice(melati: Clinic, left: Any, possible: bool) -> None:
    appointment = melati.booked(at("2026-11-25 10:00"))
    wish = ReasonFactory(**WISH)

    found = menu(melati, appointment, reason=wish, now=appointment.starts_at - left)[Way.CANCEL]
    assert (found.is_possible, "24 hours" in (found.limit or found.why_not)) == (possible, True)


def test_what_is_over_is_not_moved_any_more_but_money_may_go_back(melati: Clinic) -> None:
    appointment = melati.booked(state=AppointmentState.COMPLETED)

    found = menu(melati, appointment, reason=melati.reason)
    assert {way for way, one in found.items() if one.is_possible} == {Way.REFUND}
    assert found[Way.WAIT].why_not == "The appointment is over."


def test_each_way_says_whose_yes_it_needs(melati: Clinic) -> None:
    lead: User = UserFactory()
    lead.groups.add(Group.objects.get(name=LEADS))
    appointment = melati.booked()

    assert {way: one.used_by for way, one in menu(melati, appointment).items() if one.used_by != UsedBy.DESK} == {
        Way.HOME: UsedBy.LEADS,
        Way.REFUND: UsedBy.MANAGERS,
    }
    may = {
        reader: {way for way, one in menu(melati, appointment, reader=reader).items() if not one.may_use}
        for reader in (melati.staff, lead, melati.manager)
    }
    assert list(may.values()) == [{Way.HOME, Way.REFUND}, {Way.REFUND}, set()]


def test_many_places_and_people_take_as_many_questions_as_one(melati: Clinic) -> None:
    appointment = melati.booked()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            menu(melati, appointment, reason=melati.reason)
        return len(queries)

    asked()
    few = asked()
    for number in range(29):
        able_place(melati, f"Place {number}")
    assert asked() == few <= 5
