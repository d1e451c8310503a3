"""Forms filled by chance: whatever is left out, doubled, endless or nonsense, the answer is a page and never an error.

The chance is seeded, so that a failing form can be sent again.
"""

import random
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from appointments.domain import actors, booking, links, promises
from appointments.domain.moving import answers
from appointments.domain.pages.queues.kinds import QUEUES
from appointments.enums import AbsenceKind, LinkPurpose, PromiseKind
from appointments.models import Offer, Promise
from tests.clock import NOW, days, hours
from tests.factories import AbsenceFactory, Clinic, CustomerFactory, clinic
from tests.reliability import invariants
from tests.reliability.letters import opened

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEEDS = pytest.mark.parametrize(
    "seed", [pytest.param(1, marks=pytest.mark.postgres_only), pytest.param(2, marks=pytest.mark.sqlite_only)]
)

TURNS = 120
NONSENSE = (
    "", " ", "0", "-1", "1", "2", "3", "7", "99999999999999999999", "1e9", "nan", "x" * 5000, "\x00", "\u202e",
    "\u0663", "é" * 300,
    "2026-11-26", "2026-11-26T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "2026-02-31", "10:00", "25:99", "on",
    "true", "null", "[]", "{}", "{provider}", "{{ x }}", "[[link]]", "<b>", "'", "%00", "=1+1", "same", "any", "chose",
    "call_later", "no_answer", "settled", "cancel", "keep", "other_times", "morning", "preview", "send", "add", "ours",
    "theirs", "1780000000.1.soonest", "99999999999.1.wish", "1.1.1", "000000000.0.wish", "1764126000.2.staff_choice",
)  # fmt: skip
FIELDS = (
    "nonce", "offer", "words", "days", "parts", "person", "sooner", "reason", "respond_by", "contact", "can_keep",
    "personal_note", "open", "shown", "step", "add_day", "add_time", "add_provider", "outcome", "later", "note", "to",
    "whose", "question", "score", "ask", "q", "kind", "day", "from", "until", "location", "mine", "page", "missing",
    "missing_from", "missing_until", "answered_for", "place", "customer", "service", "manner", "provider", "slot",
    "starts_at", "tells", "insists", "somebody_else", "new-name", "new-phone", "new-email", "minutes", "weeks", "count",
    "start", "resource", "starts", "ends", "title", "weekly", "last_day", "knowing", "name", "phone", "email", "seen",
    "promise", "to_me", "next", "sort", "after", "could_change", "anyway",
)  # fmt: skip


def form(chance: random.Random) -> list[tuple[str, str]]:
    """Some of the fields, some of them twice, with some of the values."""
    return [(chance.choice(FIELDS), chance.choice(NONSENSE)) for _field in range(chance.randint(0, 14))]


def send(client: Client, method: str, path: str, fields: list[tuple[str, str]]) -> int:
    body = urlencode(fields)
    if method == "get":
        return int(client.get(f"{path}?{body}").status_code)
    return int(client.post(path, body, content_type="application/x-www-form-urlencoded").status_code)


def plausible(world: Clinic) -> dict[str, list[str]]:
    """Values that get further into a form than nonsense does."""
    return {
        "reason": [str(world.reason.pk)],
        "contact": [str(world.staff.pk)],
        "to": [str(world.manager.pk)],
        "respond_by": ["2026-11-23T11:00", "2026-11-25T11:00"],
        "step": ["preview", "send", "add"],
        "missing": [
            "appointment",
            f"resource:{world.provider.pk}",
            f"resource:{world.room.pk}",
            "place",
        ],
        "missing_from": ["2026-11-26T08:00", "0001-01-01T08:00", "9999-12-31T23:59"],
        "missing_until": ["2026-11-27T08:00", "9999-12-31T23:59", "0001-01-01T08:00"],
        "answered_for": [str(world.reason.pk)],
        "add_day": ["2026-11-27", "9999-12-31", "0001-01-01"],
        "add_time": ["10:00", "23:59"],
        "offer": [
            *(str(pk) for pk in Offer.objects.values_list("pk", flat=True)),
            f"{int((NOW + days(2)).timestamp())}.{world.provider.pk}.soonest",
            f"{int((NOW + days(3)).timestamp())}.{world.colleague.pk}.soonest",
            "99999999999.0.wish",
        ],
        "outcome": ["chose", "call_later", "other_times", "keep", "cancel", "settled", "no_answer", "wrong_number"],
        "later": ["2026-11-24T10:00", "9999-12-31T23:59", "0001-01-01T00:00"],
        "whose": ["ours", "theirs"],
        "question": ["handling", "outcome"],
        "score": ["1", "5"],
        "days": ["0", "6"],
        "parts": ["morning", "evening"],
        "place": [str(world.location.pk)],
        "service": [str(world.service.pk)],
        "customer": [str(world.customer.pk), "new"],
        "new-name": ["Dewi Anggraini"],
        "manner": ["usual", "home"],
        "slot": [f"{int((NOW + days(2)).timestamp())}.0", "99999999999.1", "other"],
        "starts_at": ["2026-11-27T10:00", "9999-12-31T23:59", "0001-01-01T00:00"],
        "starts": ["2026-11-27T10:00", "0001-01-01T00:00"],
        "ends": ["2026-11-27T11:00", "9999-12-31T23:59"],
        "resource": [str(world.room.pk)],
        "minutes": ["30", "45"],
        "weeks": ["1", "52"],
        "count": ["1", "3"],
    }


