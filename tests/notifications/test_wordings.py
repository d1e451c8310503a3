"""The business words its messages itself: versions that nobody rewrites, in force when a text is written."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from notifications import outbox, wordings
from notifications.errors import SomebodyWasFaster
from notifications.models import Message, Wording
from notifications.text.values import EVERY, InForce
from tests.factories import UserFactory
from tests.notifications.conftest import NOON, Clock, person, post

pytestmark = pytest.mark.django_db

CONTEXT = {
    "what": "your time has moved",
    "case": "R-1042",
    "link": "https://clinic.example/r/[[link]]",
    "business": {"name": "Klinik Melati"},
    "contact": {"name": "Sari"},
}
THANKS = "Thanks for telling us ({case})."


@pytest.fixture
def budi() -> User:
    return UserFactory(username="budi")


def write(by: User, parts: dict[str, str], *, language: str = "en", kind: str = "worded", after: int = 0) -> Wording:
    return wordings.write(kind, language, parts, after=after, by=by, now=NOON)


def queued(key: str, **options: Any) -> Message:
    return post(key=key, kind="worded", context=CONTEXT, **options)


def test_without_a_wording_a_message_says_what_we_ship() -> None:
    message = queued("1")
    assert message.text.startswith("Thank you for your answer about R-1042. your time has moved")
    assert (message.subject, message.worded) == ("your time has moved", [])


def test_what_leaves_is_the_wording_in_force_and_the_message_remembers_which(budi: User) -> None:
    first = write(budi, {"thanks": THANKS})
    before = queued("1")
    second = write(budi, {"thanks": "We have read it: {case}."}, after=1)
    after = queued("2")
    assert before.text.startswith("Thanks for telling us (R-1042). your time has moved")
    assert after.text.startswith("We have read it: R-1042. your time")
    assert (before.worded, after.worded) == ([first.pk], [second.pk])
    assert list(Message.objects.order_by("key").values_list("worded", flat=True)) == [[first.pk], [second.pk]]


def test_what_is_written_when_it_leaves_has_the_wording_of_that_moment(budi: User, clock: Clock, deliver: Any) -> None:
    waiting = queued("1", unwritten=True)
    row = write(budi, {"thanks": THANKS})
    deliver()
    waiting.refresh_from_db()
    assert waiting.text.startswith("Thanks for telling us (R-1042).")
    assert waiting.worded == [row.pk]


def test_back_to_ours_is_a_version_without_words(budi: User) -> None:
    write(budi, {"thanks": THANKS})
    write(budi, {}, after=1)
    assert (queued("1").text[:10], queued("2").worded) == ("Thank you ", [])
    assert [row.version for row in wordings.versions("worded", "en")] == [2, 1]


def test_one_language_says_nothing_in_another_and_falls_back_to_ours_in_its_own(budi: User) -> None:
    write(budi, {"thanks": THANKS})
    message = queued("1", to=person(language="id"))
    assert message.text.startswith("Terima kasih atas jawaban tentang R-1042.")
    assert message.worded == []


def test_what_all_letters_share_is_worded_once(budi: User) -> None:
    row = write(budi, {"regards": "Yours,", "signature": "Open daily"}, kind=EVERY)
    message = queued("1")
    assert "Yours,\nSari\nOpen daily" in message.text
    assert message.worded == [row.pk]


def test_facts_of_the_subject_stay_whatever_is_said_around_them(budi: User) -> None:
    write(budi, {"subject": "Melati: {news}"})
    assert queued("1").subject == "Melati: your time has moved"


def test_signs_of_programs_are_text_and_html_is_inert(budi: User) -> None:
    write(budi, {"thanks": "{{ business.name }} {% now 'Y' %} <b>{case}</b> {nobody}"})
    message = queued("1")
    assert message.text.startswith("{{ business.name }} {% now 'Y' %} <b>R-1042</b> {nobody} your time")
    assert "&lt;b&gt;R-1042&lt;/b&gt;" in message.html


def test_a_preview_can_say_what_is_not_stored() -> None:
    words = wordings.tried("worded", {}, {"en": {"thanks": "Oh, {case}."}})
    shown = outbox.preview(kind="worded", to=person(), context=CONTEXT, words=words)
    assert shown.text.startswith("Oh, R-1042.")
    assert words == {"en": InForce(parts={"thanks": "Oh, {case}."})}


def test_a_test_says_that_it_is_one_and_carries_its_own_words(budi: User) -> None:
    write(budi, {"thanks": THANKS})
    context = CONTEXT | {wordings.TEST: {"kind": "worded", "words": {"en": {"thanks": "Oh, {case}."}}}}
    message = post(key="1", kind="worded", context=context)
    assert message.subject == "Test: your time has moved"
    assert message.text.startswith("This is a test. The links in it lead nowhere.\n\nOh, R-1042.")
    assert "This is a test." in message.html
    assert message.worded == []


def test_of_two_who_saw_the_same_version_the_second_is_told(budi: User) -> None:
    write(budi, {"thanks": THANKS})
    with pytest.raises(SomebodyWasFaster):
        write(budi, {"thanks": "Mine: {case}"}, after=0)
    with pytest.raises(SomebodyWasFaster):
        write(budi, {"thanks": "Mine: {case}"}, after=2)
    assert wordings.in_force("worded")["en"].parts == {"thanks": THANKS}


def test_nobody_rewrites_a_version_in_code(budi: User) -> None:
    write(budi, {"thanks": THANKS})
    for rewrite in (lambda: Wording.objects.update(version=2), lambda: Wording.objects.all().delete()):
        with pytest.raises(TypeError, match="append-only"):
            rewrite()


@pytest.mark.parametrize(
    "statement", ["UPDATE notifications_wording SET language = 'id'", "DELETE FROM notifications_wording"]
)
def test_nobody_rewrites_a_version_in_the_database(budi: User, statement: str) -> None:
    write(budi, {"thanks": THANKS})
    with pytest.raises(IntegrityError, match="wording_is_append_only"), transaction.atomic(), connection.cursor() as at:
        at.execute(statement)
    assert Wording.objects.get().language == "en"


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("wording_version_once|notifications_wording.kind", {"version": 1}),
        ("wording_counts_from_one", {"version": 0}),
        ("wording_names_kind", {"version": 2, "kind": ""}),
    ],
)
def test_the_database_refuses_what_is_no_version(budi: User, constraint: str, fields: dict[str, Any]) -> None:
    write(budi, {"thanks": THANKS})
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Wording.objects.create(**{"kind": "worded", "language": "en", "by": budi, "at": NOON} | fields)
