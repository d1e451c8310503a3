"""One letter, two forms. A letter is written once; email.txt shows it plain, email.html rich, and they cannot drift.

    {% load letter %}
    {% heading %}Your new time is confirmed{% endheading %}                 rich only: in plain mail the subject says it
    {% section %}Your first appointment{% endsection %}         a heading in both forms, for a part of a long letter
    {% para %}…{% endpara %}                                    a paragraph, however it is broken in the source
    {% lines %}…{% endlines %}                                  lines that stay lines: a greeting with a name below
    {% quote words %}                                           somebody's own words, with their line breaks
    {% facts %}{% fact "Where" %}…{% endfact %}{% endfacts %}   a small table; an empty fact is left out
    {% card 1 offer.url "Choose this time" %}{% line %}…{% endline %}{% endcard %}
    {% button page_url "Ask for other times" %}

The rich form is chosen by the variable `rich`, which notifications/_letter.html sets. Content comes here written by
the engine of its part: escaped for the rich form, as it is for the plain one.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.template import Context, Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from notifications.templatetags.wording import one_line

register = Library()

LONGEST_RULE = 60
"""So many dashes below a heading fit into a narrow window."""


@register.simple_block_tag(takes_context=True)
def heading(context: Context, content: str) -> str:
    return format_html("<h1>{}</h1>", one_line(content)) if context.get("rich") else ""


@register.simple_block_tag(takes_context=True)
def section(context: Context, content: str) -> str:
    text = one_line(content)
    if context.get("rich"):
        return format_html("<h2>{}</h2>", text)
    return f"{text}\n{'-' * min(len(text), LONGEST_RULE)}"


@register.simple_block_tag(takes_context=True)
def para(context: Context, content: str, style: str = "") -> str:
    """style: the class of the paragraph in the rich form. Nothing inside: no paragraph."""
    text = one_line(content)
    if not text or not context.get("rich"):
        return text
    return format_html('<p class="{}">{}</p>', style, text) if style else format_html("<p>{}</p>", text)


@register.simple_block_tag(takes_context=True)
def lines(context: Context, content: str) -> str:
    kept = _kept(content)
    return format_html("<p>{}</p>", _broken(kept)) if context.get("rich") else "\n".join(kept)


@register.simple_tag(takes_context=True)
def quote(context: Context, words: str) -> str:
    """Own words of a person, indented, nothing interpreted."""
    kept = [line.strip() for line in str(words).strip().splitlines()]
    if context.get("rich"):
        return format_html('<blockquote class="note">{}</blockquote>', _broken(kept))
    return "\n".join(f"  {line}".rstrip() for line in kept)


@register.simple_block_tag(takes_context=True)
def facts(context: Context, content: str) -> str:
    if not context.get("rich"):
        return "\n".join(_kept(content))
    return format_html('<table role="presentation" class="facts" cellpadding="0" cellspacing="0">{}</table>', content)


@register.simple_block_tag(takes_context=True)
def fact(context: Context, content: str, label: str) -> str:
    text = one_line(content)
    if not text or not context.get("rich"):
        return f"{label}: {text}" if text else ""
    return format_html('<tr><td class="label">{}</td><td class="value">{}</td></tr>', label, text)


@register.simple_block_tag(takes_context=True)
def card(context: Context, content: str, number: int, url: str, label: str) -> str:
    """One offer: what it says, and the way to it. The first line is the time; the rich form is one big link."""
    if not context.get("rich"):
        return "\n   ".join([f"{number}. {_kept(content)[0]}", *_kept(content)[1:], f"{label}: {url}"])
    return format_html(
        '<a class="offer" href="{}">{}<span class="choose">{}</span></a>', url, _kept_html(content), label
    )


@register.simple_block_tag(takes_context=True)
def line(context: Context, content: str, style: str = "quiet") -> str:
    """One line of a card. Nothing inside: no line."""
    text = one_line(content)
    if not text or not context.get("rich"):
        return text
    return format_html('<span class="line {}">{}</span>', style, text)


@register.simple_tag(takes_context=True)
def button(context: Context, url: str, label: str, style: str = "button") -> str:
    """Something to tap; style "button-quiet" for the ways beside the main one."""
    if context.get("rich"):
        return format_html('<a class="{}" href="{}">{}</a>', style, url, label)
    return f"{label}{'' if label.endswith('?') else ':'}\n{url}"


def _kept(content: str) -> list[str]:
    return [one_line(line) for line in content.splitlines() if line.strip()]


def _kept_html(content: str) -> str:
    return mark_safe("".join(_kept(content)))  # noqa: S308  joined from what the html engine has written


def _broken(kept: Iterable[str]) -> str:
    """Lines with breaks between; a line that is not marked as written html is escaped."""
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in kept))
