"""How people are called: of "Wijaya, Budi" it is Budi, of "Hj. Siti Aminah" Siti, and "Ny. Ratna" is a woman.

Titles are those that clinics and offices write before and after names in English and Indonesian; short ones that are
names elsewhere ("An Nguyen") count only with their dot.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

_MEN = frozenset("mr bapak bpk pak tn tuan sdr saudara".split())  # noqa: SIM905  one line
_WOMEN = frozenset("mrs ms miss ibu bu ny nyonya nn nona sdri saudari".split())  # noqa: SIM905  one line
_CHILDREN = frozenset(("anak", "an.", "bayi", "by.", "baby"))
_PILGRIMS = {"h.": "mr", "haji": "mr", "hj": "ms", "hj.": "ms", "hajjah": "ms"}
_LEARNED = frozenset(
    "dr drg drs dra prof ir. ust ustadz ustadzah kh kh. r. rr. rev sir mx ns apt".split()  # noqa: SIM905  one line
)
_ARTICLES = frozenset(("i", "ni"))
"""Before Balinese names: I Wayan, Ni Luh."""

_AFTER = frozenset(
    "se sh st mm md msi mkes skom mt mba phd dds apt jr sr ii iii iv amd skm ners spog spa".split()  # noqa: SIM905  one line
)
"""What may follow a comma without a dot and is no given name; with a dot between letters (S.Kom) it always is none."""

_AND = frozenset(("dan", "and", "&", "/"))

_MARRIED = frozenset(("mr", "mrs", "ms", "miss", "mx", "sir"))
"""English titles that stand before a family name: Mrs Smith is never called Smith."""


@dataclass(frozen=True)
class Called:
    """`whole` is the name in the order in which it is spoken, with its titles; `bare` is that without words that only
    address ("Ibu", "Mr"), for languages that have their own; `first` is what a page may show. `honorific` is "mr",
    "ms" or "" by the titles alone. All are empty for what is no name, as an address.
    """

    whole: str = ""
    bare: str = ""
    first: str = ""
    honorific: str = ""
    is_child: bool = False


def called(name: str) -> Called:
    words = _in_order(" ".join(name.split())).split()
    if "@" in name or not any(mark.isalpha() for mark in name):
        return Called()
    titles = _titles(words)
    rest = words[len(titles) :]
    says = {_honorific(title) for title in titles} - {""}
    is_child = bool(titles) and titles[-1].casefold() in _CHILDREN
    kept = [word for word in titles if _is_learned(word)]
    is_married = any(_bare(word) in _MARRIED for word in titles)
    given = _given([word.rstrip(",") for word in rest])
    return Called(
        whole=" ".join(words),
        bare=" ".join([*kept, *rest]),
        first=" ".join([*titles, given]) if is_married and len(rest) == 1 else given,
        honorific=says.pop() if len(says) == 1 else "",
        is_child=is_child,
    )


def _in_order(name: str) -> str:
    """ "Wijaya, Budi" is Budi Wijaya; "Budi Santoso, Sp.A" is himself."""
    before, comma, after = name.partition(",")
    after = after.strip()
    if not comma or not before.strip() or not after or "," in after:
        return name.strip(" ,")
    words = after.split()
    if all(_bare(word) in _AFTER or re.fullmatch(r"[A-Z]\w{0,3}(\.\w{1,5})+\.?|\(\w.*\)", word) for word in words):
        return name
    return f"{after} {before.strip()}"


def _titles(words: list[str]) -> list[str]:
    """Those that it begins with; the last word is never one."""
    found: list[str] = []
    for word, following in itertools.pairwise(words):
        is_noble = word.casefold() == "anak" and following.casefold() == "agung"
        is_couple = bool(found) and word.casefold() in _AND and _is_title(following)
        if is_noble or not (is_couple or _is_title(word)):
            break
        found.append(word)
    return found


def _is_title(word: str) -> bool:
    plain = word.casefold()
    known = all(_bare(part) in _MEN | _WOMEN | _LEARNED for part in word.split("/"))
    return known or plain in _CHILDREN | _LEARNED or plain in _PILGRIMS


def _is_learned(title: str) -> bool:
    """Whether it is kept beside a word that only addresses: "Ibu Hj. Siti", but never "Ibu Ny. Ratna"."""
    return _bare(title) in _LEARNED or title.casefold() in _LEARNED or title.casefold() in _PILGRIMS


def _honorific(title: str) -> str:
    plain = _bare(title)
    if "/" in title:
        return ""
    if plain in _MEN or plain in _WOMEN:
        return "mr" if plain in _MEN else "ms"
    return _PILGRIMS.get(title.casefold(), "")


def _bare(word: str) -> str:
    return word.casefold().strip(".")


def _given(words: list[str]) -> str:
    """The first that is more than an initial or an article."""
    for word in words:
        if len(word.strip(".")) > 1 and word.casefold() not in _ARTICLES:
            return word
    return words[-1] if words else ""
