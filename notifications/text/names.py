"""How people are called: of "Wijaya, Budi" it is Budi, of "Hj. Siti Aminah" Siti, and "Ny. Ratna" is a woman.

A name is cut at its commas into titles, the name itself and degrees, in whatever order they were typed; then the titles
that it begins with are taken off. Titles are those that clinics and offices write before and after names in English and
Indonesian; short ones that are names elsewhere ("An Nguyen") count only with their dot. In doubt a word is a name: it
is worse to swallow somebody's name than to keep a title.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MEN = _each("mr mister bapak bpk pak tn tuan sdr saudara mas")
_WOMEN = _each("mrs ms miss madam madame mdm ibu bu ny nyonya nn nona sdri saudari mbak mba tante")
_EITHER = frozenset(("kak", "kakak"))
_CHILDREN = frozenset(("anak", "an.", "bayi", "by.", "baby"))
_PILGRIMS = {"h.": "mr", "haji": "mr", "hj": "ms", "hj.": "ms", "hajjah": "ms", "hajah": "ms"}
_LEARNED = _each(
    "dr drg drh drs dra prof ir. ust ustadz ustaz ustadzah ustazah kh kh. kyai kiai r. rr. rr raden rev sir mx ns ns. "
    "apt ners bidan suster pdt pendeta romo med. h.c."
)
_ARTICLES = frozenset(("i", "ni"))
"""Before Balinese names: I Wayan, Ni Luh."""

_NOBLE = {"anak": ("agung",), "ida": ("bagus", "ayu", "i")}
"""First words that belong to the second: Anak Agung is no child, and Ida Bagus no Ida."""

_AFTER = _each(
    "se sh st mm mh mt md ma msi mkes skom spd sked skep sfarm ssi mba msc bsc phd dds jr sr ii iii iv amd skm ners "
    "spog spa sppd cfa cpa rn esq mpd mmed mhum dmd facs frcs mrcp"
)
"""What may follow a comma without a dot and is no given name."""

_DOTTED = re.compile(r"[A-Za-z]\w{0,5}(?:\.\w{1,6}(?:-\w{1,6})*)+\.?")
"""Degrees as they are mostly written: S.Kom., Sp.OG, A.Md.Keb."""
_JOINED = re.compile(r"Sp[A-Z]\w*(?:-\w+)*|[SMBA][A-Z][a-z]{1,5}|Ph\.?D\.?")
"""The same without dots: SpPD-KGEH, SKom, BSc."""
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
_STUCK = re.compile(r"([^\W\d_]+\.)(.+)")
_REMARK = re.compile(r"(?:^|\s)\([^()]*\)")

_AND = frozenset(("dan", "and", "&", "/"))

_MARRIED = _each("mr mister mrs ms miss mx sir madam mdm")
"""English titles that stand before a family name: Mrs Smith is never called Smith."""

_FIRMS_BEFORE = _each("pt cv ud koperasi yayasan toko klinik hotel sekolah")
_FIRMS_AFTER = _each("ltd inc llc llp gmbh corp tbk plc")


@dataclass(frozen=True)
class Called:
    """`whole` is the name in the order in which it is spoken, with its titles; `bare` is that without words that only
    address ("Ibu", "Mr"), for languages that have their own; `plain` is `bare` without the degrees behind it, for
    languages that leave them away in a greeting. `address` is the words that only address, as they were typed; none
    beside a title that says more. `first` is what a page may show, of a firm all. `honorific` is "mr", "ms" or "" by
    the titles alone. Who `stands_alone`, a firm or several people, is not spoken to by a word of ours.

    For what is no name, as an address or titles alone, all but `honorific` is empty.
    """

    whole: str = ""
    bare: str = ""
    plain: str = ""
    first: str = ""
    address: str = ""
    honorific: str = ""
    is_child: bool = False
    stands_alone: bool = False


@lru_cache(maxsize=1000)
def called(name: str) -> Called:
    """How somebody is called whose name stands here as it was typed; a page or a letter asks for it several times."""
    if "@" in name or not any(mark.isalpha() for mark in name):
        return Called()
    spoken, degrees = _in_order(" ".join(name.strip(' ,;-–"“”').split()))
    words = _apart(spoken)
    titles = _titles(words)
    rest = words[len(titles) :]
    is_couple = any(map(_joins, titles))
    if rest and (_is_firm(words) or any(_joins(one) and _is_title(two) for one, two in itertools.pairwise(rest))):
        whole = ", ".join([spoken, *degrees])
        return Called(whole=whole, bare=whole, plain=whole, first=whole, stands_alone=True)
    honorific = "" if is_couple or any(map(_joins, rest)) else _honorific(titles)
    if not rest:
        return Called(honorific=honorific)
    kept = [] if is_couple else [word for word in titles if _is_learned(word)]
    plain = " ".join([*kept, *rest])
    given = _given(rest)
    is_married = len(rest) == 1 and any(_bare(word) in _MARRIED for word in titles)
    return Called(
        whole=", ".join([" ".join(words), *degrees]),
        bare=", ".join([plain, *degrees]),
        plain=plain,
        first=" ".join([*titles, given]) if is_married else given,
        address="" if kept else " ".join(titles),
        honorific=honorific,
        is_child=bool(titles) and titles[-1].casefold() in _CHILDREN,
    )


# --- What stands between commas -----------------------------------------------------------------------------------


def _in_order(name: str) -> tuple[str, list[str]]:
    """The name as it is spoken, and the degrees behind it: "Wijaya, dr. Budi, Sp.A" is dr. Budi Wijaya, Sp.A."""
    first, *others = [part.strip() for part in name.split(",") if part.strip(" .")]
    first = _REMARK.sub("", first).strip() or first
    if others and _bare(others[0]) in _FIRMS_BEFORE:
        return " ".join([others[0], first, *others[1:]]), []
    if others and _bare(others[-1]) in _FIRMS_AFTER:
        return name, []
    titles, names, degrees = list[str](), [first], list[str]()
    is_alone, is_shouted = len(first.split()) == 1, name == name.upper()
    for part in others:
        if all(_is_degree(word, is_alone=is_alone, is_shouted=is_shouted) for word in part.split()):
            degrees.append(part)
        elif all(_is_title(word) for word in _apart(part)):
            titles.append(part)
        else:
            names.append(_REMARK.sub("", part).strip())
    if len(names) > 2:  # Several people, or a place: nobody can know.
        return " ".join([*titles, ", ".join(names)]), degrees
    words = _apart(names[0])
    before = _titles(words) if len(names) == 2 else []
    return " ".join([*titles, *before, *names[1:], *words[len(before) :]]), degrees


def _is_degree(word: str, *, is_alone: bool, is_shouted: bool) -> bool:
    """Whether a word after the comma is no given name. After a single word, which may be a family's ("Lee, Se",
    "Rowling, J.K."), only what cannot be mistaken.
    """
    known = word.replace(".", "").casefold() in _AFTER
    if word.startswith("("):
        return True
    if is_alone and known and word.istitle() and len(word) == 2 and not is_shouted:
        return False
    if is_alone and _INITIALS.fullmatch(word):
        return known
    bare = re.sub(r"\(\w+\)$", "", word)
    is_written_so = bool(_DOTTED.fullmatch(bare) or _JOINED.fullmatch(bare)) and not word.islower()
    return known or is_written_so or (re.fullmatch("[A-Z]{2,6}", bare) is not None and not is_alone and not is_shouted)


def _apart(name: str) -> list[str]:
    """Its words, with titles that stick to what follows taken apart: "Prof.Dr.Budi". Those at the end, with their dot,
    come to the front: "Andi dr." is dr. Andi.
    """
    words = [part for word in name.split() for part in _unstuck(word)]
    last = len(words)
    while last > 1 and words[last - 1].endswith(".") and len(words[last - 1]) > 2 and _is_title(words[last - 1]):
        last -= 1
    return words if all(_is_title(word) or _joins(word) for word in words[:last]) else [*words[last:], *words[:last]]


def _unstuck(word: str) -> list[str]:
    """ "Prof.Dr.Budi" is three words; "R.A." stays one, as it may be initials."""
    stuck = _STUCK.fullmatch(word)
    if stuck is None or not _is_title(stuck[1]):
        return [word]
    rest = _unstuck(stuck[2])
    is_initial = len(stuck[1]) == 2 and len(rest) == 1 and not re.match(r"[^\W\d_]{2}", stuck[2])
    return [word] if is_initial else [stuck[1], *rest]


def _is_firm(words: list[str]) -> bool:
    """Whether it is a firm's or a school's; a shop or school needs a name behind it, as "Toko" alone is no name."""
    return len(words) > 1 and (_bare(words[0]) in _FIRMS_BEFORE or _bare(words[-1]) in _FIRMS_AFTER)


# --- Titles -------------------------------------------------------------------------------------------------------


def _titles(words: list[str]) -> list[str]:
    """Those that it begins with."""
    found: list[str] = []
    for word, following in itertools.pairwise([*words, ""]):
        is_noble = word.casefold() == "anak" and following.casefold() in _NOBLE["anak"]
        is_couple = bool(found) and _joins(word) and _is_title(following)
        if is_noble or not (is_couple or _is_title(word)):
            break
        found.append(word)
    return found


def _joins(word: str) -> bool:
    return word.casefold() in _AND


def _is_title(word: str) -> bool:
    plain = word.casefold()
    addresses = all(_bare(part) in _MEN | _WOMEN | _EITHER | _LEARNED for part in word.split("/"))
    return addresses or plain in _CHILDREN | _LEARNED or plain in _PILGRIMS


def _is_learned(title: str) -> bool:
    """Whether it is kept beside a word that only addresses: "Ibu Hj. Siti", but never "Ibu Ny. Ratna"."""
    return _bare(title) in _LEARNED or title.casefold() in _LEARNED or title.casefold() in _PILGRIMS


def _honorific(titles: list[str]) -> str:
    said = {_says(title) for title in titles if "/" not in title} - {""}
    return said.pop() if len(said) == 1 else ""


def _says(title: str) -> str:
    plain = _bare(title)
    if plain in _MEN or plain in _WOMEN:
        return "mr" if plain in _MEN else "ms"
    return _PILGRIMS.get(title.casefold(), "")


def _bare(word: str) -> str:
    return word.casefold().strip(".")


def _given(words: list[str]) -> str:
    """The first that is more than an initial, an abbreviation ("Moh.") or an article, else the first."""
    for word, following in itertools.pairwise([*words, ""]):
        name = re.sub(r"^(?:\w\.)+", "", word)  # "H.M.Yusuf"
        is_article = word.casefold() in _ARTICLES or following.casefold() in _NOBLE.get(word.casefold(), ())
        if len(name) > 1 and not name.endswith(".") and not is_article and name[0].isalpha():
            return name.rstrip(",")
    return next((word for word in words if len(word.strip(".")) > 1), words[0])
