"""Practice is held to the rules of the real work, and says finding by finding what they say."""

from dataclasses import replace

import pytest

from appointments.domain.recovery.practice import scenarios, scoring
from appointments.domain.recovery.practice.scenarios import Scenario
from appointments.domain.recovery.practice.scoring import Score, Worked
from appointments.enums import ApologyLevel, Family, Task
from tests.appointments.domain.recovery.practice.test_scenarios import EVERY

LETTERS = [one for one in EVERY if one.facts.task == Task.LETTER]
COMPLAINTS = [one for one in EVERY if one.facts.task == Task.COMPLAINT]


def names(one: Scenario) -> str:
    return f"{one.language}-{one.code}"


def told(code: str) -> Scenario:
    found = scenarios.scenario(code, "en")
    assert found is not None
    return found


def well_done(one: Scenario, **other: object) -> Worked:
    """As the example of the scenario has it; `other` is done otherwise."""
    cause = Family.OPERATIONAL if one.facts.has_broken else one.facts.family
    worked = Worked(
        replies=dict(zip(one.points, one.replies, strict=True)),
        cost=one.cost,
        apology=ApologyLevel.RESPONSIBLE,
        cause=cause,
        learned=one.learned,
    )
    return replace(worked, **other)  # type: ignore[arg-type]


def wrong(score: Score) -> dict[str, tuple[str, ...]]:
    return {mark.what: mark.remarks for mark in score.marks if not mark.is_right}


@pytest.mark.parametrize("one", LETTERS, ids=names)
def test_the_example_of_a_letter_is_all_right(one: Scenario) -> None:
    score = scoring.of_letter(one, one.example)

    assert wrong(score) == {}
    assert (score.right, score.of) == (7, 7)


@pytest.mark.parametrize("one", COMPLAINTS, ids=names)
def test_the_example_of_a_complaint_is_all_right(one: Scenario) -> None:
    score = scoring.of_complaint(one, well_done(one))

    assert wrong(score) == {}
    assert (score.right, score.of) == (5, 5)


def test_an_empty_letter_lacks_every_part() -> None:
    score = scoring.of_letter(told("flooded"), " ")

    assert list(wrong(score)) == [
        "The greeting",
        "Why",
        "The choices",
        "Until when",
        "Whom to turn to",
        "The signature",
    ]
    assert (score.right, score.of) == (1, 7)


def test_a_part_that_is_left_out_is_named_and_the_rest_stands() -> None:
    one = told("nobody-there")
    without_until = "\n\n".join(part for part in one.example.split("\n\n") if "answer by" not in part)

    assert wrong(scoring.of_letter(one, without_until)) == {
        "Until when": ("It does not say until when. Name the day and the hour.",)
    }


@pytest.mark.parametrize(
    ("code", "added", "said"),
    [
        ("nobody-there", "Dr. Arini has typhus.", "speaks of a colleague’s health"),
        ("nobody-there", "You get a refund.", "promises something of value"),
        ("nobody-there", "Dr. Arini is at a wedding.", "gives a detail of a private reason"),
        ("flooded", "It was our mistake.", "says that it is our fault"),
        ("flooded", "[name]", "looks like a placeholder"),
    ],
)
def test_what_must_not_leave_is_explained_as_in_real_work(code: str, added: str, said: str) -> None:
    one = told(code)
    found = wrong(scoring.of_letter(one, one.example.replace("\n\nKind regards", f" {added}\n\nKind regards")))

    assert list(found) == ["Nothing that must not leave"]
    assert any(said in remark for remark in found["Nothing that must not leave"])


def test_a_point_left_out_is_said_in_the_customers_words() -> None:
    one = told("late-at-night")
    score = scoring.of_complaint(one, well_done(one, replies={"Who pays for that?": "I tell you by Thursday."}))

    assert wrong(score) == {"Listen": ("Left out, and it waits for an answer: “Will it be moved again?”",)}


@pytest.mark.parametrize(
    ("code", "apology", "enough"),
    [
        ("late-at-night", ApologyLevel.SORRY, False),
        ("nobody-called", ApologyLevel.SORRY, False),
        ("nobody-called", ApologyLevel.RESPONSIBLE, True),
        ("only-asking", ApologyLevel.REGRET, True),
    ],
)
def test_the_apology_is_held_to_whose_doing_it_was(code: str, apology: ApologyLevel, enough: bool) -> None:
    assert (
        "Say sorry" not in wrong(scoring.of_complaint(told(code), well_done(told(code), apology=apology)))
    ) is enough


def test_where_a_real_complaint_would_have_stopped_the_later_steps_are_not_reached() -> None:
    one = told("late-at-night")

    found = wrong(scoring.of_complaint(one, well_done(one, cost=" ")))
    assert list(found) == ["See what it cost", "Say sorry", "Put it right", "Learn from it"]
    assert found["Say sorry"] == (
        "In a real complaint you would not have come here: “See what it cost” is still open.",
    )

    nothing = scoring.of_complaint(one, Worked(replies={}, cost="", apology=None, cause=None, learned=""))
    assert nothing.right == 0


def test_an_answer_is_read_and_named_by_its_point() -> None:
    one = told("late-at-night")
    replies = {"Who pays for that?": "You get a refund.", "Will it be moved again?": "  "}

    found = wrong(scoring.of_complaint(one, well_done(one, replies=replies)))["Put it right"]
    assert found[0].startswith("“Who pays for that?” “refund” promises something of value")
    assert found[1].startswith("“Will it be moved again?” Write what the customer hears about this point.")


def test_the_cause_of_a_broken_promise_is_ours_whoever_wished_the_move() -> None:
    one = told("nobody-called")

    found = wrong(scoring.of_complaint(one, well_done(one, cause=Family.CUSTOMER, learned=" ")))
    assert found == {
        "Learn from it": (
            "The cause is another one: technical or operational.",
            "Write what we change, so that it happens less.",
        )
    }
