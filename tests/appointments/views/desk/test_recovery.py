"""A complaint at the desk: from the customer's words to what we change, a step at a time."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.domain.moving import answers
from appointments.domain.moving.replies import read_so_far
from appointments.domain.recovery import listening
from appointments.enums import CaseStage, CompensationState, PromiseKind
from appointments.models import CaseEntry, Compensation, Promise, RecoveryCase
from notifications.models import Message
from tests.clock import NOW
from tests.factories import Clinic, CustomerFactory, StaffFactory, UserFactory
from tests.factories.compensation import may_give

pytestmark = pytest.mark.django_db
TOLD = "I took a day off for this. Who pays for that?"


@pytest.fixture
def case(melati: Clinic, monday_morning: None) -> RecoveryCase:
    customer = CustomerFactory(name="Ana Putri", language="en", email="ana@mail.example", phone="+6281200000001")
    answers.tell(melati.offered(melati.booked(customer=customer)), words=TOLD, nonce="t", now=NOW)
    listening.listen(now=NOW)
    return RecoveryCase.objects.get()


def page(desk: Client, case: RecoveryCase, query: str = "", *, expect: int = 200) -> str:
    response = desk.get(reverse("complaint", args=[case.pk]) + query)
    assert response.status_code == expect
    return str(response.content.decode())


def post(desk: Client, case: RecoveryCase, step: str, *, expect: int = 302, **said: Any) -> str:
    response: Any = desk.post(reverse("complaint", args=[case.pk]), {"step": step, **said})
    assert response.status_code == expect
    case.refresh_from_db()
    return str(response.content.decode())


def answer(desk: Client, case: RecoveryCase, *, expect: int = 302, **said: Any) -> str:
    point = case.points.get()
    data = {f"point{point.pk}-{name}": value for name, value in ({"reply": "We do.", "action": "words"} | said).items()}
    response: Any = desk.post(reverse("answer-point", args=[case.pk, point.pk]), data)
    assert response.status_code == expect
    case.refresh_from_db()
    return str(response.content.decode())


def come_to_resolve(desk: Client, case: RecoveryCase) -> None:
    post(desk, case, "hear", concern="lost_time", points=["Who pays for that?"], wants="Her day back.")
    post(desk, case, "empathise", cost="You took a day off for nothing.")
    post(desk, case, "apologise", level="3")


def test_the_story_stands_open_before_the_reply_box_does(desk: Client, case: RecoveryCase) -> None:
    owed = Promise.objects.get(kind=PromiseKind.REPLY)
    response = desk.get(reverse("reply", args=[owed.pk]))
    assert response.headers["Location"] == reverse("complaint", args=[case.pk])
    shown = page(desk, case)
    for said in (TOLD, "Who pays for that?", "What is it about?", "We moved this customer once", case.number):
        assert said in shown


def test_a_complaint_is_worked_through_and_the_letter_says_all_of_it(desk: Client, case: RecoveryCase) -> None:
    come_to_resolve(desk, case)
    answer(desk, case)
    owed = Promise.objects.open().get(kind=PromiseKind.REPLY)
    letter = desk.get(reverse("reply", args=[owed.pk])).content.decode()
    words = "You took a day off for nothing.\n\nIt is our responsibility, and we are sorry.\n\nWe do."
    assert words in letter

    data = {"words": words, "step": "send", "to": read_so_far(owed)}
    assert desk.post(reverse("reply", args=[owed.pk]), data).status_code == 302
    case.refresh_from_db()
    assert (case.stage, Message.objects.filter(kind="reply").count()) == (CaseStage.DIAGNOSE, 1)

    post(desk, case, "diagnose", cause=cause_of(case), learned="Say it the day before.")
    assert case.stage == CaseStage.CLOSED
    shown = page(desk, case)
    assert "Say it the day before." in shown
    assert "Keep and" not in shown


def cause_of(case: RecoveryCase) -> int:
    assert case.request is not None
    return int(case.request.reason_id)


@pytest.mark.parametrize(
    ("step", "said", "why"),
    [
        ("hear", {"points": ["Who pays for that?"]}, "Say what it is about."),
        ("hear", {"concern": "wait"}, "Name at least one point"),
        ("empathise", {"cost": " "}, "Write what it cost"),
        ("empathise", {"cost": "A day, {name}."}, "{name}"),
        ("apologise", {"level": "1"}, "1"),
        ("diagnose", {"learned": "x"}, "Choose the cause."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    desk: Client, case: RecoveryCase, step: str, said: dict[str, Any], why: str
) -> None:
    if step in ("empathise", "apologise"):
        post(desk, case, "hear", concern="wait", points=["Who pays for that?"])
    if step == "apologise":
        post(desk, case, "empathise", cost="A day.")
    before = case.stage
    assert why in post(desk, case, step, expect=422, **said)
    assert case.stage == before


def test_a_step_that_has_not_come_is_refused_in_a_sentence(desk: Client, case: RecoveryCase) -> None:
    assert "First: Listen." in post(desk, case, "empathise", expect=422, cost="A day.")


def test_a_step_that_is_done_can_be_gone_over(desk: Client, case: RecoveryCase) -> None:
    come_to_resolve(desk, case)
    assert "You took a day off for nothing." in page(desk, case, "?step=empathise")
    post(desk, case, "empathise", cost="You lost a day.")
    assert (case.cost, case.stage) == ("You lost a day.", CaseStage.RESOLVE)


def test_a_point_without_an_answer_is_said(desk: Client, case: RecoveryCase) -> None:
    come_to_resolve(desk, case)
    assert "Write what the customer hears about this point." in answer(desk, case, reply="", expect=422)


def test_a_call_is_promised_from_here_and_looked_for_again(desk: Client, case: RecoveryCase) -> None:
    come_to_resolve(desk, case)
    answer(desk, case, action="call")
    call = Promise.objects.open().get(kind=PromiseKind.CALL)
    assert reverse("promise", args=[call.pk]) in page(desk, case)
    response = desk.post(reverse("settle-complaint", args=[case.pk]), follow=True)
    assert "Something has still to happen" in response.content.decode()


def test_a_colleague_takes_it_over_or_is_given_it(desk: Client, case: RecoveryCase, melati: Clinic) -> None:
    other = StaffFactory(first_name="Sinta")
    address = reverse("hand-on-complaint", args=[case.pk])
    desk.post(address, {"to": other.pk, "note": "She knows her."})
    case.refresh_from_db()
    assert case.owner == other
    assert "I take it over" in page(desk, case)
    desk.post(address, {"take": "1"})
    case.refresh_from_db()
    assert case.owner == melati.staff
    assert "I take it over" not in page(desk, case)
    assert desk.post(address, {"to": ""}).status_code == 422


def test_one_is_written_down_at_the_counter_once(desk: Client, melati: Clinic) -> None:
    appointment = melati.booked()
    address = reverse("write-complaint", args=[appointment.pk])
    assert address in desk.get(reverse("appointment", args=[appointment.pk])).content.decode()
    assert "Write down what the customer said." in desk.post(address, {"nonce": "n"}).content.decode()
    for _again in range(2):
        desk.post(address, {"words": "It was loud.", "nonce": "n"})
    assert list(CaseEntry.objects.values_list("origin", "words")) == [("staff", "It was loud.")]
    assert RecoveryCase.objects.get().owner == melati.staff


def test_the_queue_shows_what_waits_and_beside_it_what_was_put_right(desk: Client, case: RecoveryCase) -> None:
    def listed(query: str = "?all") -> str:
        return str(desk.get(reverse("complaints") + query, follow=True).content.decode())

    whole = reverse("complaint", args=[case.pk])
    assert "nobody has listened yet" in listed()
    assert f'<a class="work-name" href="{whole}">Ana Putri</a>' in listed("?mine")
    assert "Who has how much" in listed()
    RecoveryCase.objects.update(owner=StaffFactory())
    assert whole not in listed("?mine")
    post(desk, case, "hear", concern="nothing", more="Why?", wants="Nothing.")
    case.points.update(action="words", reply="Like this.", decided_at=NOW, done_at=NOW)
    RecoveryCase.objects.update(stage="closed", closed_at=NOW, concern="nothing")
    assert "Nobody is unhappy that we know of" in listed()
    assert "Put right last" in listed()
    assert whole in listed()


@pytest.mark.parametrize("name", ["complaint", "write-complaint", "hand-on-complaint", "settle-complaint"])
def test_who_does_not_work_at_the_desk_finds_nothing(client: Client, case: RecoveryCase, name: str) -> None:
    client.force_login(UserFactory())
    address = reverse(name, args=[case.appointment_id if name == "write-complaint" else case.pk])
    assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}


def test_many_points_take_as_many_queries_as_one(desk: Client, case: RecoveryCase) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(desk, case)
        return len(queries)

    come_to_resolve(desk, case)
    few = asked()
    post(
        desk,
        case,
        "hear",
        concern="lost_time",
        points=["Who pays for that?"],
        more="\n".join(f"No {n}" for n in range(25)),
    )
    assert case.points.count() == 26
    assert asked() == few <= 30


def test_what_is_given_for_a_point_stands_in_the_letter(desk: Client, case: RecoveryCase, melati: Clinic) -> None:
    may_give(melati.staff, 50_000)
    come_to_resolve(desk, case)
    answer(desk, case, action="give", benefit="money", amount="50000", reply="You receive IDR 50,000 for your day.")
    given = Compensation.objects.get()
    promise = Promise.objects.open().get(kind=PromiseKind.REPLY)
    html = desk.get(reverse("reply", args=[promise.pk])).content.decode()
    assert given.code in html
    assert "a discount of IDR 50,000 on your next bill" in html


def test_more_than_one_may_give_waits_and_so_does_the_letter(desk: Client, case: RecoveryCase, melati: Clinic) -> None:
    come_to_resolve(desk, case)
    answer(desk, case, action="give", benefit="extra", words="a free check", worth="40000", reply="A free check.")
    given = Compensation.objects.get()
    assert given.state == CompensationState.WAITING
    promise = Promise.objects.open().get(kind=PromiseKind.REPLY)
    assert desk.get(reverse("reply", args=[promise.pk])).status_code == 302


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"benefit": "money", "amount": ""}, "amount"),
        ({"benefit": "percent", "percent": "", "worth": "1"}, "percent"),
        ({"benefit": "fee", "words": "no fee for the visit", "worth": ""}, "worth"),
    ],
)
def test_what_is_given_is_said_in_full(desk: Client, case: RecoveryCase, said: dict[str, str], field: str) -> None:
    come_to_resolve(desk, case)
    html = answer(desk, case, expect=422, action="give", reply="Here.", **said)
    assert f'id="id_point{case.points.get().pk}-{field}_error"' in html
    assert not Compensation.objects.exists()


def test_an_amount_that_is_not_given_is_refused_in_words(desk: Client, case: RecoveryCase, melati: Clinic) -> None:
    may_give(melati.staff, 50_000)
    come_to_resolve(desk, case)
    said = "You receive IDR 90,000 for your day."
    answer(desk, case, expect=422, action="give", benefit="money", amount="50000", reply=said)
    assert not Compensation.objects.exists()


def test_an_insult_is_asked_about_by_its_matter_and_kept_as_it_was_said(desk: Client, case: RecoveryCase) -> None:
    said = "You idiots moved me three times."
    CaseEntry.objects.update(words=said)
    assert "You … moved me three times." in page(desk, case)
    post(desk, case, "hear", points=[said], concern="again", wants="Her time.")
    assert [point.words for point in case.points.all()] == [said]
    post(desk, case, "empathise", cost="You came three times for nothing.")
    post(desk, case, "apologise", level="3")
    unfolded = re.sub(r'<details class="words">.*?</details>', "", page(desk, case), flags=re.DOTALL)
    assert "You … moved me three times." in unfolded
    assert "idiots" not in unfolded
