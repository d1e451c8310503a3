"""What a customer told us stands before whoever deals with them, in words, on every page that deals with it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from appointments.domain.moving import answers
from appointments.domain.pages.customers.told import SHOWN, in_words, told_by_customer
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import PromiseKind
from appointments.models import Promise
from tests.clock import NOW, minutes
from tests.factories import Clinic

pytestmark = pytest.mark.django_db

WISHES = Wishes(days=frozenset({6}), parts=frozenset({"evening"}), until_day=date(2026, 11, 29), person="same")


def test_every_wish_is_said_and_nothing_that_was_left_open() -> None:
    assert in_words(WISHES) == ["Sunday", "in the evening", "until 29 Nov 2026", "with the same person"]
    assert in_words(Wishes(from_day=date(2026, 12, 1), sooner=True)) == ["from 1 Dec 2026 on", "sooner than now"]
    assert in_words(Wishes()) == []
    with translation.override("id"):
        assert in_words(Wishes(days=frozenset({0}), parts=frozenset({"morning"}))) == ["Senin", "pagi hari"]


def test_the_newest_come_first_and_a_mere_tap_is_not_repeated(melati: Clinic) -> None:
    round_ = melati.offered()
    for turn in range(SHOWN + 1):
        answers.tell(round_, words=f"word {turn}", nonce=f"t{turn}", now=NOW + minutes(turn))
    answers.accept(round_.offers.all()[0], nonce="p", now=NOW + minutes(30))
    told = told_by_customer(round_.appointment)
    assert [one.words for one in told] == [f"word {turn}" for turn in range(SHOWN, 0, -1)]
    assert {one.title for one in told} == {"told us something"}


def test_whoever_calls_answers_or_proposes_reads_it(melati: Clinic, client: Client) -> None:
    client.force_login(melati.staff)
    round_ = melati.offered()
    answers.tell(round_, words="I took the day off.", nonce="t", now=NOW)
    answers.ask_other_times(round_, wishes=WISHES, nonce="o", words="Only then.", now=NOW)
    promises = Promise.objects.open().exclude(kind=PromiseKind.HOLD)
    addresses = [reverse("promise", args=[one.pk]) for one in promises]
    addresses.append(reverse("reply", args=[promises.get(kind=PromiseKind.REPLY).pk]))
    pages = {address: client.get(address).content.decode() for address in addresses}
    for words in (
        "Sunday, in the evening, until 29 Nov 2026, with the same person",
        "Only then.",
        "I took the day off.",
    ):
        assert [address for address, page in pages.items() if words not in page] == []
