"""See the package."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reschedule.settings")
django.setup()

from appointments.domain.recovery.honesty import Kind, Lexicon  # noqa: E402  # needs the settings
from appointments.domain.recovery.honesty.learned.weights import KINDS, Weights  # noqa: E402
from appointments.domain.recovery.lexicons import LEARNED, lexicons  # noqa: E402
from scripts.learn_honesty import texts  # noqa: E402

if TYPE_CHECKING:
    from scripts.learn_honesty.learning import Limits, Tried

ROOT = Path(__file__).resolve().parents[2]
MOST_ALARMS = 0.05
"""Of the good texts that the limits are set by no more are held up. Many of those are hard on purpose; of somebody
else's it was less than half as many.
"""
CURVE = (0.01, 0.03, MOST_ALARMS)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.learn_honesty")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--try", dest="tried", type=Path, nargs="+")
    asked = parser.parse_args(arguments)
    if asked.check:
        return check()
    if asked.tried:
        return try_on(asked.tried)
    for code, lexicon in lexicons().items():
        _learn(code, replace(lexicon, weights=None), is_measured=asked.measure)
    return 0


def check() -> int:
    """0 when each language's weights were learned from the texts that are there."""
    behind = [
        code
        for code, lexicon in lexicons().items()
        if lexicon.weights and lexicon.weights.learned_from != texts.fingerprint(lexicon)
    ]
    for code in behind:
        print(f"{code}: the texts have changed. Run python -m scripts.learn_honesty.")
    return len(behind)


def _learn(code: str, lexicon: Lexicon, *, is_measured: bool) -> None:
    from scripts.learn_honesty import learning  # scikit-learn is asked for only when one learns

    known = texts.of(code, lexicon)
    tried = learning.crossed(known)
    alone = dict.fromkeys(KINDS, learning.Limits(overruled=-learning.NEVER))
    print(f"{code}: {len(known)} texts; of {tried.good.sum()} good ones, and of the bad ones of each kind:")
    _tell(tried, alone, "rules alone")
    for share in CURVE if is_measured else (MOST_ALARMS,):
        _tell(tried, learning.limits(tried, alarms=share), f"{share:.1%} held up")
    if is_measured:
        return
    chosen = learning.limits(tried, alarms=MOST_ALARMS)
    of = {
        kind: replace(one, heard=chosen[kind].heard, overruled=chosen[kind].overruled)
        for kind, one in learning.learn(known).items()
    }
    file = ROOT / "locale" / code / LEARNED
    file.write_bytes(Weights(of, texts.fingerprint(lexicon)).written())
    print(f"{code}: {file.relative_to(ROOT)}, {file.stat().st_size} bytes")


def _tell(tried: Tried, limits: Mapping[Kind, Limits], name: str) -> None:
    from scripts.learn_honesty import learning

    said = {kind: learning.found(tried, kind, limits[kind]) for kind in KINDS}
    held_up = sum(any(said[kind][at] for kind in KINDS) for at in range(len(tried.good)) if tried.good[at])
    hits = (f"{kind} {(said[kind] & tried.bad[kind]).sum()}/{tried.bad[kind].sum()}" for kind in KINDS)
    print(f"  {name:14} good {held_up}/{tried.good.sum()}  {'  '.join(hits)}")


def try_on(files: Sequence[Path]) -> int:
    """Counts by language and kind; of good ones, those with a finding of one of the kinds that are listened for."""
    known = lexicons()
    both = known, {code: replace(lexicon, weights=None) for code, lexicon in known.items()}
    for name, lexicon in zip(("both", "rules alone"), both, strict=True):
        of, hits = Counter[str](), Counter[str]()
        for file in files:
            for code, kinds, found in texts.tried(file, lexicon):
                for kind in kinds or {"good"}:
                    of[f"{code} {kind}"] += 1
                    hits[f"{code} {kind}"] += bool(found & set(KINDS)) if not kinds else kind in found
        print(f"{name:12} {'  '.join(f'{one} {hits[one]}/{of[one]}' for one in sorted(of))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
