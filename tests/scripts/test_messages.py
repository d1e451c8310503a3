"""Collecting texts without gettext's tools finds what gettext's tools would find."""

from pathlib import Path

import polib

from scripts.messages import Text, check, compile_, texts_of_code, texts_of_template


def test_texts_of_code_are_found_under_the_names_they_were_imported_by() -> None:
    source = """
from django.utils.translation import gettext as _now, gettext_lazy as _, ngettext, pgettext
_("Two lines "
  "in one")
_now("Now")
ngettext("%(n)s day", "%(n)s days", 3)
pgettext("verb", "Book")
_(variable)
other("Not ours")
"""
    assert list(texts_of_code(source)) == [
        Text(None, "Two lines in one", None),
        Text(None, "Now", None),
        Text(None, "%(n)s day", "%(n)s days"),
        Text("verb", "Book", None),
    ]


def test_texts_of_templates_are_found_in_tags_blocks_and_filters() -> None:
    source = """
<p title="{% translate "Do it" as z %}">{% translate 'Book' context "verb" %}</p>
{% blocktranslate count n=x trimmed %}
  {{ n }} day
{% plural %}
  {{ n }} days
{% endblocktranslate %}
{{ name|default:_("nobody") }} it's plain text {% comment %}{% translate "no" %}{% endcomment %}
"""
    assert list(texts_of_template(source)) == [
        Text(None, "Do it", None),
        Text("verb", "Book", None),
        Text(None, "%(n)s day", "%(n)s days"),
        Text(None, "nobody", None),
    ]


def test_a_catalogue_is_faulted_for_texts_left_placeholders_lost_and_a_stale_mo(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    catalogue = polib.POFile()
    entry = {"tcomment": "From a library"}
    catalogue.append(polib.POEntry(msgid="Left", msgstr="", **entry))
    catalogue.append(polib.POEntry(msgid="For %(name)s", msgstr="Untuk", **entry))
    catalogue.append(polib.POEntry(msgid="Fine", msgstr="Baik", **entry))
    catalogue.save(str(path))
    compile_(path)
    ours = [trouble for trouble in check(path) if not trouble.startswith("not in the catalogue")]
    assert ours == ["not translated: 'Left'", "other placeholders than ['%(name)s']: 'Untuk'"]

    catalogue.find("Fine").msgstr = "Bagus"
    catalogue.save(str(path))
    assert "django.mo is not compiled from this catalogue: run make messages" in check(path)
