"""A text as the rules read it: its words in each language that has lists, and who is who in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from appointments.domain.recovery.honesty.clauses import Clause, Clauses
from appointments.domain.recovery.honesty.frames import Frame, Reach, is_lifted, stands
from appointments.domain.recovery.honesty.kinds import Facts
from appointments.domain.recovery.honesty.lexicon import EXCEPT, WORDS, Lexicon
from appointments.domain.recovery.honesty.phrases import Match, not_held
from appointments.domain.recovery.honesty.tokens import COLLEAGUE, CUSTOMER, PERHAPS, SOMEBODY, Token, plain, tokens

ADDRESS = re.compile(r"\bhttps?://\S+|\bwww\.\S+|\b[\w.+-]{1,64}@[\w.-]{1,255}")
CALLED = frozenset({"title", "polite"})
"""Lists of words that stand before a name."""
SHORTEST_NAME, FAR_IN_GREETING = 3, 4
OWNS = "'s"
"""Behind a word with a capital it says, too, that it is a name."""
FAR = 40
"""So many words from its clause a sentence still says the same thing."""


@dataclass(frozen=True)
class In:
    """The words of a text as one language reads them, its clauses, and where the phrases of its lists stand."""

    lexicon: Lexicon
    tokens: list[Token]
    matches: Mapping[str, list[Match]]
    listed: Mapping[str, list[Match]]
    clauses: Clauses

    def all(self, name: str) -> list[Match]:
        """Where the phrases of the list "health.state" and the like stand."""
        return self.matches.get(name, [])

    def find(self, table: str, name: str = "say") -> list[Match]:
        """The same without what `but` of the same table covers, and where none of its `lifts` stands in the clause."""
        found = not_held(self.all(f"{table}.{name}"), by=self.all(f"{table}.but"))
        lifts, pardons = self.lexicon.lifts.get(table, ()), self.lexicon.pardons.get(table, ())
        if not (lifts or pardons):
            return found
        return [one for one in found if not (self._is_lifted(one, lifts) or self._is_pardoned(one, pardons))]

    def _is_lifted(self, match: Match, lifts: Iterable[str]) -> bool:
        reach = self.clauses.of(match).reach
        return any(is_lifted(self.listed.get(name, ()), reach, [match]) for name in lifts)

    def framed(self, table: str) -> Iterator[tuple[Match, Frame]]:
        """Where the frames of a table stand, in sentences in which nothing of its `pardons` does."""
        pardons = self.lexicon.pardons.get(table, ())
        for frame in self.lexicon.frames.get(table, ()):
            for begins in self.listed.get(frame.has[0], ()):
                match = self._framed(frame, begins)
                if match and not self._is_pardoned(match, pardons):
                    yield match, frame

    def _is_pardoned(self, match: Match, pardons: Iterable[str]) -> bool:
        reach = self._reach(self.clauses.of(match), match)
        return any(is_lifted(self.listed.get(name, ()), reach, ()) for name in pardons)

    def _framed(self, frame: Frame, begins: Match) -> Match | None:
        clause = self.clauses.of(begins)
        if frame.of and (clause.subject not in frame.of or (begins.first <= clause.at and not frame.loose)):
            return None
        if frame.some and self.clauses.is_asked(self.tokens[begins.first]):
            return None
        match = stands(frame, begins, self._reach(clause, begins) if frame.wide else clause.reach, self.listed)
        return Match(min(max(clause.at, clause.first), match.first), match.last) if match and frame.of else match

    def _reach(self, clause: Clause, begins: Match) -> Reach:
        """The whole sentence, as far as it is near."""
        first, last = clause.first, clause.last
        sentence = self.tokens[begins.first].sentence
        while first and clause.first - first < FAR and self.tokens[first - 1].sentence == sentence:
            first -= 1
        while last + 1 < len(self.tokens) and last - clause.last < FAR and self.tokens[last + 1].sentence == sentence:
            last += 1
        return Reach(first, last, first)

    def place(self, match: Match) -> tuple[int, int]:
        return self.tokens[match.first].start, self.tokens[match.last].end


@dataclass(frozen=True)
class Reading:
    """`text` as it was written; `bare` is as long and has no addresses, which are of no language."""

    text: str
    bare: str
    facts: Facts
    languages: tuple[In, ...]

    @classmethod
    def of(cls, text: str, *, facts: Facts, lexicons: Mapping[str, Lexicon]) -> Reading:
        bare = ADDRESS.sub(lambda match: " " * len(match.group()), text)
        calendar = frozenset[str]().union(*(one.days | one.months for one in lexicons.values()))
        return cls(text, bare, facts, tuple(_read(bare, facts, one, calendar) for one in lexicons.values()))

    @property
    def own(self) -> In | None:
        """In the language that the customer reads; None where that has no lists, or customers read several."""
        return next((one for one in self.languages if one.lexicon.code == self.facts.language), None)

    @property
    def main(self) -> In | None:
        """In the language that the text is most likely in: the customer's, else the one with most common words."""
        return self.own or max(self.languages, key=_common_words, default=None)

    def found(self, table: str, *names: str) -> Iterator[tuple[In, Match]]:
        """Where the lists `names` of a table stand in any language.

        What the language of the text knows itself another one has no say in.
        """
        decided = self.known(table)
        for one in self.languages:
            for match in (match for name in names for match in one.find(table, name)):
                if one is self.main or one.tokens[match.first].start not in decided:
                    yield one, match

    def spoken(self) -> Iterator[In]:
        """The language of the text, and others of which it has as many common words."""
        main = self.main
        most = _common_words(main) if main is not None else 0
        yield from (one for one in self.languages if one is main or (_common_words(one) >= max(most, 1)))

    def known(self, table: str) -> set[int]:
        """Where words stand that the language of the text has in one of the lists of a table."""
        main = self.main
        if main is None:
            return set()
        lists = (found for name, found in main.matches.items() if name.startswith(f"{table}."))
        words = (position for found in lists for match in found for position in range(match.first, match.last + 1))
        return {main.tokens[position].start for position in words}


