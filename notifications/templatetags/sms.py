"""Text messages that need two parts at the most, whatever the names and the reason are.

{% load sms %}
{% two_parts %}
  {{ business.name }}: {% trim because %}. {% spare 1 %}Sorry.{% endspare %} {{ page_url }} {% spare 2 %}…{% endspare %}
  {% instead 2 %}…{% endinstead %}
{% endtwo_parts %}

`spare`: what goes first when it is too long, the highest number before the others. `instead`: what is said where that
had to go. `trim`: what is shortened after a whole word when nothing can be spared any more; only so much that the
message fits.
"""

from __future__ import annotations

import re

from django.template import Library
from django.utils.safestring import mark_safe

from notifications.templatetags.wording import one_line, shorten
from notifications.text.rendering import MARKER

register = Library()

LONGEST = 306
"""Two parts of 153 letters in the alphabet of GSM 03.38."""
SECRET = "x" * 43
"""As long as the secret that takes the place of a marker when the message leaves."""
CUT = "..."
_SPARE, _END, _TRIM, _TRIMMED, _INSTEAD = "\x02", "\x03", "\x04", "\x05", "\x06"
_SPARED = re.compile(f"{_SPARE}(\\d+){_SPARE}([^{_END}]*){_END}")
_OTHERWISE = re.compile(f"{_INSTEAD}(\\d+){_INSTEAD}([^{_END}]*){_END}")
_LONG = re.compile(f"{_TRIM}([^{_TRIMMED}]*){_TRIMMED}")


@register.simple_block_tag
def spare(content: str, rank: int) -> str:
    return _marked(f"{_SPARE}{rank}{_SPARE}{content}{_END}")


@register.simple_block_tag
def instead(content: str, rank: int) -> str:
    return _marked(f"{_INSTEAD}{rank}{_INSTEAD}{content}{_END}")


@register.simple_tag
def trim(words: str) -> str:
    return _marked(f"{_TRIM}{words}{_TRIMMED}")


@register.simple_block_tag
def two_parts(content: str) -> str:
    while _length(content) > LONGEST and (found := max(_SPARED.finditer(content), key=_rank, default=None)):
        content = content[: found.start()] + content[found.end() :]
    over = _length(content) - LONGEST
    if over > 0:
        content = _LONG.sub(lambda found: _shortened(found[1], by=over), content, count=1).replace(f"{CUT}.", CUT)
    return _written(content)


def _rank(found: re.Match[str]) -> int:
    return int(found[1])


def _length(content: str) -> int:
    return len(MARKER.sub(SECRET, _written(content)))


def _written(content: str) -> str:
    kept = {found[1] for found in _SPARED.finditer(content)}
    content = _OTHERWISE.sub(lambda found: "" if found[1] in kept else found[2], content)
    return one_line(_LONG.sub(r"\1", _SPARED.sub(r"\2", content)))


def _shortened(words: str, *, by: int) -> str:
    return f"{shorten(words, max(0, len(words) - by - len(CUT)))}{CUT}"


def _marked(text: str) -> str:
    return mark_safe(text)  # noqa: S308  written already by the engine of a plain text, which escapes nothing
