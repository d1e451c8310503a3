"""How a text message is made to fit: what is spared first, and what is cut at last."""

import pytest
from django.template import Context, Engine

from notifications.templatetags.sms import LONGEST

LINK = "https://clinic.example/r/[[link]]/"


def written(text: str, **values: str) -> str:
    libraries = {"sms": "notifications.templatetags.sms"}
    engine = Engine(libraries=libraries, builtins=["notifications.templatetags.sms"], autoescape=False)
    return engine.from_string("{% two_parts %}" + text + "{% endtwo_parts %}").render(Context(values))


def length(text: str) -> int:
    """As it leaves, with a link as long as a real one."""
    return len(text.replace("[[link]]", "x" * 43))


def test_what_fits_is_left_as_it_is() -> None:
    text = "One.\n  {% trim words %}. {% spare 1 %}Two.{% endspare %} {% spare 2 %}Three.{% endspare %}"
    assert written(text, words="because we say so") == "One. because we say so. Two. Three."


@pytest.mark.parametrize(("fill", "left"), [(290, "Two. Three."), (296, "Two."), (303, "")])
def test_the_highest_number_is_spared_first(fill: int, left: str) -> None:
    found = written("{{ fill }} {% spare 1 %}Two.{% endspare %} {% spare 2 %}Three.{% endspare %}", fill="x" * fill)
    assert found == f"{'x' * fill} {left}".strip()


def test_a_link_counts_as_long_as_it_leaves() -> None:
    room = LONGEST - length(LINK) - 1
    assert written("{{ fill }} {{ link }}{% spare 1 %}!{% endspare %}", fill="x" * room, link=LINK).endswith("/")
    assert written("{{ fill }} {{ link }}{% spare 1 %}!{% endspare %}", fill="x" * (room - 1), link=LINK).endswith("!")


def test_the_why_is_cut_last_and_after_a_whole_word() -> None:
    words = "because the machine has to be repaired " * 20
    found = written("{% trim words %}. {% spare 1 %}Sorry.{% endspare %} {{ link }}", words=words, link=LINK)
    assert length(found) <= LONGEST
    assert found.startswith("because the machine has to be repaired because")
    assert found.split("...")[0].split()[-1] in words.split()
    assert found.endswith(f"... {LINK}")
    assert "Sorry" not in found
