"""Passkeys: made for this address, signed for this challenge, once."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from appointments.domain.second_step import passkeys
from appointments.errors import DomainError
from appointments.models import Passkey
from tests.clock import NOW, minutes
from tests.factories.second_steps import ORIGIN, Device, with_passkey

pytestmark = pytest.mark.django_db
LATER = NOW + minutes(5)


def add(user: User, device: Device, **page: Any) -> list[str]:
    options, state = passkeys.begin_adding(user)
    return passkeys.add(user, device.join(options, **page), state=state, name="Phone", here="", now=NOW)


def opens(device: Device, *, user: User | None = None, **page: Any) -> User | None:
    options, state = passkeys.begin_signing_in(user, now=LATER)
    return passkeys.accept(device.sign(options, **page), state=state, user=user, now=LATER)


def test_a_device_is_added_and_brings_ten_codes(budi: User) -> None:
    assert len(add(budi, Device())) == 10
    own = Passkey.objects.get()
    assert (own.user, own.name, own.added_at, own.used_at, own.signatures) == (budi, "Phone", NOW, None, 0)
    assert add(budi, Device(id=b"device-2")) == []


def test_it_is_asked_to_look_at_its_owner_and_to_be_found_again(budi: User) -> None:
    with_passkey(budi)
    options, _state = passkeys.begin_adding(budi)
    assert options["rp"]["id"] == "localhost"
    chosen = options["authenticatorSelection"]
    assert (chosen["userVerification"], chosen["residentKey"]) == ("required", "preferred")
    assert [one["id"] for one in options["excludeCredentials"]] == [Passkey.objects.get().credential_id]


@pytest.mark.parametrize(
    ("device", "page"),
    [
        ({}, {"origin": "http://evil.example"}),
        ({}, {"origin": "http://localhost:8001"}),
        ({}, {"origin": "http://127.0.0.1:8000"}),
        ({}, {"host": "evil.example"}),
        ({"looks_at_owner": False}, {}),
    ],
)
def test_what_is_not_for_us_is_neither_added_nor_accepted(budi: User, device: Any, page: Any) -> None:
    with pytest.raises(DomainError, match="could not be added"):
        add(budi, Device(**device), **page)
    assert not Passkey.objects.exists()
    good = Device()
    add(budi, good)
    for name, value in device.items():
        setattr(good, name, value)
    assert opens(good, **page) is None


def test_an_answer_to_another_challenge_adds_nothing(budi: User) -> None:
    options, _state = passkeys.begin_adding(budi)
    _options, state = passkeys.begin_adding(budi)
    for kept in (state, {}):
        with pytest.raises(DomainError):
            passkeys.add(budi, Device().join(options), state=kept, name="Phone", here="", now=NOW)


def test_a_device_is_one_persons(budi: User, sari: User) -> None:
    device = Device()
    add(budi, device)
    with pytest.raises(DomainError, match="in the list already"):
        add(sari, device)


def test_twenty_are_enough(budi: User) -> None:
    for number in range(20):
        add(budi, Device(id=b"device-%d" % number))
    with pytest.raises(DomainError, match="many passkeys"):
        add(budi, Device(id=b"device-20"))


def test_it_opens_for_its_owner_alone(budi: User, sari: User) -> None:
    device, _codes = with_passkey(budi)
    with_passkey(sari, id=b"device-2")
    assert opens(device) == budi
    assert opens(device, user=budi) == budi
    assert opens(device, user=sari) is None
    assert Passkey.objects.get(user=budi).used_at == LATER


def test_a_handle_of_somebody_else_is_refused(budi: User, sari: User) -> None:
    device, _codes = with_passkey(budi)
    device.handle = f"colleague-{sari.pk}".encode()
    assert opens(device) is None


def test_it_opens_nothing_for_who_has_left(budi: User) -> None:
    device, _codes = with_passkey(budi)
    User.objects.filter(pk=budi.pk).update(is_active=False)
    assert opens(device) is None


def test_a_signature_opens_once(budi: User) -> None:
    device, _codes = with_passkey(budi)
    options, state = passkeys.begin_signing_in(None, now=LATER)
    said = device.sign(options)
    opened = [passkeys.accept(said, state=state, user=None, now=LATER) for _again in range(2)]
    assert opened == [budi, None]


def test_another_key_under_the_same_name_opens_nothing(budi: User) -> None:
    device, _codes = with_passkey(budi)
    assert opens(Device(handle=device.handle)) is None


def test_a_device_that_counts_has_to_count_on(budi: User, caplog: pytest.LogCaptureFixture) -> None:
    device, _codes = with_passkey(budi, counts=True)
    assert [opens(device), opens(device)] == [budi, budi]
    device.used = 1  # a copy that was made before
    assert opens(device) is None
    assert "it may have been copied" in caplog.text
    device.used = 2
    assert opens(device) == budi


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("https://clinic.example", "clinic.example", "https://clinic.example"),
        ("https://clinic.example:8443", "clinic.example", "https://clinic.example:8443"),
        ("https://clinic.example:443", "clinic.example", "https://clinic.example"),
        ("https://clinic.example:80", "clinic.example", "https://clinic.example:80"),
        ("https://Clinic.Example:65535", "clinic.example", "https://clinic.example:65535"),
        ("https://bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://straße.example:8443", "xn--strae-oqa.example", "https://xn--strae-oqa.example:8443"),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://klinik.診所.example", "klinik.xn--8ouu30g.example", "https://klinik.xn--8ouu30g.example"),
        ("http://localhost:80", "localhost", "http://localhost"),
        ("http://localhost:443", "localhost", "http://localhost:443"),
        ("http://127.0.0.1", "localhost", "http://localhost"),
        ("http://demo.localhost:8241", "demo.localhost", "http://demo.localhost:8241"),
        ("http://127.0.0.1:8000", "localhost", ORIGIN),
        ("http://localhost:8000", "localhost", ORIGIN),
        ("http://[::1]:8000", "localhost", ORIGIN),
    ],
)
def test_under_which_address_they_work(settings: Any, url: str, host: str, origin: str) -> None:
    settings.PUBLIC_URL = url
    assert passkeys.address() == passkeys.Address(host, origin)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://clinic.example",
            "http://192.168.1.5:8000",
            "https://203.0.113.7",
            "http://pc",
            "http://bücher.example",
        ),
        *("https://clinic.example:99999", "https://clinic.example:port", "https://", "https://\u2028.example"),
    ],
)
def test_where_browsers_know_none_there_are_none(budi: User, settings: Any, url: str) -> None:
    settings.PUBLIC_URL = url
    assert passkeys.address() is None
    with pytest.raises(DomainError, match="https address"):
        passkeys.begin_adding(budi)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"credential_id": ""}, {"signatures": -1}])
def test_the_database_refuses_what_is_no_passkey(budi: User, wrong: dict[str, Any]) -> None:
    row = {"user": budi, "name": "Phone", "credential_id": "AA", "credential": b"x", "added_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Passkey.objects.create(**row | wrong)


def test_the_database_knows_a_device_once(budi: User, sari: User) -> None:
    row = {"name": "Phone", "credential_id": "AA", "credential": b"x", "added_at": NOW}
    Passkey.objects.create(user=budi, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Passkey.objects.create(user=sari, **row)
