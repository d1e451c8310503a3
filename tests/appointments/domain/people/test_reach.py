"""What of each table somebody sees who works for some places, and what of it is theirs to change."""

import pytest
from django.contrib.auth.models import Group, User

from appointments import roles
from appointments.domain.people import reach
from appointments.models import (
    Customer,
    Invitation,
    Location,
    Reason,
    Service,
    SpecialDay,
)
from notifications.models import Message
from tests.factories import CustomerFactory, LocationFactory, SpecialDayFactory
from tests.factories.people import colleague, invited
from tests.factories.two_places import TwoPlaces, two_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(db: None) -> TwoPlaces:
    return two_places()


def test_a_table_that_nobody_has_thought_of_is_shown_to_nobody_of_one_place(both: TwoPlaces) -> None:
    with pytest.raises(LookupError, match=r"auth\.Group: nobody has said at which place it is"):
        reach.of(Group.objects.all(), both.budi)
    assert reach.of(Group.objects.all(), both.cut).exists()


def test_customers_are_those_who_come_there_and_those_who_come_nowhere_yet(both: TwoPlaces) -> None:
    new = CustomerFactory()
    assert set(reach.of(Customer.objects.all(), both.budi)) == {both.here.customer, new}
    both.there.booked("2026-11-30 10:00", customer=both.here.customer)
    assert both.here.customer in reach.of(Customer.objects.all(), both.budi)


def test_colleagues_are_those_of_the_place_and_of_all_places(both: TwoPlaces) -> None:
    beside, elsewhere = (colleague(roles.LEADS, one.location) for one in (both.here, both.there))
    seen = set(reach.of(User.objects.all(), both.budi))
    assert {both.budi, both.cut, both.here.staff, beside} <= seen
    assert elsewhere not in seen
    assert reach.of(User.objects.filter(pk=beside.pk), both.budi).count() == 1


def test_messages_are_about_what_they_see(both: TwoPlaces) -> None:
    here, __ = invited(both.cut, places=[both.here.location])
    there, __ = invited(both.cut, email="tono@melati.example", places=[both.there.location], nonce="other")
    seen = set(reach.of(Message.objects.all(), both.budi).values_list("about", flat=True))
    assert f"invitation:{here.pk}" in seen
    assert f"invitation:{there.pk}" not in seen
    assert set(reach.of(Invitation.objects.all(), both.budi)) == {here}
    theirs = {one.about for one in both.here.location.appointments.all()}
    others = {one.about for one in both.there.location.appointments.all()}
    assert (theirs & seen, others & seen) == (theirs, set())


def test_what_is_for_all_places_is_seen_by_everybody_and_changed_by_few(both: TwoPlaces) -> None:
    everywhere, own = SpecialDayFactory(), SpecialDay.objects.get(location=both.here.location)
    assert set(reach.of(SpecialDay.objects.all(), both.budi)) == {everywhere, own}
    assert [reach.may_change(one, both.budi) for one in (everywhere, own, both.here.reason)] == [False, True, False]
    assert [reach.may_change(one, both.cut) for one in (everywhere, own, both.here.reason)] == [True] * 3
    assert set(reach.of(Reason.objects.all(), both.budi)) == set(Reason.objects.all())


def test_what_can_be_added_is_what_would_be_theirs(both: TwoPlaces) -> None:
    wanted = (SpecialDay, Location, Service)
    assert [reach.may_add(one, both.budi) for one in wanted] == [True, False, False]
    assert [reach.may_add(one, both.cut) for one in wanted] == [True] * 3


def test_why_not_names_the_places_and_whom_to_ask(both: TwoPlaces) -> None:
    assert reach.not_yours(both.cut) == ""
    assert reach.named(both.cut) == ""
    two = colleague(roles.MANAGERS, both.here.location, LocationFactory(name="Melati Bogor", position=9))
    assert reach.not_yours(two) == (
        "This is for the whole business, and you work for Melati Jakarta and Melati Bogor. "
        "Ask a manager of all places: Cut Meutia."
    )
    User.objects.filter(pk=both.cut.pk).update(is_active=False)
    assert reach.not_yours(two).endswith("It is for managers of all places.")
