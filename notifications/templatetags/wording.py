"""Small words of messages: names cut to fit, numbers as people dial them, the moment of a thing in its own manner.

{% load wording %}
{% say "noun" %}              the text in locale/<language>/texts/_words/noun.txt, on one line
{% moment was %}              the day and hour; a delivery has a window instead ("between 13:00 and 15:00 WIB")
{{ customer|addressed }}      Bapak, Ibu or Bapak/Ibu: how the active language addresses a grown-up
{{ customer|named }}          the name without words that only address: of "Ny. Ratna" Ratna; "" for what is no name
{{ customer|spoken_to }}      both: "Ibu Ratna"; what is no name stays as it is, and a firm is only named
{{ customer|on_first_name }}  both, as a page may say it: "Ibu Siti"; only Ibu where there is no name
{{ customer|titled }}         with a title of the active language only if they have one: "Ms Ratna", "dr. Andi", "Budi"
{% if customer|is_child %}    whose parents are written to
{% addressing customer %}…{% endaddressing %}   a page that says "you" as `addressed` does, and not both ways
{{ reason.wording|clause }}   ready to stand inside a sentence
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import phonenumbers
from django.template import Context, Library, Node, NodeList, Template
from django.template.base import FilterExpression, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from notifications.templatetags.when import language_of
from notifications.text import addressing as texts
from notifications.text import languages
from notifications.text import when as writing
from notifications.text.habits import habits
from notifications.text.names import called

register = Library()

SOMEBODYS_WORDS = re.compile(r"(<textarea\b.*?</textarea>|<blockquote\b.*?</blockquote>|\bvalue=\"[^\"]*\")", re.DOTALL)


@register.filter
def addressed(customer: Mapping[str, Any]) -> str:
    return texts.addressed(customer, languages.active())


@register.tag
def addressing(parser: Parser, token: Token) -> AddressingNode:
    _tag, customer = token.split_contents()
    nodelist = parser.parse(["endaddressing"])
    parser.delete_first_token()
    return AddressingNode(parser.compile_filter(customer), nodelist)


class AddressingNode(Node):
    """Whoever reads is spoken to as a Bapak or an Ibu alike ("Bapak/Ibu") by what is translated. Where we know which of
    the two, or the business is on terms of its own with everybody, the page says that. What somebody wrote stays.
    """

    def __init__(self, customer: FilterExpression, nodelist: NodeList) -> None:
        self.customer, self.nodelist = customer, nodelist

    def render(self, context: Context) -> SafeString:
        page = self.nodelist.render(context)
        if not (customer := self.customer.resolve(context, ignore_failures=True)):
            return page
        pieces = SOMEBODYS_WORDS.split(page)
        pieces[::2] = [texts.addressing(piece, customer, languages.active()) for piece in pieces[::2]]
        return mark_safe("".join(pieces))  # noqa: S308  a page that is written already; the words are of our own file


@register.filter
def named(customer: Mapping[str, Any]) -> str:
    """What follows `addressed`. Empty where an address or a number stands for a name nobody has told us."""
    return called(str(customer.get("name", ""))).bare


@register.filter
def spoken_to(customer: Mapping[str, Any]) -> str:
    found = called(str(customer.get("name", "")))
    if found.stands_alone or not found.bare:
        return found.bare or str(customer.get("name", ""))
    return f"{addressed(customer)} {found.bare}".strip()


@register.filter
def on_first_name(customer: Mapping[str, Any]) -> str:
    """For a page, which never shows the whole name; of a child its parents are meant."""
    found = called(str(customer.get("name", "")))
    if found.stands_alone:
        return found.first
    first = "" if found.is_child else found.first.removeprefix(found.address).strip()
    return f"{addressed(customer)} {first}".strip()


@register.filter
def titled(customer: Mapping[str, Any]) -> str:
    """The name without degrees, for languages that address only who has a title: of "Ny. Ratna" Ms Ratna, while Miss
    Doe, dr. Andi and Budi stay so. Empty for what is no name.
    """
    found = called(str(customer.get("name", "")))
    people = habits(languages.active()).table("people")
    is_ours = all(word.casefold().strip(".") in people.get("titles", ()) for word in found.address.split())
    title = "" if is_ours else people.get(str(customer.get("honorific", "")) or found.honorific, "")
    return f"{title or found.address} {found.plain}".strip()


@register.filter
def is_child(customer: Mapping[str, Any]) -> bool:
    return called(str(customer.get("name", ""))).is_child


@register.filter
def shorten(text: Any, limit: int) -> str:
    """Cut after a whole word where there is one, to at most `limit` letters, without a mark that costs a text message
    its cheap alphabet."""
    line = " ".join(str(text).split())
    if len(line) <= limit:
        return line
    words = line[: limit + 1].rpartition(" ")[0]
    return (words if len(words) > limit // 2 else line[:limit]).rstrip(" ,;:-&")


@register.filter
def clause(text: Any) -> str:
    """On one line and without a full stop, whatever the manager who wrote it did."""
    return " ".join(str(text).split()).rstrip(" .")


@register.filter
def dialled(number: Any) -> str:
    """+62215550123 as people read it, "+62 21 5550 123"; what is no number stays as it is."""
    return _dialled(str(number))


@lru_cache(maxsize=200)
def _dialled(number: str) -> str:
    """Most numbers are our own, and each page and letter shows one of them."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.simple_tag(takes_context=True)
