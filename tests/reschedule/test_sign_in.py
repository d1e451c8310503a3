"""Wrong passwords: how many are too many, from where, for whom, and what is said then."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.clock import NOW
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]  # races are in tests.reliability, on both
PASSWORD = "sunny-garden-gate"
STRANGER, OFFICE, HOME = "203.0.113.7", "198.51.100.20", "198.51.100.99"
A_SECOND = timedelta(seconds=1)

# As docs/operations.md tells the operator.
WRONG_FOR_NAME, WRONG_FROM_ADDRESS = 8, 40
PAUSE, KNOWN_FOR = timedelta(minutes=15), timedelta(days=90)


@pytest.fixture(autouse=True)
def _sari() -> None:
    UserFactory(username="sari")


def sign_in(name: str = "sari", password: str = PASSWORD, *, source: str = STRANGER, **more: Any) -> Any:
    """One try in a browser of its own."""
    form = {"username": name, "password": password, **more}
    return Client(REMOTE_ADDR=source).post(reverse("sign-in"), form)


def guess(count: int, name: str = "sari", *, source: str = STRANGER) -> list[int]:
    return [sign_in(name, f"guess {number}", source=source).status_code for number in range(count)]


def guess_at_many(count: int, *, source: str = STRANGER) -> list[int]:
    return [sign_in(f"name{number}", "guess", source=source).status_code for number in range(count)]


def test_the_last_wrong_password_for_one_name_pauses_it_from_there() -> None:
    assert guess(WRONG_FOR_NAME) == [200] * (WRONG_FOR_NAME - 1) + [429]
    assert sign_in().status_code == 429


def test_a_name_of_a_megabyte_is_a_wrong_guess_like_any_other() -> None:
    assert guess(WRONG_FOR_NAME, "x" * 1_000_000) == [200] * (WRONG_FOR_NAME - 1) + [429]
    assert sign_in().status_code == 302


def test_one_before_the_last_a_right_password_still_opens() -> None:
    guess(WRONG_FOR_NAME - 1)
    assert sign_in().status_code == 302


def test_who_signs_in_rightly_from_elsewhere_always_gets_in() -> None:
    guess(WRONG_FOR_NAME * 3)
    assert sign_in(source=OFFICE).status_code == 302
    assert sign_in(source=HOME).status_code == 302


def test_guesses_from_many_addresses_never_lock_the_name() -> None:
    for number in range(60):
        guess(2, source=f"203.0.113.{number}")
    assert sign_in(source=OFFICE).status_code == 302


def test_many_names_from_one_address_are_paused_together() -> None:
    wrong = guess_at_many(100)
    assert wrong == [200] * (WRONG_FROM_ADDRESS - 1) + [429] * (101 - WRONG_FROM_ADDRESS)
    assert sign_in().status_code == 429
    assert sign_in(source=OFFICE).status_code == 302


def test_one_before_the_last_a_right_password_still_opens_for_an_address() -> None:
    guess_at_many(WRONG_FROM_ADDRESS - 1)
    assert sign_in().status_code == 302


def test_who_has_signed_in_from_the_office_is_not_stopped_by_a_guesser_in_it() -> None:
    sign_in(source=OFFICE)
    guess_at_many(WRONG_FROM_ADDRESS * 2, source=OFFICE)
    assert sign_in("name1", source=OFFICE).status_code == 429
    assert sign_in(source=OFFICE).status_code == 302


def test_who_is_known_there_is_still_slowed_by_name() -> None:
    sign_in(source=OFFICE)
    guess(WRONG_FOR_NAME, source=OFFICE)
    assert sign_in(source=OFFICE).status_code == 429


@pytest.mark.parametrize(("later", "status"), [(-A_SECOND, 302), (timedelta(0), 429)])
def test_an_office_one_has_long_not_been_in_is_a_strange_one(later: timedelta, status: int) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(source=OFFICE)
        clock.shift(KNOWN_FOR + later)
        guess_at_many(WRONG_FROM_ADDRESS, source=OFFICE)
        assert sign_in(source=OFFICE).status_code == status


@pytest.mark.parametrize(("later", "status"), [(-A_SECOND, 429), (timedelta(0), 302)])
def test_the_pause_ends_when_the_page_has_said(later: timedelta, status: int) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(WRONG_FOR_NAME)
        clock.shift(PAUSE + later)
        assert sign_in().status_code == status


def test_trying_during_the_pause_does_not_make_it_longer() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(WRONG_FOR_NAME)
        clock.shift(PAUSE - A_SECOND)
        guess(5)
        clock.shift(A_SECOND)
        assert sign_in().status_code == 302


def test_wrong_passwords_of_yesterday_are_forgotten() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(WRONG_FOR_NAME - 1)
        clock.shift(PAUSE)
        assert guess(WRONG_FOR_NAME) == [200] * (WRONG_FOR_NAME - 1) + [429]


def test_a_right_password_clears_its_own_name_there_and_no_other() -> None:
    guess(WRONG_FOR_NAME - 1)
    guess_at_many(WRONG_FROM_ADDRESS - WRONG_FOR_NAME)
    assert sign_in().status_code == 302
    assert guess(WRONG_FOR_NAME - 1) == [200] * (WRONG_FOR_NAME - 1)
    assert guess_at_many(1) == [429]


def test_the_page_says_how_long_and_keeps_what_was_asked_for() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(WRONG_FOR_NAME)
        clock.shift(timedelta(minutes=4, seconds=30))
        page = sign_in(next="/board/melati/?q=a&b=ü")
        text = page.content.decode()
        assert "You can try again in 11 minutes." in text
        assert "The account itself is not locked" in text
        assert page.headers["Retry-After"] == "630"
        assert 'href="/accounts/sign-in/?next=%2Fboard%2Fmelati%2F%3Fq%3Da%26b%3D%C3%BC"' in text
        clock.shift(timedelta(minutes=9, seconds=40))
        assert "You can try again in 1 minute." in sign_in().content.decode()


def test_an_address_waits_until_enough_of_its_guesses_are_forgotten() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess_at_many(WRONG_FROM_ADDRESS // 2)
        clock.shift(timedelta(minutes=10))
        for number in range(WRONG_FROM_ADDRESS // 2):
            sign_in(f"other{number}", "guess")
        assert "You can try again in 5 minutes." in sign_in().content.decode()
        clock.shift(timedelta(minutes=5))
        assert sign_in().status_code == 302


def test_the_door_of_the_admin_counts_with_the_other_one() -> None:
    guess(WRONG_FOR_NAME - 1)
    door = Client(REMOTE_ADDR=STRANGER)
    page = door.post(reverse("admin:login"), {"username": "sari", "password": "guess", "next": "/admin/auth/user/"})
    assert page.status_code == 429
    assert 'href="/admin/login/?next=%2Fadmin%2Fauth%2Fuser%2F"' in page.content.decode()


def test_where_no_address_can_be_known_nobody_is_locked_out_by_name(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1  # and the proxy, on this machine, does not say for whom it speaks
    assert guess(WRONG_FOR_NAME * 2, source="127.0.0.1") == [200] * (WRONG_FOR_NAME * 2)
    assert sign_in(source="127.0.0.1").status_code == 302


def test_passwords_that_are_still_being_looked_at_count_already() -> None:
    round_ = RequestFactory().post(reverse("sign-in"), REMOTE_ADDR=STRANGER)
    allowed = [AxesProxyHandler.is_allowed(round_, {"username": "sari"}) for _try in range(WRONG_FOR_NAME + 2)]
    assert allowed == [True] * WRONG_FOR_NAME + [False] * 2


@pytest.mark.parametrize("order", [("axes_reset_ip", STRANGER), ("axes_reset_username", "sari"), ("axes_reset",)])
def test_the_operator_can_end_a_pause(order: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    guess(WRONG_FOR_NAME)
    call_command("axes_list_attempts")
    assert capsys.readouterr().out.split() == [STRANGER, "sari", str(WRONG_FOR_NAME)]
    call_command(*order)
    assert sign_in().status_code == 302


def test_the_admin_lists_wrong_passwords_and_deleting_one_ends_its_pause() -> None:
    guess(WRONG_FOR_NAME)
    browser = Client()
    browser.force_login(UserFactory(username="wati", is_staff=True, is_superuser=True))
    listed = reverse("admin:axes_accessattempt_changelist")
    assert re.findall(r'<option value="(\w+)"', browser.get(listed).content.decode()) == ["delete_selected"]
    chosen = {ACTION_CHECKBOX_NAME: AccessAttempt.objects.get().pk}
    answer = browser.post(listed, {"action": "delete_selected", "post": "yes", **chosen})
    assert answer.status_code == 302
    assert sign_in().status_code == 302
