"""The second reader of the honesty check learns the same from the same texts, and says when it is behind."""

from pathlib import Path

import numpy as np
import pytest

from appointments.domain.recovery.honesty import Kind
from appointments.domain.recovery.honesty.learned.weights import KINDS
from scripts.learn_honesty import learning, texts
from scripts.learn_honesty.__main__ import check
from scripts.learn_honesty.learning import Limits, Tried
from scripts.learn_honesty.texts import Text
from tests.appointments.domain.recovery.honesty import situations


def test_what_it_has_learned_is_of_the_texts_that_are_here() -> None:
    assert check() == 0


def test_one_more_text_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "english_f.txt").write_text("good :: Come at ten.\n")
    monkeypatch.setattr(texts, "TAUGHT", tmp_path)

    assert check() == 2


def told(kinds: set[str], *buckets: int) -> Text:
    features = {"words": dict.fromkeys(buckets, (0, 0))}
    return Text("somebody", frozenset(kinds), frozenset(), features, (features,))


def test_it_learns_what_bad_texts_have_in_common_and_always_the_same() -> None:
    known = [told({"money"}, 1, 2), told({"money"}, 1, 3), told(set(), 2, 3), told(set(), 2, 4)]
    known += [told({kind}, 5) for kind in KINDS if kind != Kind.MONEY]

    of = learning.learn(known)
    weights = of[Kind.MONEY].table

    assert max(range(6), key=lambda at: weights[at]) == 1
    assert weights[2] < 0 < weights[1]
    assert {kind: bytes(one.table) for kind, one in learning.learn(known).items()} == {
        kind: bytes(one.table) for kind, one in of.items()
    }


def test_limits_find_as_much_as_they_may_hold_up() -> None:
    good = np.array([True] * 4 + [False] * 4)
    none, quiet = np.zeros(8, dtype=bool), np.full(8, -9.0)
    tried = Tried(
        good,
        dict.fromkeys(KINDS, none) | {Kind.MONEY: ~good},
        dict.fromkeys(KINDS, none),
        dict.fromkeys(KINDS, quiet) | {Kind.MONEY: np.array([-3.0, -2.0, -1.0, 2.0, -1.5, 0.0, 1.0, 3.0])},
    )

    few, more = learning.limits(tried, alarms=0.25), learning.limits(tried, alarms=0.5)

    assert learning.found(tried, Kind.MONEY, few[Kind.MONEY]).tolist() == [False] * 3 + [True, False, True, True, True]
    assert learning.found(tried, Kind.MONEY, more[Kind.MONEY])[4:].all()
    assert learning.limits(tried, alarms=0.0)[Kind.MONEY] == Limits()


def test_what_is_worth_less_is_found_last() -> None:
    good = np.array([True] * 4 + [False] * 4)
    quietly = [-1.0, -2.0, -3.0, -0.5, -0.5, -0.5, -0.5]
    none, quiet = np.zeros(8, dtype=bool), np.full(8, -9.0)
    tried = Tried(
        good,
        dict.fromkeys(KINDS, none) | {Kind.CERTAINTY: ~good, Kind.BLAME: ~good},
        dict.fromkeys(KINDS, none),
        dict.fromkeys(KINDS, quiet)
        | {Kind.CERTAINTY: np.array([0.0, *quietly]), Kind.BLAME: np.array([-1.0, 0.0, *quietly[1:]])},
    )

    limits = learning.limits(tried, alarms=0.25)

    assert learning.found(tried, Kind.BLAME, limits[Kind.BLAME])[4:].all()
    assert not learning.found(tried, Kind.CERTAINTY, limits[Kind.CERTAINTY])[4:].any()


@pytest.mark.parametrize("language", ["en", "id"])
def test_several_people_wrote_what_it_has_learned_from(language: str) -> None:
    name = {code: name for name, code in situations.LANGUAGES.items()}[language]
    taught = [file for file in texts.files(language) if file.parent == texts.TAUGHT]

    kinds = [{line.partition(" :: ")[0] for line in file.read_text(encoding="utf-8").splitlines()} for file in taught]

    assert all(file.stem.startswith(name) for file in taught)
    assert sum({"good", "health", "money", "blame", "certainty"} <= found for found in kinds) >= 3
    assert {"good"} in kinds  # who wrote what is as short as what is bad, and harmless