def likelier(chance: random.Random, world: Clinic, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same form with half of its fields filled as a person could have filled them."""
    known = plausible(world)
    more = [(name, chance.choice(values)) for name, values in known.items() if chance.random() < 0.5]
    return [*fields, *more, ("nonce", f"form-{chance.randint(0, 30)}")]


@SEEDS
def test_no_form_of_a_customer_ends_in_an_error(client: Client, seed: int) -> None:
    chance = random.Random(seed)
    with time_machine.travel(NOW, tick=True):
        world = clinic(rooms=2)
        round_ = opened(world, world.booked("2026-11-26 10:00"))
        answer = links.issue(round_.appointment, purpose=LinkPurpose.ANSWER, now=NOW)
        asked = links.issue(round_.appointment, purpose=LinkPurpose.FEEDBACK, now=NOW)
        pages = [
            *(reverse(name, args=[answer]) for name in ("answer", "pick", "other_times", "call_me", "keep", "tell")),
            *(reverse(name, args=[asked]) for name in ("feedback", "feedback-words", "no-more-questions")),
            reverse("cancel", args=[answer]),
        ]
        met: set[int] = set()
        for _turn in range(TURNS):
            path, method = chance.choice(pages), chance.choice(["get", "post", "post", "post"])
            status = send(client, method, path, likelier(chance, world, form(chance)))
            assert status in (200, 303, 405, 409, 422, 429), (path, status)
            met.add(status)
        assert {200, 303, 422} <= met
        invariants.check(NOW + hours(1))


@SEEDS
def test_no_form_of_the_desk_ends_in_an_error(client: Client, seed: int) -> None:
    chance = random.Random(seed)
    with time_machine.travel(NOW, tick=True):
        world = clinic(rooms=2)
        client.force_login(world.manager)
        numbers = busy_morning(world)
        pages = [
            *(reverse(name, args=[pk]) for name, pks in numbers.items() for pk in pks),
            *(reverse(name) for name in ("home", "search", "waiting", "calls", "promises", "set_language")),
            *(reverse(name) for name in ("new-appointment", "new-people", "block-time", "assign", "counts")),
            reverse("place-week", args=["melati", "2026-11-26"]),
            reverse("board", args=["melati", "2026-11-26"]),
            reverse("board", args=["melati", "2099-12-31"]),
        ]
        met: set[int] = set()
        for _turn in range(TURNS):
            path, method = chance.choice(pages), chance.choice(["get", "post", "post", "post"])
            status = send(client, method, path, likelier(chance, world, form(chance)))
            assert status in (200, 204, 302, 303, 404, 405, 409, 422), (path, status)
            met.add(status)
        assert {200, 302, 405, 422} <= met
        invariants.check(NOW + hours(1))


def all_day(world: Clinic, appointments: list[int]) -> dict[str, list[Any]]:
    """The pages on which a front desk books, moves as agreed, blocks a time and corrects."""
    people = [world.customer.pk, CustomerFactory(name=world.customer.name).pk]
    start = NOW + days(6)
    private = AbsenceFactory(
        resource=world.room, kind=AbsenceKind.BLOCKED, title="Stocktaking", starts_at=start, ends_at=start + hours(1)
    )
    about = ("move-as-agreed", "appointment-details", "repeat-appointment", "take-back-appointment", "write-complaint")
    return {
        **dict.fromkeys((*about, "at-work", "came-after-all"), appointments),
        **dict.fromkeys(("customer", "correct-customer", "same-person"), people),
        **{key: [private.pk] for key in ("blocked-time", "unblock-time")},
        "queue": list(QUEUES),
        "save-view": list(QUEUES),
    }


def busy_morning(world: Clinic) -> dict[str, list[int]]:
    """An appointment, a round and a promise of every kind; the ids by the name of the page that is about them."""
    first, second, third = (world.booked(f"2026-11-{day} 10:00") for day in (26, 27, 28))
    one, two = opened(world, first), opened(world, second)
    answers.call_me(two, words="please", nonce="call", now=NOW)
    promises.owe(PromiseKind.REPLY, third, owner=world.staff, until=NOW + hours(2), now=NOW)
    over = world.booked("2026-11-20 10:00")
    booking.complete(over, by=actors.SYSTEM, now=NOW)
    appointments = [first.pk, second.pk, third.pk, over.pk]
    rounds = [one.pk, two.pk]
    owed: list[int] = list(Promise.objects.exclude(kind="hold").values_list("pk", flat=True))
    found: dict[str, list[Any]] = {
        "appointment": appointments,
        "propose": appointments,
        "cancel-appointment": appointments,
        "mark-missed": appointments,
        "request": rounds,
        "undo-offer": rounds,
        "propose-again": rounds,
        "withdraw-offer": rounds,
        "promise": owed,
        "hand-over": owed,
        **all_day(world, appointments),
    }
    return found
