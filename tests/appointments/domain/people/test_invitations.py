"""Asking somebody to work here, and their coming."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from appointments import roles
from appointments.domain.colleagues import places_of
from appointments.domain.links import DeadLink, fingerprint
from appointments.domain.messages.kinds import why_stale
from appointments.domain.people import invitations, ranks
from appointments.errors import DomainError
from appointments.models import AuditEntry, Colleague, Invitation
from notifications.models import Message
from tests.clock import NOW, days, hours
from tests.factories import Clinic, LocationFactory
from tests.factories.people import colleague, invited

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-river-stone"


def accept(token: str, *, username: str = "dewi", now: datetime = NOW) -> User:
    return invitations.accept(token, username=username, name="Dewi Lestari", password=PASSWORD, now=now)


def test_the_letter_brings_a_link_of_which_only_the_fingerprint_stays(budi: User) -> None:
    made = invitations.invite(
        "Dewi Lestari", email="dewi@melati.example", role=roles.LEADS, places=[], nonce="f", by=budi, now=NOW
    )
    letter = Message.objects.get(kind="invitation")
    assert (letter.email, letter.to_name, letter.state) == ("dewi@melati.example", "Dewi Lestari", "queued")
    assert invitations.read(letter.secrets["join"], now=NOW) == made
    assert made.token_hash == fingerprint(letter.secrets["join"])
    assert letter.secrets["join"] not in letter.text + letter.html
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.name, entry.after["role"]) == ("invited", "Dewi Lestari", "Leads")


def test_without_an_address_nothing_is_sent_and_a_link_is_handed_over(budi: User) -> None:
    made, token = invited(budi, email="")
    assert not Message.objects.exists()
    assert invitations.read(token, now=NOW) == made
    with pytest.raises(DomainError, match="no e-mail address"):
        invitations.send_again(made, by=budi, now=NOW)


def test_whoever_comes_has_the_role_the_places_and_the_password(melati: Clinic, budi: User) -> None:
    made, token = invited(budi, role=roles.LEADS, places=[melati.location])
    user = User.objects.get(pk=accept(token).pk)
    assert (user.get_full_name(), user.email, ranks.role_of(user)) == ("Dewi Lestari", made.email, roles.LEADS)
    assert places_of(user) == frozenset({melati.location.pk})
    assert user.check_password(PASSWORD)
    made.refresh_from_db()
    assert (made.user, made.used_at) == (user, NOW)
    assert AuditEntry.objects.get(action="joined").actor == user
    assert PASSWORD not in str(list(AuditEntry.objects.values_list()))


def test_a_link_opens_once(budi: User) -> None:
    _made, token = invited(budi)
    accept(token)
    with pytest.raises(DeadLink):
        accept(token, username="other")
    with pytest.raises(DeadLink):
        invitations.read(token, now=NOW)
    assert not User.objects.filter(username="other").exists()


def test_a_link_is_open_for_seven_days_and_not_longer(budi: User) -> None:
    made, token = invited(budi)
    assert made.expires_at - NOW == days(7)
    assert invitations.read(token, now=NOW + days(7) - hours(1)) == made
    for late in (NOW + days(7), NOW + days(8)):
        with pytest.raises(DeadLink):
            invitations.read(token, now=late)
        with pytest.raises(DeadLink):
            accept(token, now=late)


def test_a_new_letter_makes_the_link_before_dead_and_is_open_as_long(budi: User) -> None:
    made, old = invited(budi)
    later = NOW + days(9)
    invitations.send_again(made, by=budi, now=later)
    new = Message.objects.filter(state="queued").get().secrets["join"]
    for _how in range(2):
        with pytest.raises(DeadLink):
            invitations.read(old, now=NOW)
    assert invitations.read(new, now=later + days(6)) == made


def test_a_letter_whose_link_was_replaced_does_not_leave(budi: User) -> None:
    made = invitations.invite("Dewi", email="d@x.example", role=roles.LEADS, places=[], nonce="f", by=budi, now=NOW)
    letter = Message.objects.get()
    assert why_stale("invitation", letter.true_if, now=NOW) is None
    assert why_stale("invitation", letter.true_if, now=NOW + days(7)) is not None
    invitations.new_link(made, by=budi, now=NOW)
    letter.refresh_from_db()
    assert letter.state == "cancelled"
    assert why_stale("invitation", letter.true_if, now=NOW) is not None


def test_what_is_taken_back_opens_nothing_and_stays_so(budi: User) -> None:
    made, token = invited(budi)
    invitations.take_back(made, by=budi, now=NOW)
    with pytest.raises(DeadLink):
        accept(token)
    for act in (invitations.take_back, invitations.new_link, invitations.send_again):
        with pytest.raises(DomainError, match="taken up or taken back already"):
            act(made, by=budi, now=NOW)


def test_who_has_come_cannot_be_taken_back(budi: User) -> None:
    made, token = invited(budi)
    accept(token)
    with pytest.raises(DomainError, match="taken up or taken back already"):
        invitations.take_back(made, by=budi, now=NOW)


def test_the_same_form_twice_invites_once(budi: User) -> None:
    for _time in range(2):
        invitations.invite("Dewi", email="d@x.example", role=roles.LEADS, places=[], nonce="f", by=budi, now=NOW)
    assert (Invitation.objects.count(), Message.objects.count()) == (1, 1)


def test_an_address_is_invited_once_and_not_if_it_works_here(budi: User, sari: User) -> None:
    invited(budi, email="dewi@melati.example")
    with pytest.raises(DomainError, match="invited already"):
        invited(budi, email="DEWI@melati.example", nonce="another")
    with pytest.raises(DomainError, match="works here already"):
        invited(budi, email=sari.email.upper(), nonce="third")


def test_nobody_invites_to_a_role_or_a_place_above_their_own(melati: Clinic, budi: User) -> None:
    here = colleague(roles.MANAGERS, melati.location)
    for places in ([], [LocationFactory()]):
        with pytest.raises(DomainError, match="places that you work for"):
            invited(here, places=places)
    with pytest.raises(DomainError, match="may do more than yours"):
        invited(colleague(roles.LEADS), role=roles.MANAGERS)
    assert not Invitation.objects.exists()


def test_a_user_name_that_is_taken_leaves_the_link_open(budi: User, sari: User) -> None:
    made, token = invited(budi)
    with pytest.raises(DomainError, match="with this name already"):
        accept(token, username="sari")
    assert invitations.read(token, now=NOW) == made
    assert Colleague.objects.filter(user__username="dewi").count() == 0
    assert not User.objects.get(username="sari").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("invitation_used_iff_somebody_came", {"used_at": NOW}),
        ("invitation_used_or_taken_back", {"used_at": NOW, "revoked_at": NOW, "user": True}),
    ],
)
def test_the_database_refuses_half_a_coming(budi: User, sari: User, constraint: str, fields: dict[str, object]) -> None:
    made, _token = invited(budi)
    values = {**fields, **({"user": sari} if "user" in fields else {})}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.filter(pk=made.pk).update(**values)


def test_the_database_refuses_a_second_standing_invitation_of_an_address(budi: User) -> None:
    made, _token = invited(budi)
    other, _token = invited(budi, email="other@melati.example", nonce="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=other.pk).update(email=made.email)
