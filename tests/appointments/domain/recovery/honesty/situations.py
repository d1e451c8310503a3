"""How the tests of the honesty check ask: a text, a language, and what is known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from appointments.domain.recovery.honesty import Facts, Finding, Lexicon, TextKind, check
from appointments.domain.recovery.lexicons import lexicons

CORPUS = Path(__file__).parent / "corpus"
LANGUAGES = {"english": "en", "indonesian": "id"}


@dataclass(frozen=True)
class Sample:
    text: str
    expected: frozenset[str]
    facts: Facts


def by_rules() -> dict[str, Lexicon]:
    """The lists of each language without what its second reader has learned."""
    return {code: replace(one, weights=None) for code, one in lexicons().items()}


def found(words: str, language: str = "en", /, **known: Any) -> list[Finding]:
    """What the rules alone find, so that a rule that is broken is seen to be."""
    return check(words, facts=Facts(language=language, **known), lexicons=by_rules())


def kinds(words: str, language: str = "en", /, **known: Any) -> list[str]:
    return [str(one.kind) for one in found(words, language, **known)]


def words(said: str, language: str = "en", /, **known: Any) -> list[str]:
    return [one.words for one in found(said, language, **known)]


def samples() -> Iterator[Sample]:
    for file in sorted(CORPUS.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield read(line, LANGUAGES[file.stem.partition("_")[0]])


def read(line: str, language: str) -> Sample:
    head, _, text = line.partition(" :: ")
    expected, _, bracket = head.partition(" [")
    known: dict[str, Any] = {"language": language}
    for fact in bracket.rstrip("]").split():
        name, is_named, value = fact.partition("=")
        if name in list(TextKind):
            known["text"] = TextKind(name)
        elif name == "lang":
            known["language"] = value
        else:
            known[name] = ((value,) if name in ("given", "colleagues") else value) if is_named else True
    if known.get("text") == TextKind.REASON:
        known["gaps"] = frozenset({"provider", "service", "location"})
    wrong = frozenset() if expected == "good" else frozenset(expected.split(","))
    return Sample(text.replace("\\n", "\n").replace("\\-", ""), wrong, Facts(**known))
