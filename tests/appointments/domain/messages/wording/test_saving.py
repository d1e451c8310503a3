"""Versions: each a row of its own, with who and when, and none over another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from appointments.domain import actors
from appointments.domain.messages.wording import saving
from appointments.domain.recovery.message_parts import complaints
from appointments.errors import DomainError
from appointments.models import AuditEntry
from notifications import wordings
from notifications.models import Wording
from tests.clock import NOW
from tests.factories import Clinic

OPENING = {"opening": "We look forward to seeing you."}


def save(by: User, words: dict[str, str], *, language: str = "en", seen: int = 0) -> list[Wording]:
    return saving.save("reminder", {language: words}, seen={language: seen}, by=actors.staff(by), now=NOW)


def use(by: User, version: int, *, seen: int) -> Wording | None:
    return saving.use("reminder", "en", version, seen=seen, check=complaints, by=actors.staff(by), now=NOW)


def test_only_the_language_that_differs_gets_a_version(budi: User) -> None:
    both = {"en": OPENING, "id": {"opening": "", "reminds": "Sekadar mengingatkan."}}
    written = saving.save("reminder", both, seen={"en": 0, "id": 0}, by=actors.staff(budi), now=NOW)
    assert [(row.language, row.version, row.parts, row.by, row.at) for row in written] == [
        ("en", 1, OPENING, budi, NOW)
    ]


def test_saving_the_same_again_writes_nothing(budi: User) -> None:
    save(budi, OPENING)
    assert save(budi, OPENING, seen=1) == []
    assert (Wording.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_the_audit_says_what_has_changed_and_of_which_message(budi: User) -> None:
    save(budi, OPENING)
    save(budi, {"reminds": "Only a reminder."}, seen=1)
    first, second = AuditEntry.objects.order_by("pk")
    assert (first.noun, first.name, first.before, first.after) == (
        "wording", "Reminder, English, 1", {"opening": ""}, OPENING,
    )  # fmt: skip
    assert second.before == {"opening": OPENING["opening"], "reminds": ""}
    assert second.after == {"opening": "", "reminds": "Only a reminder."}
    assert (second.actor, second.noun_label) == (budi, "Wording of a message")


def test_a_colleague_who_saved_in_between_is_not_overwritten(budi: User) -> None:
    save(budi, OPENING)
    with pytest.raises(saving.WordedMeanwhile, match=r"Budi Santoso has saved version 1 in English meanwhile\."):
        save(budi, {"opening": "See you."}, seen=0)
    assert wordings.in_force("reminder")["en"].parts == OPENING


def test_all_languages_are_saved_or_none(budi: User) -> None:
    save(budi, {"opening": "Sampai jumpa."}, language="id")
    both = {"en": OPENING, "id": {"opening": "Sampai bertemu."}}
    with pytest.raises(saving.WordedMeanwhile):
        saving.save("reminder", both, seen={"en": 0, "id": 0}, by=actors.staff(budi), now=NOW)
    assert [row.language for row in Wording.objects.all()] == ["id"]


def test_back_to_ours_and_an_earlier_one_again_are_versions_of_their_own(budi: User) -> None:
    save(budi, OPENING)
    assert use(budi, 0, seen=1) is not None
    assert wordings.in_force("reminder")["en"].parts == {}
    assert use(budi, 0, seen=2) is None
    again = use(budi, 1, seen=2)
    assert again is not None
    assert (again.version, again.parts) == (3, OPENING)


def test_what_cannot_be_used_again_says_why(budi: User, melati: Clinic) -> None:
    wordings.write("reminder", "en", {"opening": "Hello {colour}", "gone": "x"}, after=0, by=budi, now=NOW)
    use(budi, 0, seen=1)
    with pytest.raises(DomainError, match=r"after the greeting: “{colour}” is not known here\."):
        use(budi, 1, seen=2)
    with pytest.raises(DomainError, match="There is no such version"):
        use(budi, 7, seen=2)
    with pytest.raises(saving.WordedMeanwhile):
        wordings.write("reminder", "en", OPENING, after=2, by=budi, now=NOW)
        use(budi, 0, seen=2)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_exactly_one_does(melati: Clinic, budi: User) -> None:
    start = Barrier(6)

    def one(number: int) -> bool:
        try:
            start.wait()
            save(budi, {"opening": f"We are glad to see you, number {number}."})
        except saving.WordedMeanwhile:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as pool:
        won: list[Any] = list(pool.map(one, range(6)))
    assert won.count(True) == 1
    assert Wording.objects.count() == AuditEntry.objects.count() == 1
