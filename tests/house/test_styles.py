"""The style sheets: each is short and loaded by a page, colours come from one, and nothing is styled in vain."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import ROOT, modules

SHEETS = ROOT / "static" / "css"
TOKENS = SHEETS / "tokens.css"
LONGEST = 300
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{};]+)\{")
VALUE = re.compile(r"[{;]\s*([\w-]+):\s*([^;{}]+)")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(", re.IGNORECASE)
# A class or id in a template, or a block that holds one.
WRITTEN = re.compile(r"""(?:\b(?:class|id)="|block \w*(?:class|coltype) %\})([^"]*)""")
# Classes and ids of the markup that others write for us: the managers' pages, fields, and what a request leaves.
FOREIGN = ("django.contrib.admin", "django.forms", "crispy_bootstrap5", "django_htmx")


def sheets() -> list[Path]:
    return sorted(SHEETS.rglob("*.css"))


def name_of(sheet: Path) -> str:
    return sheet.relative_to(SHEETS).as_posix()


def text_of(sheet: Path) -> str:
    return COMMENT.sub("", sheet.read_text())


def names_in(css: str) -> set[str]:
    """The classes and ids its selectors ask for."""
    asked = " ".join(selector for selector in SELECTORS.findall(css) if not selector.strip().startswith("@"))
    return set(re.findall(r"[.#]([A-Za-z_][\w-]*)", asked))


def is_written(name: str, texts: tuple[str, ...]) -> bool:
    """Whether some text holds the name as a word, or its beginning with the end filled in, such as `state-{kind}`."""
    beginnings = {name[: cut.end()] for cut in re.finditer(r"-(?=.)|[a-z](?=\d+$)", name)}
    filled_in = "|".join(rf"{re.escape(one)}(?:\{{|%s)" for one in sorted(beginnings)) or "(?!)"
    pattern = re.compile(rf"(?<![\w-])(?:{re.escape(name)}(?![\w-])|(?:{filled_in}))")
    return any(pattern.search(text) for text in texts)


@cache
def written() -> tuple[str, ...]:
    """Classes and ids in our templates, the words of our modules, our scripts, and the files of others as they are."""
    templates = (path.read_text() for path in sorted((ROOT / "templates").rglob("*.html")))
    ours = (" ".join(WRITTEN.findall(each)) for each in templates)
    scripts = (path.read_text() for path in sorted((ROOT / "static" / "js").glob("*.js")))
    words = (" ".join(_words(tree)) for tree in modules().values())
    return (*ours, *scripts, *words, *_foreign())


def _words(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _foreign() -> Iterator[str]:
    for package in FOREIGN:
        found = importlib.util.find_spec(package)
        assert found is not None, package
        for root in found.submodule_search_locations or ():
            files = (path for path in Path(root).rglob("*") if path.suffix in {".html", ".js", ".py"})
            yield from (path.read_text() for path in files if "vendor" not in path.parts)


def test_each_style_sheet_is_loaded_by_a_page() -> None:
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    assert {name_of(sheet) for sheet in sheets()} == set(re.findall(r"""static ["']css/([^"']+)["']""", pages))


def test_no_style_sheet_is_too_long_to_be_read_at_once() -> None:
    assert {name_of(sheet): lines for sheet in sheets() if (lines := sheet.read_text().count("\n")) > LONGEST} == {}


def test_colours_are_chosen_in_one_place() -> None:
    chosen = {
        f"{name_of(sheet)}: {name}: {value}"
        for sheet in sheets()
        if sheet != TOKENS
        for name, value in VALUE.findall(text_of(sheet))
        if COLOUR.search(value)
    }
    assert chosen == set()


def test_every_token_that_is_asked_for_is_given() -> None:
    css = "".join(text_of(sheet) for sheet in sheets())

    assert set(re.findall(r"var\((--[\w-]+)", css)) - set(re.findall(r"[{;]\s*(--[\w-]+):", css)) == set()


@pytest.mark.parametrize("sheet", sheets(), ids=name_of)
def test_nothing_is_styled_that_no_page_writes(sheet: Path) -> None:
    assert {name for name in names_in(text_of(sheet)) if not is_written(name, written())} == set()


def test_a_button_has_one_name() -> None:
    assert {name_of(sheet) for sheet in sheets() if re.search(r"\.btn\b", text_of(sheet))} == set()


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("state-good", 'class="state state-{}"', True),
        ("h12", "f'h{hour} p{part}'", True),
        ("field-was", "field-%s", True),
        ("panel", "panel late", True),
        ("panel", "panels", False),
        ("hours", "f'h{hour} p{part}'", False),
        ("state-good", "estate-{}", False),
    ],
)
def test_a_name_counts_as_written_as_a_word_of_its_own(name: str, text: str, found: bool) -> None:
    assert is_written(name, (text,)) is found
