"""What somebody has, and who has to have something."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from appointments import roles
from appointments.domain.second_step import showing, standing
from tests.clock import NOW
from tests.factories import UserFactory
from tests.factories.people import colleague
from tests.factories.second_steps import with_app, with_passkey

pytestmark = pytest.mark.django_db


def test_nothing_at_first(budi: User) -> None:
    stands = standing.of(budi)
    assert (stands.app, stands.passkeys, stands.ways, stands.codes_left, stands.is_set_up) == (None, (), 0, 0, False)
    assert not standing.is_set_up(budi)


def test_an_app_and_a_passkey_are_two_ways_and_codes_are_none(budi: User) -> None:
    _phone, codes = with_app(budi)
    with_passkey(budi)
    showing.accept(budi, showing.RECOVERY, codes[0], state=None, now=NOW)
    stands = standing.of(budi)
    assert (stands.ways, stands.codes_left, stands.codes_made, stands.is_set_up) == (2, 9, 10, True)
    assert [one.name for one in stands.passkeys] == ["Budi's phone"]
    assert standing.is_set_up(User.objects.get(pk=budi.pk))


def test_who_has_to_have_one(melati: Any, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    must = {role: standing.is_required_of(colleague(role)) for role in roles.LABELS}
    assert must == {roles.FRONT_DESK: False, roles.LEADS: False, roles.MANAGERS: True, roles.AUDITORS: True}
    assert standing.is_required_of(UserFactory(is_superuser=True))
    settings.SECOND_STEP_REQUIRED = False
    assert not standing.is_required_of(colleague(roles.MANAGERS))


def test_of_whoever_is_signed_in_it_costs_no_question(
    budi: User, settings: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.SECOND_STEP_REQUIRED = True
    with_passkey(budi)
    found = standing.known(User.objects.all()).get(pk=budi.pk)
    with django_assert_num_queries(0):
        assert (standing.is_set_up(found), standing.is_required_of(found)) == (True, True)
