"""The shelf: what is found, in which order, and how many questions it takes."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.domain.pages.playbook import Line, for_situation, menu_for, shelf
from appointments.domain.recovery.playbook import opinions, writing
from appointments.enums import RequestState, UsedBy
from appointments.models import Business, Reason, SolutionUse, SolutionVersion
from tests.clock import NOW, days
from tests.factories import Clinic, CustomerFactory, ReasonFactory, RescheduleRequestFactory, ServiceFactory
from tests.factories.playbook import solution

TODAY = NOW.date()


def titles(lines: list[Line]) -> list[str]:
    return [str(line.version) for line in lines]


def named(melati: Clinic, title: str, **more: object) -> SolutionVersion:
    return solution(melati.manager, says={"title": {"en": title}}, **more)  # type: ignore[arg-type]


def found(melati: Clinic, words: str = "", reason: Reason | None = None, **more: bool) -> list[str]:
    return titles(shelf(reader=melati.staff, today=TODAY, words=words, reason=reason, **more))


def test_words_are_found_in_any_order_language_and_spelling(melati: Clinic) -> None:
    named(melati, "Café by phone", reasons=[melati.reason])
    named(melati, "Wait for a time")

    assert found(melati, "phone CAFE") == ["Café by phone"]
    assert found(melati, "rekan sakit") == ["Café by phone"]
    assert found(melati, "penting") == ["Café by phone", "Wait for a time"]
    assert found(melati, "phone wait") == []


def test_by_reason_come_its_own_and_those_for_every_reason(melati: Clinic) -> None:
    other = ReasonFactory()
    named(melati, "Own", reasons=[melati.reason])
    named(melati, "Other", reasons=[other])
    named(melati, "Every")

    assert found(melati, reason=melati.reason) == ["Every", "Own"]


def test_what_is_put_away_stands_apart(melati: Clinic) -> None:
    gone = named(melati, "Gone")
    named(melati, "Here")
    writing.put_away(gone.solution, by=melati.manager, now=NOW)

    assert (found(melati), found(melati, put_away=True)) == (["Here"], ["Gone"])


def test_in_a_situation_both_reason_and_service_have_to_fit(melati: Clinic) -> None:
    named(melati, "Fits", reasons=[melati.reason], services=[melati.service])
    named(melati, "Other service", reasons=[melati.reason], services=[ServiceFactory()])
    named(melati, "Any")

    def there(reason: Reason | None) -> list[str]:
        return titles(for_situation(reason=reason, service=melati.service, reader=melati.staff, today=TODAY))

    assert (there(melati.reason), there(None)) == (["Any", "Fits"], ["Any"])


def test_what_helped_stands_first_and_few_say_nothing(melati: Clinic) -> None:
    good, bad, few = (named(melati, title) for title in ("Zebra", "Ant", "Cat"))
    day = count()
    states = [RequestState.ACCEPTED, RequestState.ACCEPTED, RequestState.KEPT]
    for version, ends in ((good, states), (bad, [RequestState.KEPT] * 3), (few, [RequestState.KEPT] * 2)):
        for end in ends:
            where = melati.booked(NOW + days(2 + next(day)), customer=CustomerFactory(), room=None)
            round_ = RescheduleRequestFactory(appointment=where, state=end, closed_at=NOW)
            SolutionUse.objects.create(version=version, round=round_, by=melati.staff, at=NOW)

    lines = shelf(reader=melati.staff, today=TODAY)
    assert [(str(one.version), one.helped.times, one.helped.of, one.helped.is_known) for one in lines] == [
        ("Zebra", 2, 3, True),
        ("Cat", 0, 2, False),
        ("Ant", 0, 3, True),
    ]


def test_a_line_says_what_the_reader_may_and_has_done(melati: Clinic) -> None:
    version = named(melati, "One", used_by=UsedBy.LEADS, review_by=TODAY)
    opinions.read(version, by=melati.staff, now=NOW)
    opinions.vote(version.solution, worked=True, by=melati.staff, now=NOW)
    opinions.vote(version.solution, worked=False, by=melati.manager, now=NOW)

    for reader, may, read in ((melati.staff, False, True), (melati.manager, True, False)):
        (line,) = shelf(reader=reader, today=TODAY)
        assert (line.may_use, line.is_read, line.worked, line.did_not) == (may, read, 1, 1)


@pytest.mark.parametrize(("review_by", "is_due"), [(TODAY, True), (TODAY + days(1), False)])
def test_it_is_due_on_the_day_itself(melati: Clinic, review_by: object, is_due: bool) -> None:
    named(melati, "One", review_by=review_by)

    assert [line.is_due for line in shelf(reader=melati.staff, today=TODAY)] == [is_due]
    assert found(melati, due=True) == ["One"] * is_due


def test_thirty_take_no_more_questions_than_one(melati: Clinic) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shelf(reader=melati.staff, today=TODAY, words="hour")
        return len(queries)

    named(melati, "One", reasons=[melati.reason], services=[melati.service])
    asked()
    few = asked()
    for number in range(29):
        named(melati, f"No. {number}", reasons=[melati.reason], services=[melati.service])

    assert (few, asked()) == (6, 6)


@pytest.mark.parametrize(
    ("honorific", "tone", "word"), [("ms", "", "Ibu"), ("mr", "warm", "Kak"), ("", "", "Bapak/Ibu")]
)
def test_its_words_are_said_to_the_customer_who_gets_them(melati: Clinic, honorific: str, tone: str, word: str) -> None:
    solution(melati.manager, says={"words": {"id": "Waktu Bapak/Ibu kami utamakan."}})
    Business.objects.update(tone=tone or Business.current().tone)
    appointment = melati.booked("2026-11-30 09:00", customer=CustomerFactory(language="id", honorific=honorific))
    menu = menu_for(appointment, reason=None, reader=melati.staff, now=NOW)
    assert [one.words for one in menu.solutions] == [f"Waktu {word} kami utamakan."]
