"""What must not stand in any file of the project."""

import re
from pathlib import Path

import polib
import pytest

from tests.house.source import ROOT, tracked_files

# Each pattern is written so that it does not find itself.
FORBIDDEN = {
    "a path of one machine": re.compile(r"/(?:work/main|root/|home/[a-z]+/|Users/[A-Za-z]+/|tmp/bash_)"),
    "the address of a package registry": re.compile(r'"resolved": *"http|(?:extra-)?index[-]url|registry[.]npmjs[.]'),
    "work left over": re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b"),
    "a merge left half done": re.compile(r"^(?:<{7} |>{7} |={7}$)", re.MULTILINE),
    "a secret": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b"),
}
BINARY = {".mo", ".png", ".ico", ".jpg", ".woff2", ".xlsx"}


def faults(text: str) -> list[str]:
    """The names of what `text` contains and must not."""
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_file_names_a_machine_a_registry_or_work_left_over() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in tracked_files()
        if path.suffix not in BINARY and (names := faults(path.read_text(errors="replace")))
    }
    assert found == {}


def test_no_third_party_code_is_kept_in_the_tree() -> None:
    def foreign(path: Path) -> bool:
        name = path.relative_to(ROOT).as_posix()
        return bool(re.search(r"\.min\.(?:js|css)$|(?:^|/)(?:node_modules|vendor)/", name))

    assert [path for path in tracked_files() if foreign(path)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cd /" + "work/main", "a path of one machine"),
        ("/" + "root/.cache", "a path of one machine"),
        ("pip --index" + "-url=x", "the address of a package registry"),
        ("# TO" + "DO later", "work left over"),
        ("<" * 7 + " ours", "a merge left half done"),
    ],
)
def test_each_kind_is_seen(text: str, name: str) -> None:
    assert faults(text) == [name]


def test_ordinary_text_is_not_faulted() -> None:
    assert faults('<a href="/home/">Home</a> and /tmp/reschedule') == []


FORMAL = re.compile(r"\b[Aa]nda\b")
"""Indonesian customers are Bapak and Ibu; whatever says Anda beside it speaks with two voices."""
PROMISED = re.compile(r"\w*janji(?! temu|\.)\w*", re.IGNORECASE)
"""Janji is only in janji temu, an appointment; what we say we will do is a tindak lanjut, which we undertake."""
SAID_OF_FOLLOW_UPS = "tindak lanjut dijanjikan"
TOLD_IN_SECRET = re.compile(
    r"\b(?:limbo|lapsed?|parked|guaranteed|held until [%{]|costs you nothing|count against you)\b"
    r"|\b(?:menggantung|berutang|siapa cepat|jendela pengantaran|bukan siapa-siapa|sudah pasti|jatah)\b",
    re.IGNORECASE,
)
"""Words of ours that a receptionist would have to ask about, and promises that nobody keeps."""


def said() -> dict[str, str]:
    """Everything our Indonesian says: the catalogue, the texts of messages, what the sample business writes."""
    catalogue = polib.pofile(str(ROOT / "locale/id/LC_MESSAGES/django.po"))
    found = {
        entry.msgid: entry.msgstr or " ".join(entry.msgstr_plural.values()) for entry in catalogue if not entry.obsolete
    }
    found |= {str(path.relative_to(ROOT)): _words(path) for path in (ROOT / "locale/id").rglob("*.txt")}
    return found | {path.name: path.read_text() for path in (ROOT / "appointments/demo").glob("*.py")}


def _words(path: Path) -> str:
    """What a text says, without what it asks."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.DOTALL)


def test_indonesian_addresses_everybody_in_one_way() -> None:
    texts = said()
    assert len(texts) > 1000
    assert {key: text for key, text in texts.items() if FORMAL.search(text)} == {}


def test_an_appointment_and_a_promise_are_two_words() -> None:
    found = {key: PROMISED.findall(text.replace(SAID_OF_FOLLOW_UPS, "")) for key, text in said().items()}
    assert {key: words for key, words in found.items() if words} == {}


def test_every_word_is_one_that_a_receptionist_knows() -> None:
    english = {str(path.relative_to(ROOT)): _words(path) for path in (ROOT / "locale/en").rglob("*.txt")}
    texts = {key: text for key, text in (said() | english).items() if not key.endswith(".py")}
    found = {key: TOLD_IN_SECRET.findall(f"{key}\n{text}") for key, text in texts.items()}
    assert {key: words for key, words in found.items() if words} == {}
