"""The texts to learn from: the corpus that the tests of the check have, and what several writers wrote besides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from appointments.domain.recovery.honesty import Facts, Lexicon, check
from appointments.domain.recovery.honesty.learned.features import SHARES, Places, sentences
from appointments.domain.recovery.honesty.learned.second import QUIETER_ALONE, TOGETHER, merged
from appointments.domain.recovery.honesty.learned.weights import KINDS
from appointments.domain.recovery.honesty.reading import Reading
from tests.appointments.domain.recovery.honesty import situations

TAUGHT = situations.CORPUS / "taught"
RULES_KNOW_IT = ""
"""The writer of texts that the rules were made with, so that it says nothing of them what they find."""
Features = dict[str, Places]


@dataclass(frozen=True)
class Text:
    """A text, or a few sentences of one. `ruled`: the kinds that the rules alone find. `alone`: of each sentence."""

    writer: str
    kinds: frozenset[str]
    ruled: frozenset[str]
    features: Features
    alone: tuple[Features, ...]


def files(language: str) -> list[Path]:
    names = {code: name for name, code in situations.LANGUAGES.items()}
    return sorted([*situations.CORPUS.glob(f"{names[language]}*.txt"), *TAUGHT.glob(f"{names[language]}*.txt")])


def fingerprint(lexicon: Lexicon) -> str:
    """Of the texts of a language and the features they have."""
    whole = hashlib.sha256(repr((SHARES, TOGETHER, QUIETER_ALONE, lexicon.stems)).encode())
    for file in files(lexicon.code):
        whole.update(file.read_bytes())
    return whole.hexdigest()


def of(language: str, lexicon: Lexicon) -> list[Text]:
    made: list[Text] = []
    for file in files(language):
        writer = file.stem.partition("_")[2].partition("-")[0] if file.parent == TAUGHT else RULES_KNOW_IT
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                sample = situations.read(line, language)
                if sample.facts.language == language and sample.facts.text != "note":
                    made += _read(sample.text, sample.expected, sample.facts, writer, lexicon)
    return made


def tried(file: Path, lexicons: dict[str, Lexicon]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Of each text of a file, one JSON a line: its language, what is wrong with it, and what the check finds."""
    for line in file.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        findings = check(said["text"], facts=Facts(language=said["lang"]), lexicons=lexicons)
        yield said["lang"], frozenset(said["kinds"]), frozenset(one.kind for one in findings)


def _read(text: str, expected: frozenset[str], facts: Facts, writer: str, lexicon: Lexicon) -> Iterator[Text]:
    """A long text that is good is so in every part; of one that is bad nobody has said in which."""
    one = Reading.of(text, facts=facts, lexicons={lexicon.code: lexicon})
    made = sentences(one.languages[0], one.bare)
    kinds = expected & set(KINDS)
    if not made or (len(made) > TOGETHER and kinds):
        return
    findings = check(text, facts=facts, lexicons={lexicon.code: lexicon})
    ruled = frozenset(str(finding.kind) for finding in findings) & set(KINDS)
    for first in range(max(1, len(made) - TOGETHER + 1)):
        run = made[first : first + TOGETHER]
        yield Text(writer, kinds, ruled, merged(run), tuple(one.features for one in run))
