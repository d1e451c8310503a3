"""Strangers guess passwords through a real proxy, at web processes that share nothing but the database.

All is on this machine, and 127.0.0.0/8 has addresses enough for everybody.
"""

import http.client
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.factories import UserFactory
from tests.reliability.proxy import Proxy
from tests.reliability.site import Site, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PASSWORD = "sunny-garden-gate"
STRANGER, OFFICE = "127.0.0.7", "127.0.0.20"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def site(child_environment: dict[str, str], tmp_path: Path) -> Iterator[Site]:
    """Two processes, and settings as behind one proxy."""
    UserFactory(username="sari")
    environment = {**child_environment, "TRUSTED_PROXIES": "1"}
    with Site(environment, log=tmp_path / "site.log") as running:
        yield running


def sign_in(port: int, name: str = "sari", password: str = PASSWORD, *, source: str, told: str | None = None) -> int:
    """The status that one try over `port` gets, from a browser that has just opened the page."""
    said = {"X-Forwarded-For": told} if told is not None else {}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
    try:
        line.request("GET", SIGN_IN, headers=said)
        page = line.getresponse()
        cookie = page.headers["Set-Cookie"].split(";")[0]
        (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode()))
        form = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": token})
        sent = {**said, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", SIGN_IN, body=form, headers=sent)
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


@pytest.mark.parametrize("adds", [True, False])
def test_a_stranger_shuts_out_himself_whatever_he_forges_and_sari_gets_in(site: Site, adds: bool) -> None:
    forged = [None, OFFICE, f"{OFFICE}, {OFFICE}", "127.0.0.1", "unknown", "[::1]:443", ", ,", "x" * 300, "1.2.3.4:5"]
    with Proxy(behind=site.port, adds=adds) as proxy:
        seen = [sign_in(proxy.port, password="guess", source=STRANGER, told=told) for told in forged]

        assert seen == [200] * 7 + [429] * 2
        assert sign_in(proxy.port, source=STRANGER) == 429
        assert sign_in(proxy.port, source=OFFICE) == 302


def test_a_hundred_names_from_one_address_are_slowed_and_other_addresses_are_not(site: Site) -> None:
    with Proxy(behind=site.port, adds=True) as proxy:
        seen = Counter(
            sign_in(proxy.port, f"name{number}", "guess", source=STRANGER, told=f"198.51.100.{number}")
            for number in range(100)
        )
        assert seen == {200: 39, 429: 61}
        assert sign_in(proxy.port, "name1", "guess", source=OFFICE) == 200
        assert sign_in(proxy.port, source=OFFICE) == 302


def test_a_name_that_is_guessed_at_from_everywhere_still_opens(site: Site) -> None:
    with Proxy(behind=site.port, adds=True) as proxy:
        seen = {sign_in(proxy.port, password="guess", source=f"127.0.1.{number}") for number in range(1, 31)}
        assert seen == {200}
        assert sign_in(proxy.port, source=OFFICE) == 302


def test_guesses_at_one_moment_count_as_if_one_after_the_other(site: Site) -> None:
    with Proxy(behind=site.port, adds=True) as proxy:
        seen = Counter(
            all_at_once(lambda number: sign_in(proxy.port, password=f"guess{number}", source=STRANGER), range(24))
        )
    assert seen[200] <= 8
    assert seen[200] + seen[429] == 24


def test_a_proxy_that_says_nothing_locks_nobody_out(site: Site) -> None:
    with Proxy(behind=site.port, adds=None) as proxy:
        seen = {sign_in(proxy.port, password="guess", source=STRANGER) for _try in range(10)}
        assert seen == {200}
        assert sign_in(proxy.port, source=OFFICE) == 302
    assert "A proxy of ours sends no X-Forwarded-For" in site.log.read_text()
