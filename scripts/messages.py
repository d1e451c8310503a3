"""Texts to translate, without gettext's own tools, which many machines lack.

    python -m scripts.messages update    collect the texts of the project into locale/*/LC_MESSAGES/django.po
    python -m scripts.messages compile   write django.mo beside each
    python -m scripts.messages check     complain about anything missing, stale or broken

Entries for texts of libraries (they ship no Indonesian) carry a translator's comment that begins with "From "; they are
kept although our sources do not name them.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CODE = ("appointments", "notifications", "reschedule")
TEMPLATES = ("templates", "appointments/templates", "notifications/templates")

# For each function of gettext: the positions of context, singular and plural among its arguments.
SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Text(NamedTuple):
    """One text to translate. Two with the same context and singular are the same entry."""

    context: str | None
    singular: str
    plural: str | None


def texts_of_code(source: str) -> Iterator[Text]:
    """The literal texts that `source` passes to gettext's functions, under whatever name it imported them."""
    tree = ast.parse(source)
    names = {
        (alias.asname or alias.name): alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name):
            function = names.get(called.id, "")
        else:
            function = called.attr if isinstance(called, ast.Attribute) else ""
        literals = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
        yield from _text(function, literals)


def texts_of_template(source: str) -> Iterator[Text]:
    """The texts of translate, blocktranslate and _() in a template."""
    for match in _CALL.finditer(templatize(source)):
        function = "gettext" if match[1] == "_" else match[1]
        yield from _text(function, [ast.literal_eval(found) for found in re.findall(_STRING, match[2])])


def _text(function: str, literals: Sequence[object]) -> Iterator[Text]:
    if function not in SHAPES:
        return
    parts = [literals[at] if at is not None and at < len(literals) else None for at in SHAPES[function]]
    context, singular, plural = (part if isinstance(part, str) else None for part in parts)
    if singular:
        yield Text(context, singular, plural)


def collect() -> dict[tuple[str | None, str], tuple[Text, list[str]]]:
    """Every text of the project with the files that use it."""
    found: dict[tuple[str | None, str], tuple[Text, list[str]]] = {}

    def note(text: Text, path: Path) -> None:
        known, files = found.setdefault((text.context, text.singular), (text, []))
        if text.plural and not known.plural:
            found[text.context, text.singular] = (text, files)
        name = path.relative_to(ROOT).as_posix()
        if name not in files:
            files.append(name)

    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text in texts_of_code(path.read_text()):
                note(text, path)
    for folder in TEMPLATES:
        for path in sorted([*(ROOT / folder).rglob("*.html"), *(ROOT / folder).rglob("*.txt")]):
            for text in texts_of_template(path.read_text()):
                note(text, path)
    return found


def catalogues() -> list[Path]:
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))


def _is_librarys(entry: polib.POEntry) -> bool:
    return entry.tcomment.startswith("From ")


def update(path: Path) -> None:
    """Add new texts, drop unused ones, keep translations; sorted, so that two people's changes merge."""
    catalogue = polib.pofile(str(path), wrapwidth=110)
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    texts = collect()
    for key, (text, files) in texts.items():
        entry = known.get(key)
        if entry is None:
            entry = polib.POEntry(msgctxt=text.context, msgid=text.singular)
            known[key] = entry
        entry.occurrences = [(name, "") for name in files]
        if text.plural:
            entry.msgid_plural = text.plural
            forms = 1 if "nplurals=1" in catalogue.metadata.get("Plural-Forms", "") else 2
            entry.msgstr_plural = entry.msgstr_plural or dict.fromkeys(range(forms), "")
            entry.msgstr = ""
        if "%(" in text.singular and "python-format" not in entry.flags:
            entry.flags.append("python-format")
    kept = [entry for key, entry in known.items() if key in texts or _is_librarys(entry)]
    catalogue.clear()
    catalogue.extend(sorted(kept, key=lambda entry: (entry.msgid.lower(), entry.msgid, entry.msgctxt or "")))
    catalogue.save()


def compile_(path: Path) -> None:
    polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def check(path: Path) -> list[str]:
    """What is wrong with one catalogue, as sentences; an empty list when nothing is."""
    catalogue = polib.pofile(str(path))
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    texts = collect()
    troubles = [f"not in the catalogue: {key[1]!r} ({texts[key][1][0]})" for key in texts if key not in entries]
    for key, entry in entries.items():
        if key not in texts and not _is_librarys(entry):
            troubles.append(f"used nowhere (a library's? comment it 'From …'): {entry.msgid!r}")
        if entry.fuzzy:
            troubles.append(f"fuzzy: {entry.msgid!r}")
        troubles += _faults_of(entry)
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or _translations(polib.mofile(str(compiled))) != _translations(catalogue):
        troubles.append("django.mo is not compiled from this catalogue: run make messages")
    return troubles


def _faults_of(entry: polib.POEntry) -> Iterator[str]:
    translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
    if not all(translations):
        yield f"not translated: {entry.msgid!r}"
        return
    # A plural form may leave out the number, and only that one may.
    wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for translation in translations:
        if set(_PLACEHOLDER.findall(translation)) != wanted:
            yield f"other placeholders than {sorted(wanted)}: {translation!r}"


def _translations(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], object]:
    """What a compiled catalogue holds: everything translated and certain."""
    return {
        (entry.msgctxt or None, entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in catalogue
        if isinstance(entry, polib.MOEntry) or entry.translated()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Collect, compile and check the translations.")
    parser.add_argument("action", choices=["update", "compile", "check"])
    action = parser.parse_args().action
    if not settings.configured:
        settings.configure(USE_I18N=True)
    if not catalogues():
        print("There is no locale/*/LC_MESSAGES/django.po.", file=sys.stderr)
        return 1
    troubles = []
    for path in catalogues():
        if action == "update":
            update(path)
        elif action == "compile":
            compile_(path)
        else:
            troubles += [f"{path.relative_to(ROOT)}: {trouble}" for trouble in check(path)]
    print("\n".join(troubles) or f"{action}: {len(catalogues())} catalogue(s)")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
