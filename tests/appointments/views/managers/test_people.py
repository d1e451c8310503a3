"""The page of the people, and what can be done there."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from appointments import roles
from appointments.domain.people import ranks
from appointments.enums import PromiseKind
from appointments.models import AuditEntry, Invitation
from notifications.models import Message
from tests.clock import NOW, days
from tests.factories import Clinic, LocationFactory, PromiseFactory
from tests.factories.people import colleague, invited

pytestmark = pytest.mark.django_db
FORM = {"name": "Dewi Lestari", "email": "dewi@melati.example", "role": roles.LEADS, "nonce": "form"}


def test_everybody_stands_there_with_role_and_places(office: Client, melati: Clinic, budi: User) -> None:
    colleague(roles.FRONT_DESK, melati.location, first_name="Ani", last_name="Putri")
    User.objects.filter(pk=budi.pk).update(last_login=NOW)
    page = office.get(reverse("people")).content.decode()
    row = re.sub(r"<[^>]+>|\s+", " ", page.partition("Ani Putri")[2].partition("</tr>")[0])
    assert row.split()[1:] == ["front", "desk", "Melati", "Jakarta", "never"]
    assert "Mon 23 Nov, 09:00 WIB" in page
    assert "all places" in page


@pytest.mark.parametrize("count", [1, 30])
def test_a_long_list_asks_no_more_than_a_short_one(
    office: Client, melati: Clinic, budi: User, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        colleague(roles.FRONT_DESK, melati.location)
        invited(budi, email=f"d{number}@melati.example", nonce=f"form-{number}", places=[melati.location])
    with django_assert_max_num_queries(18):
        assert office.get(reverse("people")).status_code == 200


def test_inviting_sends_a_letter_and_the_same_form_again_nothing(office: Client) -> None:
    for _time in range(2):
        answer = office.post(reverse("invite"), FORM)
        made = Invitation.objects.get()
        assert answer.headers["Location"] == reverse("invitation", args=[made.pk])
    assert Message.objects.filter(kind="invitation").count() == 1
    assert "open until" in office.get(reverse("invitation", args=[made.pk])).content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(office: Client) -> None:
    answer = office.post(reverse("invite"), {**FORM, "email": "dewi@", "role": "Kings"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Dewi Lestari"' in page
    assert 'value="dewi@"' in page
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "nasty", ["a\x00b", "\ud800x", "<script>alert(1)</script>", "=1+1", "x" * 200_000, "\u202eevil"]
)
def test_hostile_words_are_refused_or_shown_as_text(office: Client, nasty: str) -> None:
    data = {**FORM, "name": nasty.encode(errors="surrogatepass").decode(errors="replace")}
    answer = office.post(reverse("invite"), data)
    assert answer.status_code in (302, 422)
    assert b"<script>alert" not in office.get(reverse("people")).content


def test_a_link_to_copy_is_shown_once_and_opens(office: Client, budi: User) -> None:
    made, old = invited(budi)
    page = office.post(reverse("invitation-link", args=[made.pk]))
    token = re.search(r"/j/([\w-]{43})/", page.content.decode())
    assert token is not None
    assert page.headers["Cache-Control"].count("no-store")
    assert "/j/" not in office.get(reverse("invitation", args=[made.pk])).content.decode()
    assert Client().get(f"/j/{token[1]}/").status_code == 200
    assert Client().get(f"/j/{old}/").status_code == 404


def test_sending_again_and_taking_back(office: Client, budi: User) -> None:
    made, _token = invited(budi)
    office.post(reverse("invite-again", args=[made.pk]))
    assert Message.objects.filter(kind="invitation", state="queued").count() == 1
    office.post(reverse("take-back-invitation", args=[made.pk]))
    made.refresh_from_db()
    assert made.revoked_at == NOW
    again = office.post(reverse("invite-again", args=[made.pk]), follow=True)
    assert "taken up or taken back already" in again.content.decode()


def test_role_and_places_are_changed_and_what_is_refused_is_said(office: Client, melati: Clinic, budi: User) -> None:
    ani = colleague(roles.FRONT_DESK)
    page = reverse("colleague", args=[ani.pk])
    answer = office.post(page, {"role": roles.LEADS, "places": [melati.location.pk]})
    assert answer.headers["Location"] == reverse("people")
    assert ranks.role_of(User.objects.get(pk=ani.pk)) == roles.LEADS
    own = office.post(reverse("colleague", args=[budi.pk]), {"role": roles.LEADS})
    assert (own.status_code, "is the last manager" in own.content.decode()) == (422, True)


def test_retiring_hands_over_and_bringing_back(office: Client, melati: Clinic) -> None:
    ani = colleague(roles.FRONT_DESK, first_name="Ani", last_name="Putri")
    owed = PromiseFactory(kind=PromiseKind.CALL, owner=ani)
    page = reverse("retire", args=[ani.pk])
    assert "1 open promise" in office.get(page).content.decode()
    assert office.post(page).status_code == 422
    ani.refresh_from_db()
    assert ani.is_active
    assert office.post(page, {"to": melati.staff.pk}).status_code == 302
    owed.refresh_from_db()
    ani.refresh_from_db()
    assert (owed.owner, ani.is_active) == (melati.staff, False)
    assert "Bring Ani Putri back" in office.get(reverse("people")).content.decode()
    office.post(reverse("bring-back", args=[ani.pk]))
    ani.refresh_from_db()
    assert ani.is_active


def test_who_has_one_place_sees_its_people_only(client: Client, melati: Clinic) -> None:
    other = LocationFactory()
    client.force_login(colleague(roles.MANAGERS, melati.location))
    here, there = colleague(roles.FRONT_DESK, melati.location), colleague(roles.FRONT_DESK, other)
    made, _token = invited(melati.manager, places=[other])
    assert client.get(reverse("colleague", args=[here.pk])).status_code == 200
    for name in ("colleague", "retire", "bring-back"):
        for method in (client.get, client.post):
            assert method(reverse(name, args=[there.pk])).status_code in (404, 405)
    assert client.get(reverse("invitation", args=[made.pk])).status_code == 404
    assert client.post(reverse("invitation-link", args=[made.pk])).status_code == 404
    assert not AuditEntry.objects.filter(action="new_link", actor__groups__name=roles.MANAGERS).exists()


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.LEADS, roles.AUDITORS])
def test_for_other_roles_none_of_it_exists(client: Client, melati: Clinic, role: str) -> None:
    user = colleague(role)
    client.force_login(user)
    for name in ("people", "invite"):
        assert client.get(reverse(name)).status_code == 404
    # Auditors find the way to who changed what there.
    assert client.get(reverse("settings")).status_code == (200 if role == roles.AUDITORS else 404)
    assert client.post(reverse("colleague", args=[user.pk]), {"role": roles.MANAGERS}).status_code == 404
    assert ranks.role_of(User.objects.get(pk=user.pk)) == role


def test_nothing_is_done_by_opening_an_address(office: Client, budi: User) -> None:
    made, _token = invited(budi)
    for name in ("invite-again", "invitation-link", "take-back-invitation"):
        assert office.get(reverse(name, args=[made.pk])).status_code == 405
    assert made.expires_at == NOW + days(7)


def test_another_site_cannot_do_it(budi: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(budi)
    assert strict.post(reverse("invite"), FORM).status_code == 403
    assert not Invitation.objects.exists()
