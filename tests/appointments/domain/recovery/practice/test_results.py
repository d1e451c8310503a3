"""Results are for whoever practised; managers learn how many did, and nobody learns who."""

import pytest
from django.contrib import admin
from django.db import IntegrityError

from appointments.domain.recovery.practice import results, scenarios
from appointments.domain.recovery.practice.results import Own, Practised
from appointments.domain.recovery.practice.scoring import Mark, Score
from appointments.models import PracticeRun
from appointments.roles import ROLES
from tests.clock import NOW, days, minutes
from tests.factories import Clinic, UserFactory


def score(right: int, of: int) -> Score:
    return Score(tuple(Mark("x", () if number < right else ("no",)) for number in range(of)))


def done(melati: Clinic, right: int, of: int = 5) -> None:
    one = scenarios.scenario("late-at-night", "en")
    assert one is not None
    results.keep(one, score(right, of), by=melati.staff, now=NOW)


def test_the_best_counts_and_how_often(melati: Clinic) -> None:
    for right in (2, 5, 3):
        done(melati, right)

    assert results.own(melati.staff) == {"late-at-night": Own(3, 5, 5)}
    assert results.own(melati.staff)["late-at-night"].is_done
    assert results.own(melati.manager) == {}


def test_what_has_grown_since_is_counted_by_its_share(melati: Clinic) -> None:
    done(melati, 5, 7)
    done(melati, 4, 5)

    assert results.own(melati.staff)["late-at-night"] == Own(2, 4, 5)
    assert not results.own(melati.staff)["late-at-night"].is_done


@pytest.mark.parametrize(("ago", "count"), [(days(90), 0), (days(90) - minutes(1), 1)])
def test_managers_learn_how_many_of_the_desk_practised_lately(melati: Clinic, ago: object, count: int) -> None:
    for who in (melati.staff, melati.staff, UserFactory()):
        PracticeRun.objects.create(colleague=who, scenario="flooded", at=NOW - ago, right=1, of=7)  # type: ignore[operator]

    assert results.practised(now=NOW) == Practised(count, 2)


def test_nobody_reads_the_results_of_others_in_the_admin_or_by_right() -> None:
    assert PracticeRun not in admin.site._registry
    assert not [name for rights in ROLES.values() for names in rights.values() for name in names if "practice" in name]


def test_no_more_is_right_than_was_looked_at(melati: Clinic) -> None:
    with pytest.raises(IntegrityError, match="practice_right_of_all"):
        PracticeRun.objects.create(colleague=melati.staff, scenario="flooded", at=NOW, right=8, of=7)
