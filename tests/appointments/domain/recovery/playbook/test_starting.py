"""What a business begins with: complete in both languages, honest for every cause it is for, and put in once."""

from typing import Any

import pytest

from appointments.demo import reasons
from appointments.domain.recovery.playbook import judging, starting
from appointments.domain.recovery.playbook.starting import ONES, Start
from appointments.enums import Family, Fault
from appointments.models import Solution, SolutionVersion
from appointments.models.playbook import TEXTS
from tests.clock import NOW, days
from tests.factories import ManagerFactory, ReasonFactory
from tests.factories.playbook import solution

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "id")
by_code = pytest.mark.parametrize("one", ONES, ids=lambda one: one.code)


def test_both_files_hold_the_same_ones() -> None:
    assert {language: set(starting._file(language)) for language in LANGUAGES} == {
        language: {one.code for one in ONES} for language in LANGUAGES
    }


@by_code
def test_each_says_the_same_parts_in_both_languages_within_their_limits(one: Start) -> None:
    said = starting.texts(one.code)

    for name in ("title", "when", "steps", "words"):
        assert set(said[name]) == set(LANGUAGES)
    for name in TEXTS:
        assert set(said[name]) in ({*LANGUAGES}, set())
        field: Any = SolutionVersion._meta.get_field(name)
        assert all(len(words) <= field.max_length for words in said[name].values())
    for name in ("steps", "questions"):
        counted = {len(words.splitlines()) for words in said[name].values()}
        assert len(counted) <= 1, f"{name}: as many in each language"


@by_code
def test_its_words_are_honest_for_every_shipped_cause_it_is_for(one: Start) -> None:
    reasons.write()
    said = starting.texts(one.code)

    assert list(one.causes())
    assert judging.of_words(said["words"], reasons=list(one.causes())) == []
    assert [found for name in TEXTS if name != "words" for found in judging.of_notes(said[name])] == []


def test_every_shipped_cause_has_three_solutions_of_which_one_is_its_own() -> None:
    causes = reasons.write()
    starting.put_in(now=NOW)

    for cause in causes.values():
        there = SolutionVersion.objects.in_use().meant_for(reason=cause, service=None)
        assert there.count() >= 3, cause.code
        assert there.filter(solution__reasons=cause).exists(), cause.code


def test_they_are_put_in_once_and_what_was_changed_stays() -> None:
    reasons.write()
    made = starting.put_in(now=NOW)
    assert [(one.number, one.written_by, one.written_at) for one in made] == [(1, None, NOW)] * len(ONES)
    assert made[0].solution.review_by == (NOW + days(180)).date()
    changed = solution(ManagerFactory(), of=made[0].solution)

    assert starting.put_in(now=NOW) == []
    assert Solution.objects.count() == len(ONES)
    assert SolutionVersion.objects.newest().get(solution=made[0].solution) == changed


def test_what_has_no_cause_here_waits_until_there_is_one() -> None:
    first = {one.solution.code for one in starting.put_in(now=NOW)}
    assert first == {one.code for one in ONES if one.is_for_any}

    ReasonFactory(family=Family.CUSTOMER, fault=Fault.CUSTOMER)
    assert [one.solution.code for one in starting.put_in(now=NOW)] == ["customers-wish"]


def test_of_two_who_begin_at_once_one_puts_each_in() -> None:
    any_of = next(one for one in ONES if one.is_for_any)

    assert starting._write(any_of, now=NOW) is not None
    assert starting._write(any_of, now=NOW) is None, "found out only while writing"
    assert SolutionVersion.objects.count() == 1
