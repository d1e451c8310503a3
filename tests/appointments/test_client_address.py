"""Whose address counts: what our own proxies heard, and nothing that a client made up."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import RequestFactory

from appointments.client_address import client_address

CLIENT, PROXY, OUTER = "203.0.113.7", "127.0.0.1", "198.51.100.20"


def address(*, peer: str = PROXY, told: str | None = None) -> str | None:
    """What counts for a request that `peer` hands over with `told` as its X-Forwarded-For."""
    headers = {} if told is None else {"X-Forwarded-For": told}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.fixture
def one_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1


@pytest.mark.parametrize("told", [None, "198.51.100.1", "198.51.100.1, 198.51.100.2", "rubbish"])
def test_without_a_proxy_it_is_who_is_on_the_line_whatever_he_says(settings: Any, told: str | None) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address(peer=CLIENT, told=told) == CLIENT
    assert address(peer=PROXY, told=told) == PROXY


@pytest.mark.usefixtures("one_proxy")
@pytest.mark.parametrize(
    "told",
    [
        CLIENT,
        f"198.51.100.1, {CLIENT}",
        f"127.0.0.1, 10.0.0.1,, unknown, {CLIENT}",
        f"{'198.51.100.1, ' * 500}{CLIENT}",
        f"{CLIENT}:51234",
        f"::ffff:{CLIENT}",
        f"[::ffff:{CLIENT}]:443",
        f"  {CLIENT} ,",
    ],
)
def test_behind_our_proxy_it_is_whom_the_proxy_heard(told: str) -> None:
    assert address(told=told) == CLIENT


@pytest.mark.usefixtures("one_proxy")
def test_a_header_that_came_past_our_proxy_is_not_believed() -> None:
    assert address(peer=CLIENT, told="198.51.100.1") == CLIENT


@pytest.mark.usefixtures("one_proxy")
def test_a_neighbour_in_the_network_is_no_proxy_once_we_say_who_is(settings: Any) -> None:
    assert address(peer="192.168.1.50", told=CLIENT) == CLIENT
    settings.PROXY_ADDRESSES = [ip_network("127.0.0.1")]
    assert address(peer="192.168.1.50", told=CLIENT) == "192.168.1.50"


@pytest.mark.usefixtures("one_proxy")
@pytest.mark.parametrize("told", [None, "", " , ", "unknown", "_hidden", "203.0.113", "203.0.113.7.8", "[", "x" * 9000])
def test_when_our_proxy_does_not_say_nobody_can_know(told: str | None) -> None:
    assert address(told=told) is None


@pytest.mark.usefixtures("one_proxy")
def test_a_proxy_on_a_unix_socket_has_no_address_and_is_ours() -> None:
    assert address(peer="", told=f"198.51.100.1, {CLIENT}") == CLIENT
    assert address(peer="") is None


def test_of_two_proxies_each_is_stepped_over_once(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 2
    settings.PROXY_ADDRESSES = [ip_network(PROXY), ip_network(OUTER)]
    assert address(told=f"198.51.100.1, {CLIENT}, {OUTER}") == CLIENT
    assert address(told=f"{PROXY}, {OUTER}, {CLIENT}, {OUTER}") == CLIENT
    assert address(told=f"198.51.100.1, {CLIENT}") == CLIENT  # came past the outer one
    assert address(told=OUTER) is None


@pytest.mark.usefixtures("one_proxy")
def test_all_addresses_of_one_household_count_as_one() -> None:
    assert address(told="2001:db8:1:2::7") == address(told="[2001:db8:1:2:ffff::9]:443") == "2001:db8:1:2::"
    assert address(told="2001:db8:1:3::7") == "2001:db8:1:3::"
    assert address(told="fe80::1%eth0") == "fe80::"
