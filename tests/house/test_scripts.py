"""Scripts of the desk keep to themselves: several run on one page, and a name that two of them use breaks one."""

import re

from tests.house.source import ROOT

SCRIPT = re.compile(r"""<script[^>]*js/(desk[\w-]*)\.js[^>]*>""")


def test_every_script_of_the_desk_is_a_module_with_names_of_its_own() -> None:
    found = {
        (str(path.relative_to(ROOT)), match[1]): 'type="module"' in match[0]
        for path in (ROOT / "templates").rglob("*.html")
        for match in SCRIPT.finditer(path.read_text())
    }
    assert {script for _page, script in found} == {path.stem for path in (ROOT / "static/js").glob("desk*.js")}
    assert [where for where, is_module in found.items() if not is_module] == []
