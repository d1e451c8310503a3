"""The settings for a manager of one place: that place is theirs, another one is not there, and what is for the whole
business is for whoever works for all places; the page says who that is.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments import roles
from appointments.models import Appointment, AuditEntry, Closure, Invitation, Location, Resource
from tests.appointments.domain.imports.page.runs import uploaded
from tests.clock import NOW
from tests.factories import ClosureFactory
from tests.factories.people import colleague
from tests.factories.two_places import ELSEWHERE, TwoPlaces, two_places

pytestmark = pytest.mark.django_db

WHY = "This is for the whole business, and you work for Melati Jakarta. Ask a manager of all places: Cut Meutia."
FOR_ALL = (
    "settings-business",
    "settings-new-place",
    "settings-new-service",
    "settings-new-reason",
    "settings-messages",
    "settings-mail",
    "settings-keeping",
    "settings-held",
    "setup-business",
    "setup-places",
    "setup-services",
    "setup-reasons",
    "audit",
)


@pytest.fixture
def both(db: None) -> TwoPlaces:
    return two_places()


@pytest.fixture
def budi(both: TwoPlaces, client: Client) -> Iterator[Client]:
    with time_machine.travel(NOW, tick=False):
        client.force_login(both.budi)
        yield client


def test_the_settings_show_what_is_theirs_and_say_who_changes_the_rest(both: TwoPlaces, budi: Client) -> None:
    said = budi.get(reverse("settings")).content.decode()
    assert WHY in said
    assert "Melati Jakarta" in said
    assert ELSEWHERE not in said
    assert [name for name in FOR_ALL if f'href="{reverse(name)}"' in said] == []
    budi.force_login(both.cut)
    said = budi.get(reverse("settings")).content.decode()
    assert WHY not in said
    assert ELSEWHERE in said


@pytest.mark.parametrize("name", FOR_ALL)
def test_what_is_for_the_whole_business_is_refused_with_the_reason(both: TwoPlaces, budi: Client, name: str) -> None:
    before = AuditEntry.objects.count()
    read, write = budi.get(reverse(name)), budi.post(reverse(name), {"name": "x"})
    assert read.status_code == 403
    assert WHY in read.content.decode()
    assert write.status_code in (403, 405)
    assert AuditEntry.objects.count() == before
    budi.force_login(both.cut)
    assert budi.get(reverse(name)).status_code == 200


def test_services_reasons_wordings_and_the_file_of_the_audit_are_refused_too(both: TwoPlaces, budi: Client) -> None:
    addresses = [
        reverse("settings-service", args=[both.here.service.pk]),
        reverse("settings-reason", args=[both.here.reason.pk]),
        reverse("settings-message", args=["offer"]),
        reverse("audit-file", args=["csv"]),
    ]
    assert [budi.get(one).status_code for one in addresses] == [403] * 4
    assert budi.post(reverse("settings-message-back", args=["offer", "en"]), {"version": "0"}).status_code == 403


def test_another_place_and_who_works_there_do_not_exist(both: TwoPlaces, budi: Client) -> None:
    place, person = both.there.location, both.there.provider
    closure = ClosureFactory(location=place)
    addresses = [
        reverse("settings-place", args=[place.pk]),
        reverse("settings-person", args=[person.pk]),
        reverse("settings-closures", args=[place.pk]),
        reverse("settings-holidays", args=[place.pk, 2026]),
    ]
    for one in addresses:
        assert [budi.get(one).status_code, budi.post(one, {"name": "x"}).status_code] == [404, 404], one
    assert budi.post(reverse("settings-open-again", args=[place.pk, closure.pk])).status_code == 404
    assert Closure.objects.filter(pk=closure.pk).exists()
    assert Location.objects.get(pk=place.pk).name == place.name


def test_somebody_new_is_at_one_of_their_places(both: TwoPlaces, budi: Client) -> None:
    address = reverse("settings-new-person")
    assert ELSEWHERE not in budi.get(address).content.decode()
    wanted = {"name": "Dr. Nina", "kind": "provider", "same_hours": "on"}
    assert budi.post(address, wanted | {"location": both.there.location.pk}).status_code == 422
    assert budi.post(address, wanted | {"location": both.here.location.pk}).status_code == 302
    assert Resource.objects.get(name="Dr. Nina").location == both.here.location


def test_their_own_place_is_changed_there(both: TwoPlaces, budi: Client) -> None:
    assert budi.get(reverse("settings-place", args=[both.here.location.pk])).status_code == 200
    assert budi.get(reverse("settings-person", args=[both.here.provider.pk])).status_code == 200


def test_a_customer_of_two_places_is_handed_over_by_whoever_works_for_both(both: TwoPlaces, budi: Client) -> None:
    """A part of what we keep would be no answer, and all of it is not for whoever works at one of them."""
    Appointment.objects.filter(customer=both.there.customer).update(customer=both.here.customer)
    page, file = (reverse(name, args=[both.here.customer.pk]) for name in ("kept-of-customer", "file-of-customer"))
    said = budi.get(page).content.decode()
    assert "comes to other places than yours, too. Ask a manager of all places: Cut Meutia." in said
    assert ELSEWHERE not in said
    refused = budi.post(file)
    assert refused.status_code == 403
    assert "Cut Meutia" in refused.content.decode()
    assert not AuditEntry.objects.exists()
    budi.force_login(both.cut)
    assert budi.post(file).status_code == 200


def test_an_invitation_without_an_address_shows_its_link_at_once(both: TwoPlaces, budi: Client) -> None:
    wanted = {"name": "Dewi", "role": roles.FRONT_DESK, "places": [both.here.location.pk], "nonce": "n", "email": ""}
    answer = budi.post(reverse("invite"), wanted)
    link = answer.context["link"]
    assert answer.status_code == 200
    assert f'value="{link}"' in answer.content.decode()
    assert Invitation.objects.count() == 1
    joined = Client().get("/j/" + link.rstrip("/").rpartition("/")[2] + "/").content.decode()
    assert "You work for: Melati Jakarta" in " ".join(joined.split())


def test_files_that_others_brought_in_may_be_of_any_place(both: TwoPlaces, budi: Client) -> None:
    whose = {
        one: uploaded(replace(both.here, manager=one), f"Name,Start\n{one},soon\n") for one in (both.budi, both.cut)
    }
    own, other = whose[both.budi], whose[both.cut]
    assert [one.pk for one in budi.get(reverse("imports")).context["runs"]] == [own.pk]
    for name in ("import", "undo-import", "throw-import-away"):
        assert budi.post(reverse(name, args=[other.pk])).status_code == 404
    assert budi.get(reverse("import", args=[own.pk])).status_code == 200
    budi.force_login(both.cut)
    assert {one.pk for one in budi.get(reverse("imports")).context["runs"]} == {own.pk, other.pk}


def test_an_invitation_by_mail_says_that_it_is_on_its_way(both: TwoPlaces, budi: Client) -> None:
    wanted = {"name": "Dewi", "role": roles.FRONT_DESK, "places": [both.here.location.pk], "nonce": "n"}
    answer = budi.post(reverse("invite"), wanted | {"email": "dewi@melati.example"}, follow=True)
    assert "The invitation is on its way to dewi@melati.example." in answer.content.decode()


def test_a_colleague_of_other_places_is_left_alone_with_the_reason(both: TwoPlaces, budi: Client) -> None:
    someone = colleague(roles.FRONT_DESK, both.here.location, both.there.location)
    said = budi.get(reverse("colleague", args=[someone.pk])).content.decode()
    assert "works for places that are not yours" in said
