"""What README.md, CHANGELOG.md and docs/ say is so: the files, targets, commands, settings and addresses exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from appointments import roles
from appointments.demo.logins import FRONT_DESK, MANAGER
from tests.house.source import ROOT

PAGES = ("README.md", "CHANGELOG.md", "docs/operations.md", "docs/upgrading.md", "docs/languages.md")


def text_of(page: str) -> str:
    return (ROOT / page).read_text()


def code_of(page: str) -> list[str]:
    """Everything on the page that stands between back-quotes or in an indented block, line by line."""
    text = text_of(page)
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"^    (\S.*)$", text, re.MULTILINE)


def map_of_the_house() -> list[str]:
    """The paths that the map names. A line begins with names; it stands inside the last one that is less indented."""
    section = text_of("README.md").split("## A map of the house")[1].split("\n## ")[0]
    paths: list[str] = []
    parents: dict[int, str] = {}
    for spaces, names in re.findall(r"^ {4}( {0,6})(\S.*?)(?: {2,}.*)?$", section, re.MULTILINE):
        depth, inside = len(spaces), re.split(r"[, ]+", names)
        parents = {one: name for one, name in parents.items() if one < depth}
        base = "".join(parents.values())
        paths += [base + name for name in inside]
        parents[depth] = inside[0]
    return paths


def test_the_map_names_rooms_that_exist() -> None:
    named = map_of_the_house()
    missing = [name for name in named if not (ROOT / name).exists() and not (ROOT / f"{name}.py").exists()]

    assert len(named) > 25
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)", text_of(page)) if "://" not in target]

    assert [target for target in targets if not (ROOT / page).parent.joinpath(target).exists()] == []


def test_the_pictures_are_pictures_and_small() -> None:
    pictures = [ROOT / name for name in re.findall(r"!\[[^\]]+\]\(([^)]+)", text_of("README.md"))]

    assert {picture.read_bytes()[:4] for picture in pictures} == {b"\x89PNG"}
    assert [picture.name for picture in pictures if picture.stat().st_size > 200_000] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_exists(page: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), re.MULTILINE))
    named = {found for line in code_of(page) for found in re.findall(r"\bmake ([\w-]+)", line)}

    assert named <= targets


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_exists(page: str) -> None:
    known = get_commands()
    for line in code_of(page):
        for name, rest in re.findall(r"manage\.py (\w+)(.*)", line):
            assert name in known
            app = known[name]
            assert isinstance(app, str)
            parser = load_command_class(app, name).create_parser("manage.py", name)
            options = set(re.findall(r"(?<!\S)(--[\w-]+)", rest))
            assert (name, options - set(parser._option_string_actions)) == (name, set())


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_is_explained_where_settings_are(page: str) -> None:
    explained = set(re.findall(r"^#?([A-Z_]+)=", text_of(".env.example"), re.MULTILINE)) | {"PORT", "NAME"}
    words = [word for line in code_of(page) for word in re.findall(r"\b[A-Z][A-Z]+_[A-Z_]+\b|\b[A-Z_]+(?==)", line)]

    assert set(words) - explained == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_file_exists(page: str) -> None:
    named = {
        word for line in code_of(page) for word in re.findall(r"(?<!\S)[\w./-]+\.(?:py|yaml|md|example|css)\b", line)
    }
    apps = (ROOT, *(ROOT / app for app in ("appointments", "notifications", "reschedule", "static")))

    assert [name for name in sorted(named) if not any((app / name).exists() for app in apps)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_address_leads_to_a_page(page: str) -> None:
    def leads_nowhere(path: str) -> bool:
        try:
            resolve(path)
        except Resolver404:
            return True
        return False

    named = {line for line in code_of(page) if re.fullmatch(r"/[\w/]*", line)}
    assert [path for path in sorted(named) if leads_nowhere(path)] == []


def test_the_sample_logins_are_those_of_the_demo() -> None:
    named = set(re.findall(r"[Ss]ign in as `(\w+)`", text_of("README.md")))

    assert named == {FRONT_DESK, MANAGER}


def test_what_the_pages_tell_the_reader_to_press_is_on_the_pages() -> None:
    """Words in bold in the two minutes are links and buttons, to the letter."""
    steps = text_of("README.md").split("## The main job")[1].split("##")[0]
    pressed = {" ".join(words.split()) for words in re.findall(r"\*\*([^*]+)\*\*", steps)}
    templates = "".join(path.read_text() for path in Path(ROOT / "templates").rglob("*.html"))

    assert [words for words in sorted(pressed) if f'"{words}"' not in templates] == []
    assert len(pressed) >= 5


def test_every_figure_of_the_health_page_is_in_the_table_of_alerts_and_no_other() -> None:
    alerts = text_of("docs/operations.md").split("## Alerts")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", alerts, re.MULTILINE))
    told = set(re.findall(r"`(\w+)`", alerts))

    figures = set(re.findall(r'^        "(\w+)": ', text_of("reschedule/health.py"), re.MULTILINE)) - {"ok"}
    assert figures - told == set()
    assert named - figures == set()
    assert len(named) >= 9


def test_the_programs_of_the_operator_are_those_that_are_tested() -> None:
    started = re.findall(r"^    \.venv/bin/(gunicorn|celery) (.*)$", text_of("docs/operations.md"), re.MULTILINE)
    tested = text_of("tests/production/stack.py")

    assert [name for name, __ in started] == ["gunicorn", "celery", "celery"]
    for name, words in started:
        what = words.split()[0] if name == "gunicorn" else " ".join(words.split()[:3])
        assert f"-m {name} {what}" in tested


def test_the_roles_of_the_first_day_are_those_there_are() -> None:
    first_day = text_of("docs/operations.md").split("## The first day")[1].split("\n## ")[0]

    assert set(re.findall(r"^- \*([^*]+)\*:", first_day, re.MULTILINE)) == {
        str(label).capitalize() for label in roles.LABELS.values()
    }
