"""The parts of a text that a business may word itself. Everything around them stays ours.

{% load worded %}
{% worded "thanks" "Thank you for your answer, {name}." %}        ours, and whoever likes says it otherwise
{% worded "regards" "Kind regards," warm="Warm wishes," of="every" %}  by tone; shared by all letters
{% worded "opening" "" %}                                         nothing, until somebody adds a sentence
{% worded "subject" %}…{% endworded %}                            facts: whoever words it keeps them, as {news}

What stands in braces is a name of `text/placeholders`, in theirs as in ours. Where ours says a fact, theirs must.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template import (
    Context,
    Engine,
    Library,
    Node,
    NodeList,
    Template,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from notifications.templatetags.wording import one_line
from notifications.text import languages
from notifications.text.placeholders import NEWS, PATTERN, PLACEHOLDERS, meant

register = Library()

POLITE = "polite"
TIGHT = "sms"
SHORT = ("subject", TIGHT)
"""What a key begins with where hours are said in short; and where each letter costs."""
LIBRARIES = "{% load wording when %}"
BEGINS = re.compile(r"(?:^|[.!?]\s+)[“\"(]?$")


class WordedNode(Node):
    """`ours` by tone; `of` is "" for what belongs to the message alone."""

    def __init__(self, key: str, ours: Mapping[str, str], of: str, nodelist: NodeList) -> None:
        self.key, self.ours, self.of, self.nodelist = key, ours, of, nodelist

    def render(self, context: Context) -> SafeString:
        theirs: Mapping[str, str] = (context.get("words_in_force") or {}).get(self.of, {})
        return self._filled(theirs.get(self.key) or said(self.ours, tone_of(context)), context)

    def _filled(self, text: str, context: Context) -> SafeString:
        """Pieces between braces and pieces in braces take turns."""
        pieces = PATTERN.split(text)
        for at in range(1, len(pieces), 2):
            begins = BEGINS.search(pieces[at - 1]) and (at == 1 or bool(pieces[at - 1]))
            pieces[at] = self._value(pieces[at], context, bool(begins))
        pieces[::2] = [self._literal(piece, context) for piece in pieces[::2]]
        return mark_safe("".join(pieces))  # noqa: S308  each piece is escaped where the engine escapes

    def _literal(self, text: str, context: Context) -> str:
        return conditional_escape(text) if context.autoescape else text

    def _value(self, name: str, context: Context, begins: bool) -> str:
        language = str(context.get("language", languages.active()))
        known = meant(name, language)
        if not known:
            return self._literal("{" + name + "}", context)
        if known == NEWS:
            return one_line(self.nodelist.render(context))
        source = _source(_engine(context), known, language, self.key.partition("_")[0])
        said = one_line(_compiled(_engine(context), source).render(context))
        return capfirst(said) if begins and PLACEHOLDERS[known].begins else said


@register.tag
def worded(parser: Parser, token: Token) -> WordedNode:
    """Either with our words behind the key, or around what we say."""
    __, *bits = token.split_contents()
    if not bits:
        raise TemplateSyntaxError("worded needs a key")
    key, *rest = bits
    ours = {POLITE: "{" + NEWS + "}"}
    if rest and "=" not in rest[0].split('"', maxsplit=1)[0]:
        ours = {POLITE: _literal_of(parser.compile_filter(rest.pop(0)))}
        nodelist = NodeList()
    else:
        nodelist = parser.parse(("endworded",))
        parser.delete_first_token()
    options = {name: _literal_of(value) for name, value in token_kwargs(rest, parser).items()}
    of = options.pop("of", "")
    return WordedNode(_literal_of(parser.compile_filter(key)), ours | options, of, nodelist)


def said(ours: Mapping[str, str], tone: str) -> str:
    """Ours in the tone of the business; in the polite one where there is no other."""
    return ours.get(tone, ours[POLITE])


def tone_of(context: Context) -> str:
    customer: Any = context.get("customer", None)
    return str(customer.get("tone", POLITE)) if isinstance(customer, Mapping) else POLITE


def _literal_of(expression: FilterExpression) -> str:
    found: Any = expression.resolve(Context(), ignore_failures=True)
    if not isinstance(found, str):
        raise TemplateSyntaxError("worded takes texts only")
    return str(found)


def _engine(context: Context) -> Engine:
    if context.template is None:
        raise ValueError("worded can only be used inside a template")
    return context.template.engine


@lru_cache(maxsize=512)
def _source(engine: Engine, name: str, language: str, where: str) -> str:
    placeholder = PLACEHOLDERS[name]
    own = [languages.texts(code) for code in dict.fromkeys((language, language.split("-", maxsplit=1)[0]))]
    if placeholder.word and any(_has(engine, f"{folder}/_words/{placeholder.word}.txt") for folder in own):
        return f'{LIBRARIES}{{% say "{placeholder.word}" %}}'
    return LIBRARIES + placeholder.source(is_short=where in SHORT, is_tight=where == TIGHT)


@lru_cache(maxsize=128)
def _compiled(engine: Engine, source: str) -> Template:
    return engine.from_string(source)


def _has(engine: Engine, path: str) -> bool:
    try:
        engine.get_template(path)
    except TemplateDoesNotExist:
        return False
    return True