def _common_words(one: In) -> int:
    return sum(token.word in one.lexicon.words["language"] for token in one.tokens)


def _read(text: str, facts: Facts, lexicon: Lexicon, calendar: frozenset[str]) -> In:
    made = tokens(text, short=lexicon.short, titles=lexicon.titles, endings=lexicon.endings)
    _mark_names(made, facts.names)
    _mark_people(text, made, facts, lexicon, calendar)
    _mark_slips(made, lexicon)
    matches, clauses = lexicon.phrases.find(made), Clauses(text, made, lexicon)
    return In(lexicon, made, matches, _listed(matches, clauses), clauses)


def _listed(matches: Mapping[str, list[Match]], clauses: Clauses) -> dict[str, list[Match]]:
    """The lists of [words] without what each of them excepts."""
    listed = {}
    for path, found in matches.items():
        if path.startswith(WORDS):
            name = path.removeprefix(WORDS)
            listed[name] = _not_excepted(found, matches.get(EXCEPT + name, []), clauses)
    return listed


def _not_excepted(found: list[Match], excepted: list[Match], clauses: Clauses) -> list[Match]:
    """What lies in one clause is excepted by what lies in it, too; what reaches over several, by anything."""
    if not excepted:
        return found
    inside = set(not_held(found, by=[one for one in excepted if clauses.holds(one)]))
    outside = set(not_held(found, by=excepted))
    return [one for one in found if one in (inside if clauses.holds(one) else outside)]


def _mark_names(made: list[Token], names: Iterable[str]) -> None:
    """Words of a business, a place or a service say what it is called, and nothing else."""
    by_first: dict[str, list[list[str]]] = {}
    for name in names:
        if words := _words(name):
            by_first.setdefault(words[0], []).append(words)
    if not by_first:
        return
    for position, token in enumerate(made):
        for words in by_first.get(token.word, ()):
            here = made[position : position + len(words)]
            if [one.word for one in here] == words:
                for one in here:
                    one.is_named = True


def _mark_people(text: str, made: list[Token], facts: Facts, lexicon: Lexicon, calendar: frozenset[str]) -> None:
    colleagues = set(_parts_of(facts.colleagues, lexicon)) - set(_parts_of([facts.customer], lexicon))
    customer = set(_parts_of([facts.customer], lexicon))
    for position, token in enumerate(made):
        before = made[position - 1] if position and made[position - 1].sentence == token.sentence else None
        called = lexicon.roles(before.word) & CALLED if before is not None else frozenset()
        if token.word in colleagues and (token.is_capitalised or called):
            token.person = COLLEAGUE
        elif token.word in customer and token.is_capitalised:
            token.person = CUSTOMER
        elif (
            token.is_capitalised
            and not token.is_named
            and token.word not in calendar
            and _is_a_name(token, called, lexicon)
        ):
            token.person = _what_kind_of_name(token, called, made[position + 1 : position + 2], lexicon)
            if token.person == SOMEBODY and _is_greeted(text, made, position, lexicon):
                token.person = CUSTOMER


def _is_greeted(text: str, made: list[Token], position: int, lexicon: Lexicon) -> bool:
    """Whether a name stands at the beginning, before a comma, behind nothing but the words of a greeting."""
    end = made[position].end
    return (
        position <= FAR_IN_GREETING
        and text[end : end + 1] == ","
        and all(one.word in lexicon.words["language"] or lexicon.roles(one.word) & CALLED for one in made[:position])
    )


def _mark_slips(made: list[Token], lexicon: Lexicon) -> None:
    """Words that stand for one that must not get through, with a slip in them."""
    for token in made:
        if token.is_named or token.person not in ("", PERHAPS) or token.word in lexicon.words["language"]:
            continue
        if meant := next(filter(None, map(lexicon.misspelt.meant, token.forms)), ""):
            token.forms = (*token.forms, meant)


def _is_a_name(token: Token, called: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether a word with a capital looks like somebody's name: after a title, or inside a sentence."""
    if len(token.word) < SHORTEST_NAME or lexicon.roles(token.word):
        return False
    if token.word in lexicon.words["language"]:
        return False
    if token.is_first and not called and lexicon.not_names.has(token.word):
        return False
    return bool(called) or token.raw[1:].islower()


def _what_kind_of_name(token: Token, called: frozenset[str], after: list[Token], lexicon: Lexicon) -> str:
    if "title" in called:
        return COLLEAGUE
    does = any("does" in lexicon.roles(one.word) for one in after if one.sentence == token.sentence)
    does = does or plain(token.raw).endswith(OWNS)
    return SOMEBODY if called or does or not token.is_first else PERHAPS


def _parts_of(names: Iterable[str], lexicon: Lexicon) -> Iterator[str]:
    """The single names of people, without titles and initials."""
    for name in names:
        yield from (word for word in _words(name) if len(word) >= SHORTEST_NAME and word not in lexicon.titles)


def _words(name: str) -> list[str]:
    return [one.word for one in tokens(name, short={}, titles=frozenset())] or [plain(name)]
