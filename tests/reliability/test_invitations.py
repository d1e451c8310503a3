"""Links that bring somebody in: guessed, raced for by two browsers; and managers who take each other's role away."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from appointments import roles
from appointments.domain.links import DeadLink
from appointments.domain.people import invitations, ranks, retiring
from appointments.errors import DomainError
from appointments.models import AuditEntry, Invitation
from appointments.views.dead_links import MISSES
from reschedule.logs import without_keys
from tests.clock import NOW
from tests.factories import clinic
from tests.factories.people import colleague, invited
from tests.reliability.letters import everything
from tests.reliability.site import all_at_once
from tests.reliability.test_guessed_links import guesses


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them came to: its result, or the refusal."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except (DomainError, DeadLink) as error:
            return error
        finally:
            connection.close()

    return all_at_once(run, acts)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_browsers_with_one_link_one_gets_in() -> None:
    clinic()
    made, token = invited(colleague(roles.MANAGERS))

    def come(number: int) -> Callable[[], User]:
        return lambda: invitations.accept(token, username=f"dewi{number}", name="Dewi", password="a-b-c", now=NOW)

    results = at_once(*(come(number) for number in range(6)))
    assert [type(one) for one in results].count(DeadLink) == 5
    came = User.objects.get(username__startswith="dewi")
    made.refresh_from_db()
    assert (made.user, AuditEntry.objects.filter(action="joined").count()) == (came, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_invite_one_address_invite_it_once() -> None:
    clinic()
    by = colleague(roles.MANAGERS)
    said: dict[str, Any] = {"email": "d@x.example", "role": roles.LEADS, "places": [], "by": by, "now": NOW}
    results = at_once(*(lambda n=n: invitations.invite("Dewi", nonce=f"f{n}", **said) for n in range(4)))
    assert [type(one) for one in results].count(DomainError) == 3
    assert Invitation.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_managers_who_take_each_others_role_away_leave_one() -> None:
    clinic()
    one, other = colleague(roles.MANAGERS), colleague(roles.MANAGERS)
    results = at_once(
        lambda: ranks.give(one, role=roles.LEADS, places=[], by=other, now=NOW),
        lambda: retiring.retire(other, to=None, by=one, now=NOW),
    )
    assert [isinstance(result, DomainError) for result in results].count(True) == 1
    assert User.objects.filter(groups__name=roles.MANAGERS, is_active=True).count() == 1


@pytest.mark.django_db
def test_guesses_open_nothing_and_are_slowed_down(client: Client) -> None:
    clinic()
    _made, token = invited(colleague(roles.MANAGERS))
    before = everything()
    statuses = [client.get(f"/j/{guess}/").status_code for guess in guesses(200, near=token)]
    assert set(statuses) == {404, 429}
    assert statuses.count(404) >= MISSES
    assert everything() == before
    assert client.get(reverse("join", args=[token])).status_code == 200


def test_no_log_keeps_the_link() -> None:
    token = "x" * 43
    for line in (f"GET /j/{token}/", f"/accounts/sign-in/?next=%2Fj%2F{token}%2F"):
        assert token not in without_keys(line)
        assert re.search("j(/|%2F)•••", without_keys(line))
