"""The words of a solution are held to what every text for customers is held to."""

from appointments.domain.recovery.honesty import Finding, Kind
from appointments.domain.recovery.playbook import judging
from appointments.enums import Family, Fault
from tests.factories import Clinic, ReasonFactory


def kinds(found: list[tuple[str, Finding]]) -> list[tuple[str, Kind]]:
    return [(code, one.kind) for code, one in found]


def test_good_words_pass_in_both_languages(melati: Clinic) -> None:
    texts = {"en": "A colleague has the same hour for you.", "id": "Rekan kami bisa melayani Ibu pada jam yang sama."}

    assert judging.of_words(texts, reasons=[melati.reason]) == []


def test_money_and_the_wrong_language_are_found_with_the_language_they_stand_in(melati: Clinic) -> None:
    texts = {"en": "You get a refund of Rp 50.000.", "id": "A colleague has the same hour for you on that day."}

    assert set(kinds(judging.of_words(texts, reasons=[]))) == {("en", Kind.MONEY), ("id", Kind.LANGUAGE)}


def test_each_cause_is_asked_and_the_same_finding_is_said_once(melati: Clinic) -> None:
    flood = ReasonFactory(family=Family.OUTSIDE, fault=Fault.NOBODY)
    texts = {"en": "It was our mistake. You get a refund."}

    assert kinds(judging.of_words(texts, reasons=[melati.reason])) == [("en", Kind.MONEY)]
    found = kinds(judging.of_words(texts, reasons=[melati.reason, flood]))
    assert sorted(found) == [("en", Kind.CAUSE), ("en", Kind.MONEY)]


def test_notes_for_colleagues_hold_nothing_of_anybodys_health() -> None:
    texts = {"en": "Promise no refund.", "id": "Dr. Ratna sakit tifus, jadi cari pengganti."}

    assert set(kinds(judging.of_notes(texts))) == {("id", Kind.HEALTH)}
