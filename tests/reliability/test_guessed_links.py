"""Thousands of guesses at customers' links open nothing, are slowed down, tell nothing, and disturb no customer."""

import random
import string
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.domain import links
from appointments.enums import LinkPurpose
from appointments.models import Link
from appointments.views.dead_links import MISSES
from tests.clock import days, hours
from tests.factories import AppointmentFactory, clinic
from tests.reliability.letters import everything
from tests.reliability.test_same_again import opened, token_for

pytestmark = pytest.mark.django_db
ALPHABET = string.ascii_letters + string.digits + "-_"


def guesses(count: int, *, near: str) -> list[str]:
    """Random keys of the right length, keys that differ from a real one in one place, and what is no key at all."""
    chance = random.Random(18)
    made = ["".join(chance.choices(ALPHABET, k=43)) for _guess in range(count - 60)]
    for place in range(43):
        other = chance.choice(ALPHABET.replace(near[place], ""))
        made.append(near[:place] + other + near[place + 1 :])
    made += [near[:-1], near + "x", near.swapcase(), near[::-1], "1", "0" * 43, "%00" * 20, "%ED%A0%80", "é" * 43]
    made += ["' OR 1=1 --", links.fingerprint(near), "a" * 4000, "[[link]]", "None", "null", ".", "%2e%2e", "{}"]
    return made


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_ten_thousand_guesses_open_nothing_are_slowed_down_and_disturb_nobody(client: Client) -> None:
    round_ = opened(clinic(rooms=2))
    token = token_for(round_)
    valid = f"/r/{token}/"
    before = everything()
    seen: Counter[tuple[int, bool]] = Counter()
    bodies: set[bytes] = set()
    for number, guess in enumerate(guesses(10_000, near=token)):
        page = f"/{'rf'[number % 2]}/{guess}/"
        answer = client.get(page)
        seen[answer.status_code, b"no longer works" in answer.content] += 1
        if answer.status_code == 429:
            bodies.add(answer.content)
        if number % 1000 == 999:
            assert client.get(valid).status_code == 200
    assert {status for status, _page in seen} == {404, 429}
    assert seen[404, True] == MISSES
    assert len(bodies) == 1
    assert everything() == before
    assert client.post(f"{valid}pick/", {"nonce": "n", "offer": round_.offers.get(position=1).pk}).status_code == 303


def test_who_guesses_by_post_changes_nothing(client: Client) -> None:
    round_ = opened(clinic(rooms=2))
    before = everything()
    for name in ("pick", "keep", "cancel", "tell", "call_me", "other_times", "feedback", "feedback-words"):
        data = {"nonce": "n", "offer": round_.offers.get(position=1).pk, "words": "hello", "score": 1}
        assert client.post(reverse(name, args=["x" * 43]), data).status_code == 404
    assert client.post(reverse("no-more-questions", args=["x" * 43])).status_code == 404
    assert everything() == before


def test_all_dead_links_look_alike_to_the_last_header(client: Client) -> None:
    now = timezone.now()
    appointment = AppointmentFactory(starts_at=now + days(3))
    revoked = links.issue(appointment, purpose=LinkPurpose.ANSWER, now=now - hours(2))
    links.revoke(appointment, now=now - hours(1))
    expired = links.issue(appointment, purpose=LinkPurpose.ANSWER, now=now)
    Link.objects.filter(token_hash=links.fingerprint(expired)).update(expires_at=now)
    other = links.issue(appointment, purpose=LinkPurpose.FEEDBACK, now=now)
    answers = [client.get(f"/r/{token}/") for token in ("x" * 43, revoked, expired, other)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    calendars = [client.get(f"/r/{token}/appointment.ics").content for token in ("x" * 43, revoked, expired, other)]
    assert set(calendars) == {answers[0].content}


def test_an_invented_forwarding_header_hides_nobody(client: Client) -> None:
    statuses = [
        client.get(f"/r/{'x' * 40}{number:03}/", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(MISSES + 5)
    ]
    assert statuses == [404] * MISSES + [429] * 5


def test_behind_our_proxy_each_client_counts_for_itself(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1

    def guess(number: int, told: str) -> int:
        return client.get(f"/r/{'x' * 40}{number:03}/", headers={"X-Forwarded-For": told}).status_code

    mine = [guess(number, f"198.51.100.{number}, 203.0.113.7") for number in range(MISSES + 1)]
    assert mine == [404] * MISSES + [429]
    assert guess(500, "203.0.113.8") == 404


def test_the_log_never_names_a_key(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    token = token_for(opened(clinic(rooms=2)))
    client.get(f"/r/{token}/")
    client.post(f"/r/{token}/pick/", {"nonce": "n", "offer": 1})
    client.get(f"/r/{'q' * 43}/")
    from reschedule.logs import WithoutKeys

    for record in caplog.records:
        WithoutKeys().filter(record)
        assert token not in record.getMessage()
        assert "q" * 43 not in record.getMessage()
