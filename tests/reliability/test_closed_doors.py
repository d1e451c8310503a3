"""Every address of the site is closed unless it is on the short list below; all are walked, so none is forgotten."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from appointments.models import AppointmentEvent
from notifications.models import Message
from tests.factories import UserFactory, clinic
from tests.reliability.letters import everything

pytestmark = pytest.mark.django_db

FOR_EVERYBODY = {"policy", "policy-snippet", "policy-spoken"}
"""What anybody may read, and nothing of anybody."""
OF_SETTING_UP = ("setup", "settings")
"""How the names of the managers' own pages begin."""
UNTIL_OWNED = {"first-owner"}
"""Open while a code waits for the owner; otherwise there is no such page."""
OPEN = {"sign-in", "admin:login", "sign-out", "set_language", "healthz", "readyz", "metrics"} | {
    "sign-in-second-step", "sign-in-passkey", "sign-in-challenge",
}  # fmt: skip
"""Whoever comes may open these; `sign-out` and `set_language` take a POST and touch one's own session only,
`metrics` takes a token.
"""
FOR_LINKS = {
    "answer", "calendar-file", "seen", "pick", "other_times", "call_me", "keep", "cancel", "tell", "own-times", "back",
    "feedback", "feedback-words", "helped", "mood", "no-more-questions",
}  # fmt: skip
"""The secret in the address is the key: tests of links look after these."""
FOR_THE_INVITED = {"join", "new-password"}
"""The secret in the address is the key here, too: tests of invitations and passwords look after these."""
FORGOTTEN = {"forgotten"}
"""Asks for a link; says the same to everybody."""
OWN = {"own-password", "signed-in", "sign-out-elsewhere"} | {
    "confirm-password", "second-step", "second-step-app", "remove-app", "new-passkey", "passkey-challenge", "passkey",
    "remove-passkey", "recovery-codes",
}  # fmt: skip
"""Everybody's own account, whatever else they may do."""
MAILBOX = {"mailbox", "mailbox-mail", "mailbox-letter", "mailbox-file"}
"""There is no such page outside a demo."""


def patterns(found: list[URLPattern | URLResolver], *, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, space=f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", one


def every_address() -> dict[str, str]:
    """One address for each name of the site: numbers are 1, words are "x", days are a day."""
    values = {"int": 1, "slug": "melati", "day": "2026-11-24", "str": "x" * 43, "path": "1"}
    addresses = {}
    for name, pattern in patterns(get_resolver().url_patterns):
        if name.endswith(":None") or name == "None":
            continue
        arguments = {
            key: values.get(type(converter).__name__.removesuffix("Converter").lower().replace("string", "str"), "1")
            for key, converter in pattern.pattern.converters.items()
        }
        if name == "admin:app_list":
            arguments = {"app_label": "appointments"}
        addresses[name] = reverse(name, kwargs=arguments)
    return addresses


NOT_CLOSED = OPEN | FOR_EVERYBODY | FOR_LINKS | FOR_THE_INVITED | FORGOTTEN | MAILBOX | UNTIL_OWNED
CLOSED = {name: address for name, address in every_address().items() if name not in NOT_CLOSED}


def test_the_walk_finds_the_desk_and_the_admin() -> None:
    assert {"home", "board", "propose", "promise", "undo-offer", "admin:index"} <= set(CLOSED)
    assert len(CLOSED) > 60


def test_every_address_lives_behind_the_door_of_its_folder() -> None:
    folders: dict[str, set[str]] = {}
    for name, pattern in patterns(get_resolver().url_patterns):
        module = getattr(pattern.callback, "__module__", "")
        if module.startswith("appointments.views."):
            folders.setdefault(module.split(".")[2], set()).add(name)
    assert folders["customer"] == FOR_LINKS
    assert folders["desk"] <= set(CLOSED)
    assert {one for one in folders["managers"] if one.startswith(OF_SETTING_UP)} <= set(CLOSED)
    assert {one for one in folders["managers"] if not one.startswith(OF_SETTING_UP)} == {
        "admin:reasons-report",
        "admin:reasons-report-file",
        "admin:complaints-report",
        "admin:complaints-report-file",
        "admin:given-report",
        "admin:given-report-file",
        "admin:promises-report",
        "admin:promises-report-file",
        "admin:compensation-tried",
        "admin:compensation-in-force",
        "admin:compensation-copy",
        "imports",
        "import",
        "import-sample",
        "bring-in",
        "throw-import-away",
        "undo-import",
        "import-left-out",
        "people",
        "invite",
        "invitation",
        "invite-again",
        "invitation-link",
        "take-back-invitation",
        "colleague",
        "retire",
        "password-link",
        "bring-back",
        "reset-second-step",
        "audit",
        "audit-file",
    }
    assert folders["managers"] <= set(CLOSED)
    assert folders["account"] == FOR_THE_INVITED | FORGOTTEN | OWN
    assert folders["public"] == FOR_EVERYBODY | UNTIL_OWNED
    assert set(folders) == {"account", "customer", "desk", "managers", "public"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in_everywhere(client: Client, method: str) -> None:
    world = clinic()
    world.booked()
    before = everything()
    wrong = {}
    for name, address in CLOSED.items():
        answer = getattr(client, method)(address)
        leads_to = answer.headers.get("Location", "")
        if answer.status_code != 302 or ("/sign-in/" not in leads_to and "/login/" not in leads_to):
            wrong[name] = (answer.status_code, leads_to)
    assert wrong == {}
    assert everything() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_without_a_role_finds_nothing_and_changes_nothing(
    client: Client, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = clinic()
    world.booked()
    client.force_login(UserFactory())
    before = everything()
    wrong = {}
    others = {name: address for name, address in CLOSED.items() if name not in OWN}
    for name, address in others.items():
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            answer = getattr(client, method)(address)
        if name.startswith("admin:"):
            refused = answer.status_code in (302, 403, 404) and b"Ana Pratiwi" not in answer.content
        else:
            noted = [record for record in caplog.records if record.name == "appointments.access"]
            refused = (answer.status_code == 404 and len(noted) == 1) or answer.status_code == 405
        if not refused:
            wrong[name] = answer.status_code
    assert wrong == {}
    assert everything() == before
    assert (Message.objects.count(), AppointmentEvent.objects.count()) == (0, 0)


def test_the_desk_role_opens_no_reports_page_that_is_for_managers_and_no_admin(client: Client) -> None:
    world = clinic()
    client.force_login(world.staff)
    opened = [
        name for name, address in CLOSED.items() if name.startswith("admin:") and client.get(address).status_code == 200
    ]
    assert opened == []


def test_an_id_that_is_not_there_is_not_found_for_the_desk_too(client: Client) -> None:
    world = clinic()
    client.force_login(world.staff)
    for number in (0, 999_999, 2**63, 10**40):
        for name in ("appointment", "propose", "request", "promise", "cancel-appointment"):
            assert client.get(reverse(name, args=[number])).status_code == 404
