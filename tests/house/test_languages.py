"""No program speaks a language: what one says, and how, stands in its folder."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.house.source import ROOT, modules, within

SAMPLE_DATA = "appointments.demo"
SETTINGS = "reschedule.settings"

CODES = {code for code, _name in settings.LANGUAGES}
# A column or a variable for one language; "_id" would be every foreign key.
OF_ONE_LANGUAGE = re.compile(r"_(?:en|indonesian|english)$|^(?:english|indonesian)$", re.IGNORECASE)


def faults(tree: ast.Module) -> Iterator[str]:
    """Codes of languages that are written down, and names that speak of one. "id" may be a column or an attribute."""
    innocent = set(_columns_and_attributes(tree))
    for node in ast.walk(tree):
        said = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if node not in innocent and (is_code(said) or OF_ONE_LANGUAGE.search(said)):
            yield said
        names = [getattr(node, part, "") for part in ("attr", "id", "arg")]
        yield from (str(name) for name in names if name and OF_ONE_LANGUAGE.search(str(name)))


def is_code(text: str) -> bool:
    """Whether it is the code of one of our languages, with or without a region."""
    return re.fullmatch(rf"(?:{'|'.join(sorted(CODES))})(?:[-_]\w\w)?", text) is not None


def _columns_and_attributes(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "fields" and isinstance(node.value, ast.Tuple | ast.List):
            yield from node.value.elts
        elif isinstance(node, ast.Subscript):
            yield node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            yield from node.args


def test_no_module_names_a_language() -> None:
    found = {name: list(faults(tree)) for name, tree in modules().items() if not within(name, SAMPLE_DATA, SETTINGS)}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_page_and_no_script_names_a_language() -> None:
    """A page compares with what it was given: codes stand neither in a condition nor in an address."""
    codes = "|".join(sorted(CODES))
    named = re.compile(rf"""==? ?["'](?:{codes})["']|lang=(?:{codes})\b|_(?:en|indonesian)\b""")
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").rglob("*.js")]
    assert [file.name for file in files if named.search(file.read_text())] == []


def test_no_text_names_its_own_language() -> None:
    """Texts include each other by relative paths, so a folder can be copied as the beginning of another language."""
    texts = [text for code in CODES for text in (ROOT / "locale" / code / "texts").rglob("*.txt")]
    elsewhere = re.compile(r'{% (?:include|extends) "(?!\.\./|notifications/_)')
    assert len(texts) > 80
    assert [text for text in texts if elsewhere.search(text.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        'if language == "id": pass',
        'texts = {"en": 1}',
        'language.startswith("id")',
        'def say(language="en"): pass',
        "reason.label_en",
        'search_fields = ("label_en",)',
        'for code in ("en", "id"): pass',
        "INDONESIAN = 1",
        'wanted = "en_US"',
        "f(wording_en=1)",
    ],
)
def test_a_language_that_is_named_is_seen(source: str) -> None:
    assert list(faults(ast.parse(source))) != []


def test_columns_and_attributes_called_id_are_none() -> None:
    source = 'Index(fields=("at", "id")); box["attrs"]["id"] = attrs.get("id"); appointment.location_id; f(pk="india")'
    assert list(faults(ast.parse(source))) == []
