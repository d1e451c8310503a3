"""The ways out of the five steps, from facts alone."""

import itertools

import pytest

from appointments.domain.recovery import exits
from appointments.enums import ApologyLevel, CaseConcern, CaseStage

WRONG, NOTHING = CaseConcern.WAIT, CaseConcern.NOTHING


@pytest.mark.parametrize(
    ("concern", "cost", "apology", "points", "step"),
    [
        ("", "", None, [], CaseStage.HEAR),
        ("", "A day.", 3, [True], CaseStage.HEAR),
        (WRONG, "", None, [False], CaseStage.EMPATHISE),
        (WRONG, "A day.", None, [False], CaseStage.APOLOGISE),
        (WRONG, "A day.", 1, [], CaseStage.RESOLVE),
        (WRONG, "A day.", 1, [True, False], CaseStage.RESOLVE),
        (WRONG, "A day.", 1, [True, True], CaseStage.DIAGNOSE),
        (NOTHING, "", None, [False], CaseStage.RESOLVE),
        (NOTHING, "", None, [True], CaseStage.DIAGNOSE),
    ],
)
def test_the_first_step_whose_way_out_is_closed(
    concern: str, cost: str, apology: int | None, points: list[bool], step: CaseStage
) -> None:
    assert exits.step_of(concern=concern, cost=cost, apology=apology, points=lambda: points) == step


def test_points_are_not_asked_for_before_their_step() -> None:
    def asked() -> list[bool]:
        raise AssertionError

    assert exits.step_of(concern=WRONG, cost="", apology=None, points=asked) == CaseStage.EMPATHISE


def test_what_we_did_or_broke_takes_responsibility() -> None:
    least = {
        (ours, broken): exits.least_apology(is_ours=ours, has_broken=broken)
        for ours, broken in itertools.product((True, False), repeat=2)
    }

    assert {key for key, level in least.items() if level == ApologyLevel.REGRET} == {(False, False)}
    assert set(least.values()) == {ApologyLevel.REGRET, ApologyLevel.RESPONSIBLE}
