"""What the check makes of hundreds of texts that people could have written."""

from collections import Counter

import pytest

from appointments.domain.recovery.honesty import Kind, check
from appointments.domain.recovery.lexicons import lexicons
from tests.appointments.domain.recovery.honesty.situations import Sample, samples

NEVER_MISSED = {Kind.HEALTH, Kind.MONEY, Kind.BLAME}
MOST_FALSE_ALARMS, LEAST_RECALL = 0.03, 0.9


def results() -> list[tuple[Sample, set[str]]]:
    known = lexicons()
    return [
        (one, {str(finding.kind) for finding in check(one.text, facts=one.facts, lexicons=known)}) for one in samples()
    ]


def test_few_good_texts_are_held_up_and_few_bad_ones_pass(capsys: pytest.CaptureFixture[str]) -> None:
    checked = results()
    hit, missed, false = Counter[str](), Counter[str](), Counter[str]()
    for one, said in checked:
        hit.update(one.expected & said)
        missed.update(one.expected - said)
        false.update(said - one.expected)
    good = [said for one, said in checked if not one.expected]
    alarms = sum(bool(said) for said in good)
    recall = {kind: hit[kind] / (hit[kind] + missed[kind]) for kind in Kind if hit[kind] + missed[kind]}
    with capsys.disabled():
        print(f"\n{len(checked)} texts, {len(good)} good, {alarms} false alarms")
        for kind, share in recall.items():
            print(f"{kind:12} recall {share:.2f}  precision {hit[kind] / max(1, hit[kind] + false[kind]):.2f}")

    assert len(checked) > 800
    assert alarms <= MOST_FALSE_ALARMS * len(good)
    assert {kind: missed[kind] for kind in NEVER_MISSED if missed[kind]} == {}
    assert {kind: share for kind, share in recall.items() if share < LEAST_RECALL} == {}
    assert set(Kind) - recall.keys() == {Kind.UNREAD}


@pytest.mark.parametrize("language", ["en", "id"])
def test_both_languages_have_good_and_bad_texts_of_many_kinds(language: str) -> None:
    own = [one for one in samples() if one.facts.language == language]

    assert sum(not one.expected for one in own) > 150
    assert len({kind for one in own for kind in one.expected}) >= len(Kind) - 1
