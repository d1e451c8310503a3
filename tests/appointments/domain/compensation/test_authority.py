"""Up to the highest limit of their roles somebody decides alone."""

import pytest
from django.contrib.auth.models import User
from djmoney.money import Money

from appointments.domain.compensation.authority import limits_of, may_give, most_of
from tests.factories import Clinic, StaffFactory
from tests.factories.compensation import may_give as gets_a_role
from tests.factories.compensation import rupiah

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("worth", "is_free"), [(50_000, True), (50_001, False)])
def test_the_highest_of_the_roles_counts(worth: int, is_free: bool) -> None:
    user: User = StaffFactory()
    for most in (20_000, 50_000):
        gets_a_role(user, most)
    assert most_of(user) == rupiah(50_000)
    assert may_give(user, rupiah(worth)) is is_free


def test_without_a_role_nobody_gives_anything_alone() -> None:
    user = StaffFactory()
    assert most_of(user) is None
    assert not may_give(user, rupiah(1))


def test_a_limit_in_another_currency_says_nothing() -> None:
    user = StaffFactory()
    gets_a_role(user, 50_000)
    assert not may_give(user, Money(10, "EUR"))


def test_a_superuser_decides_everything() -> None:
    assert may_give(StaffFactory(is_superuser=True), rupiah(10**9))


def test_the_limits_of_a_colleague_are_in_the_currency_of_the_business(melati: Clinic) -> None:
    melati.business.currency = "EUR"
    melati.business.save()
    assert limits_of(melati.staff).currency == "EUR"
