"""The playbook at the desk: found, read, judged; written by leads and managers."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.models import AnotherWay, Solution, SolutionComment, SolutionRead, SolutionVersion, SolutionVote
from tests.clock import NOW, days
from tests.factories import Clinic, UserFactory
from tests.factories.playbook import solution

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client, melati: Clinic, monday_morning: None) -> Client:
    client.force_login(melati.manager)
    return client


def page(browser: Client, name: str, *args: Any, query: str = "", expect: int = 200) -> str:
    response = browser.get(reverse(name, args=args) + query)
    assert response.status_code == expect
    return str(response.content.decode())


def post(browser: Client, name: str, *args: Any, expect: int = 302, **data: Any) -> str:
    response: Any = browser.post(reverse(name, args=args), data)
    assert response.status_code == expect
    return str(response.content.decode())


def written(**more: Any) -> dict[str, Any]:
    texts = {
        "title_en": "Same hour, other colleague",
        "when_en": "The hour matters most.",
        "steps_en": "Ask who may take over.",
        "words_en": "A colleague has the same hour for you.",
    }
    return {**texts, "used_by": "desk", "review_by": (NOW + days(30)).date().isoformat(), **more}


def test_a_solution_is_found_by_its_words_and_its_reason(desk: Client, melati: Clinic) -> None:
    solution(melati.manager, reasons=[melati.reason])
    solution(melati.manager, says={"title": {"en": "By phone"}})

    both, found, none = (page(desk, "playbook", query=query) for query in ("", "?q=PHONE", "?q=phone+zebra"))

    assert ("Another colleague" in both, "By phone" in both) == (True, True)
    assert ("Another colleague" in found, "By phone" in found) == (False, True)
    assert "Nothing fits these words" in none
    assert "Another colleague" in page(desk, "playbook", query=f"?reason={melati.reason.pk}")


def test_an_empty_playbook_says_who_writes_it(desk: Client) -> None:
    assert "No solution is written yet" in page(desk, "playbook")


def test_looking_changes_nothing_and_reading_is_said_by_hand(desk: Client, melati: Clinic) -> None:
    version = solution(melati.manager)

    shown = page(desk, "solution", version.solution_id)
    assert "not read yet" in shown
    assert not SolutionRead.objects.exists()

    post(desk, "read-solution", version.solution_id, version="1")
    assert [(one.version, one.reader) for one in SolutionRead.objects.all()] == [(version, melati.staff)]
    assert "not read yet" not in page(desk, "solution", version.solution_id)


def test_a_solution_leads_to_what_can_be_practised_for_its_causes(desk: Client, melati: Clinic) -> None:
    own = solution(melati.manager, reasons=[melati.reason]).solution_id
    every = solution(melati.manager).solution_id

    shown = [reverse("practise", args=["nobody-there"]) in page(desk, "solution", pk) for pk in (own, every)]
    assert shown == [True, False]


def test_what_it_said_before_is_there_to_be_read(desk: Client, melati: Clinic) -> None:
    first = solution(melati.manager)
    solution(melati.manager, of=first.solution, says={"title": {"en": "Somebody else"}})

    now, before = (page(desk, "solution", first.solution_id, query=query) for query in ("", "?version=1"))
    assert ("<h1>Somebody else</h1>" in now, "no longer in use" in now) == (True, False)
    assert ("<h1>Another colleague</h1>" in before, "no longer in use" in before) == (True, True)
    page(desk, "solution", first.solution_id, query="?version=3", expect=404)


def test_colleagues_vote_and_comment(desk: Client, melati: Clinic) -> None:
    found = solution(melati.manager).solution

    post(desk, "vote-solution", found.pk, worked="yes")
    post(desk, "vote-solution", found.pk, worked="no")
    post(desk, "comment-solution", found.pk, words="Ask about the bus.")
    empty = post(desk, "comment-solution", found.pk, words=" ", expect=422)
    ill = post(desk, "comment-solution", found.pk, words="Dr. Ratna has typhus again.", expect=422)

    assert [one.worked for one in SolutionVote.objects.all()] == [False]
    assert [one.words for one in SolutionComment.objects.all()] == ["Ask about the bus."]
    assert "Write what the others should know." in empty
    assert "health" in ill
    assert "worked for 0, not for 1" in page(desk, "solution", found.pk)


def test_a_lead_writes_one_and_changes_it(lead: Client, melati: Clinic) -> None:
    post(lead, "new-solution", **written(reasons=[melati.reason.pk]))
    found = Solution.objects.get()
    assert [list(found.reasons.all()), list(found.services.all())] == [[melati.reason], []]

    form = page(lead, "write-solution", found.pk)
    assert "Ask who may take over." in form
    post(lead, "write-solution", found.pk, **written(limits_en="Not on Sundays."))

    said = [(one.number, str(one.limits), one.written_by) for one in found.versions.all()]
    assert said == [(2, "Not on Sundays.", melati.manager), (1, "", melati.manager)]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"words_en": "You get a refund."}, "promises something of value"),
        ({"steps_en": "Say that Dr. Ratna has typhus."}, "health"),
        ({"review_by": NOW.date().isoformat()}, "Choose a day to come."),
        ({"title_en": ""}, "required"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_kept(lead: Client, said: dict[str, str], complaint: str) -> None:
    assert complaint in post(lead, "new-solution", **written(**said), expect=422)
    assert not Solution.objects.exists()


def test_what_may_be_meant_is_kept_and_said(lead: Client) -> None:
    response: Any = lead.post(reverse("new-solution"), written(words_en="We call you tomorrow."), follow=True)

    assert "is another day when it is read later" in response.content.decode()
    assert Solution.objects.count() == 1


def test_a_lead_looks_it_over_puts_it_away_and_brings_it_back(lead: Client, melati: Clinic) -> None:
    found = solution(melati.manager, review_by=NOW.date()).solution
    assert "to be looked over" in page(lead, "playbook")

    post(lead, "look-over-solution", found.pk)
    found.refresh_from_db()
    assert found.review_by == NOW.date() + days(180)
    for button, put_away in (("put-away", True), ("bring-back", False)):
        post(lead, "look-over-solution", found.pk, expect=302, **{button: "1"})
        found.refresh_from_db()
        assert (found.archived_at is not None) is put_away


def test_a_manager_begins_with_what_comes_with_the_product(lead: Client) -> None:
    assert "Begin with the solutions" in page(lead, "playbook")

    post(lead, "begin-playbook")
    shown = page(lead, "playbook")
    assert ("Call before they set out" in shown, "Begin with the solutions" in shown) == (True, False)


def test_for_the_desk_there_is_nothing_to_write(desk: Client, melati: Clinic) -> None:
    found = solution(melati.manager).solution

    assert "Write a solution" not in page(desk, "playbook")
    page(desk, "new-solution", expect=404)
    post(desk, "begin-playbook", expect=404)
    post(desk, "write-solution", found.pk, expect=404, **written())
    post(desk, "look-over-solution", found.pk, expect=404)
    assert SolutionVersion.objects.count() == 1


def test_others_find_no_playbook(client: Client, melati: Clinic) -> None:
    client.force_login(UserFactory())

    page(client, "playbook", expect=404)
    page(client, "solution", solution(melati.manager).solution_id, expect=404)


def test_a_full_shelf_takes_no_more_questions_than_one_solution(desk: Client, melati: Clinic) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(desk, "playbook")
        return len(queries)

    solution(melati.manager, reasons=[melati.reason], services=[melati.service])
    asked()
    few = asked()
    for _ in range(29):
        solution(melati.manager, reasons=[melati.reason], services=[melati.service])

    assert asked() == few


def test_what_a_colleague_did_instead_becomes_a_solution_or_is_seen(lead: Client, melati: Clinic) -> None:
    first, second = (
        AnotherWay.objects.create(words=words, by=melati.staff, at=NOW, round=melati.offered(melati.booked(start)))
        for words, start in (("I drove there myself.", "2026-11-25 10:00"), ("I sang.", "2026-11-25 11:00"))
    )
    assert "I drove there myself." in page(lead, "playbook")
    assert "I drove there myself." in page(lead, "new-solution", query=f"?from={first.pk}")
    assert lead.post(f"{reverse('new-solution')}?from={first.pk}", written()).status_code == 302
    post(lead, "looked-at", second.pk)
    assert not AnotherWay.objects.filter(taken_up_at=None).exists()
    assert "What colleagues did in another way" not in page(lead, "playbook")


@pytest.mark.parametrize("asked", ["0", "x", "9" * 30, "\u0663"])
def test_a_solution_begins_from_nothing_that_there_is_not(lead: Client, asked: str) -> None:
    page(lead, "new-solution", query=f"?from={asked}", expect=404)


def test_whoever_does_not_write_the_playbook_reads_nothing_of_it(desk: Client, melati: Clinic) -> None:
    one = AnotherWay.objects.create(words="I sang.", by=melati.staff, at=NOW, round=melati.offered())
    assert "I sang." not in page(desk, "playbook")
    post(desk, "looked-at", one.pk, expect=404)
