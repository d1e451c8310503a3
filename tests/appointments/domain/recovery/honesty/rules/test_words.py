"""Certainty, blame, what is private, and words that go stale."""

import pytest

from tests.appointments.domain.recovery.honesty.situations import kinds, words


def test_certainty_needs_a_fact() -> None:
    assert kinds("It will definitely be ready.") == ["certainty"]
    assert kinds("It will definitely be ready.", confirmed=True) == []
    assert kinds("We cannot guarantee it.") == []


def test_blame_is_of_others_never_of_ourselves() -> None:
    assert kinds("You forgot it.") == ["blame"]
    assert kinds("Rina forgot it.") == ["blame"]
    assert kinds("I forgot it.") == []
    assert kinds("If you forgot it, no problem.") == []


def test_details_are_private_where_the_cause_is() -> None:
    assert kinds("She is at a funeral.", private=True) == ["private"]
    assert kinds("She is at a funeral.") == []


@pytest.mark.parametrize(
    "text", ["See you tomorrow, 3 December.", "On 3 December, tomorrow, at ten.", "Tomorrow (3/12) at ten."]
)
def test_a_date_beside_it_keeps_a_day_fresh(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "See you tomorrow.",
        "See you tomorrow, Thursday.",
        "On 3 December it is our turn to do all that we can for you, so tomorrow.",
        "3 December.\n\nSee you tomorrow.",
    ],
)
def test_a_day_without_a_date_beside_it_goes_stale(text: str) -> None:
    assert kinds(text) == ["stale"]


def test_what_is_read_on_its_day_may_say_today() -> None:
    assert kinds("We run late today.", same_day=True) == []
    assert words("We run late today and tomorrow.", same_day=True) == ["tomorrow"]