def phone(context: Context, number: str) -> str:
    """A telephone number; in the rich form one tap dials it."""
    if context.get("rich"):
        return format_html(
            '<a class="phone" href="tel:{}">{}</a>', number, dialled(number).replace(" ", "\N{NO-BREAK SPACE}")
        )
    return dialled(number)


@register.simple_tag(takes_context=True)
def say(context: Context, name: str) -> str:
    """The text `_words/<name>.txt` of the language, else of the site's own, written with this context, on one line."""
    folders = [languages.texts(code) for code in languages.fallbacks(language_of(context))]
    return one_line(_text(context, [f"{folder}/_words/{name}.txt" for folder in folders]).render(context))


@register.simple_tag(takes_context=True)
def moment(context: Context, time: Mapping[str, Any], style: str = "strong") -> str:
    """Day and hour of `time` {starts_at, ends_at}: a window for deliveries, the beginning for everything else.

    style "plain": not set off in the rich form, for a time that no longer holds.
    """
    zone, language = context["zone"], language_of(context)
    if context["service"]["kind"] == "delivery":
        text = writing.between(time["starts_at"], time["ends_at"], zone, language)
    else:
        text = writing.when(time["starts_at"], zone, language)
    if not context.get("rich"):
        return text
    # The zone must not stand alone at the beginning of a line.
    text = "\N{NO-BREAK SPACE}".join(text.rsplit(" ", maxsplit=1))
    return format_html("<strong>{}</strong>", text) if style == "strong" else text


@register.simple_tag(takes_context=True)
def moment_short(context: Context, time: Mapping[str, Any]) -> str:
    """The same for subjects and text messages; in the cheap alphabet of the latter."""
    zone, language = context["zone"], language_of(context)
    if context["service"]["kind"] == "delivery":
        text = writing.span(time["starts_at"], time["ends_at"], zone, language, "short")
        return text.replace("–", "-")
    return writing.when(time["starts_at"], zone, language, "short")


def one_line(text: str) -> SafeString:
    """White space as a reader wants it; the text is written already, so what had to be escaped is."""
    return mark_safe(re.sub(r"\s+", " ", text).strip())  # noqa: S308  rendered text, escaped where it was written


def _text(context: Context, paths: list[str]) -> Template:
    """From the engine that is writing, whose strictness and escaping have to hold here too."""
    if context.template is None:
        raise ValueError(f"{paths[0]} can only be used inside a template")
    found: Template = context.template.engine.select_template(paths)
    return found
