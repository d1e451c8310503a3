"""What can be practised: complete in both languages, about people who do not exist."""

from typing import Any

import pytest
from django.test import override_settings

from appointments.domain.recovery.practice import scenarios, scoring
from appointments.domain.recovery.practice.scenarios import ONES, Scenario
from appointments.enums import Family, Task
from appointments.models import PracticeRun

LANGUAGES = ("en", "id")
EVERY = [one for language in LANGUAGES for one in scenarios.all_of_them(language)]
each = pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one.language}-{one.code}")


def test_both_languages_tell_every_situation() -> None:
    assert [(one.language, one.code) for one in EVERY] == [
        (language, one.code) for language in LANGUAGES for one in ONES
    ]


@each
def test_a_story_has_what_its_task_needs(one: Scenario) -> None:
    assert one.title
    assert one.situation
    if one.facts.task == Task.LETTER:
        assert (bool(one.example), one.said) == (True, "")
    else:
        assert one.cost
        assert one.learned
        assert len(one.replies) == len(one.points) >= 2
        assert set(one.points) < set(scoring.sentences(one)), "some of what is said needs no answer"


def test_whoever_reads_another_language_gets_the_sites_own() -> None:
    with override_settings(LANGUAGE_CODE="id", LANGUAGES=[("id", "Indonesian"), ("en", "English")]):
        found = scenarios.scenario("flooded", "nl")
    assert found is not None
    assert (found.language, found.title) == ("id", "Jalan terendam")


def test_what_does_not_exist_is_nothing() -> None:
    assert scenarios.scenario("unheard-of", "en") is None


def test_codes_fit_into_a_result() -> None:
    field: Any = PracticeRun._meta.get_field("scenario")

    assert max(len(one.code) for one in ONES) <= field.max_length


def test_a_cause_is_practised_in_situations_of_its_family() -> None:
    found = scenarios.for_causes({Family.OUTSIDE, Family.ABSENCE}, "en")

    assert [one.code for one in found] == ["nobody-there", "flooded"]
    assert scenarios.for_causes(set(), "en") == []
