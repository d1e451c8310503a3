"""kind + channel + language + context → what a person reads. The only place where a message's words are made.

Texts live in each language's own folder, `locale/<language>/texts/<kind>/`: subject.txt, letter.txt, sms.txt, call.txt.
A letter becomes both forms of a mail; a kind may have an email.txt and an email.html of its own instead. A text that
asks for something the context lacks is refused; `{% if thing %}` may ask freely. A value of None counts as lacking.
A message is in one language from the greeting to the last hour: what a language lacks is said in the site's own.

Secrets (working links) never reach a template: the context carries a marker such as "[[link]]", which reveal()
replaces in the copy that leaves and mask() in the copy that stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from html import escape
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.signals import setting_changed
from django.template import Context, Engine, NodeList, TemplateDoesNotExist, TemplateSyntaxError
from django.template.backends.django import get_installed_libraries
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from notifications.errors import MissingText, RenderError, UnresolvedPlaceholder
from notifications.policy import zone_or_utc
from notifications.text import languages
from notifications.text.cleaning import clean, one_line, one_stop
from notifications.text.packing import pack, unpack
from notifications.text.values import Form, InForce, Recipient, Rendered

MASK = "•••"
MARKER = re.compile(r"\[\[([a-z0-9_]+)\]\]")
LINK_NAME = re.compile(r"(?:^|_)(?:link|url)$")

SHEETS = {"email.txt": "notifications/_letter.txt", "email.html": "notifications/_letter.html"}
"""The form that a letter takes in a mail, for kinds without a form of their own."""


class _Refusal(str):
    """Django writes this in place of a variable that does not exist, by way of `%`; so `%` is where we refuse."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        raise UnresolvedPlaceholder(str(variable))


@lru_cache(maxsize=2)
def _engine(*, autoescape: bool) -> Engine:
    """The project's template folders, strict about what is missing; html escapes, plain text does not."""
    configurations: list[dict[str, Any]] = settings.TEMPLATES
    conf = next(c for c in configurations if c["BACKEND"].endswith(".DjangoTemplates"))
    return Engine(
        dirs=[str(folder) for folder in conf.get("DIRS", ())],
        app_dirs=conf.get("APP_DIRS", False),
        autoescape=autoescape,
        string_if_invalid=_Refusal("refused"),
        libraries=get_installed_libraries(),
        builtins=["django.templatetags.i18n", "django.templatetags.l10n", "django.templatetags.tz"],
    )


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


def _forget_engines(*, setting: str, **kwargs: Any) -> None:
    if setting in {"TEMPLATES", "INSTALLED_APPS"}:
        _engine.cache_clear()


setting_changed.connect(_forget_engines, dispatch_uid="notifications.text.rendering")


def has_text(*, kind: str, language: str, form: Form) -> bool:
    """Whether this kind of message can be said in this form at all."""
    try:
        _language_for(kind, language, form)
    except MissingText:
        return False
    return True


def own_template(kind: str, language: str, file: str) -> NodeList:
    """What a language's own text is made of, or that of the language it is a variant of; nothing where it has none."""
    for code in dict.fromkeys((language, language.split("-", maxsplit=1)[0])):
        if found := _get(_engine(autoescape=False), _name(kind, code, file)):
            return NodeList(found.nodelist)
    return NodeList()


def included(path: str) -> NodeList:
    """What a text that another one includes is made of."""
    return NodeList(_engine(autoescape=False).get_template(path).nodelist)


def render(
    *,
    kind: str,
    to: Recipient,
    context: Mapping[str, Any],
    form: Form,
    words: Mapping[str, InForce] = MappingProxyType({}),
) -> Rendered:
    """The words for one person in the form that a channel needs, markers in place.

    Dates in the context appear in the recipient's zone and in the language of the text. Templates also see `to` (the
    Recipient), `language` and `public_url`. `words`: by language, what the business words otherwise than we do. Raises
    UnresolvedPlaceholder, MissingText or RenderError, each with a sentence staff can read.
    """
    language = _language_for(kind, to.language, form)
    worded = words.get(language, InForce())
    values = _values(context, to, language) | {
        "words_in_force": worded.by_scope,
        "letter": _name(kind, language, "letter.txt"),
    }
    with translation.override(language), timezone.override(zone_or_utc(to.zone)):
        text, mark = _say(kind, language, form.texts, values, form), _test_mark(values)
        if not form.letter:
            return Rendered(subject="", text=_tidy(mark + text.lstrip()), worded=worded.versions)
        subject = one_line(mark + _say(kind, language, ("subject.txt",), values, form))
        if not subject:
            raise RenderError(_("The subject of “%(kind)s” is empty.") % {"kind": kind})
        html = _html(kind, language, values | {"subject": subject}, form)
    return Rendered(subject=subject, text=_tidy(text), html=html, worded=worded.versions)


def phrase(source: str, *, to: Recipient, context: Mapping[str, Any], language: str) -> str:
    """A few words of our own, written as a message to `to` would write them. Raises RenderError."""
    with translation.override(language), timezone.override(zone_or_utc(to.zone)):
        return one_line(_write(_engine(autoescape=False).from_string(source), _values(context, to, language)))


def _values(context: Mapping[str, Any], to: Recipient, language: str) -> dict[str, Any]:
    found: dict[str, Any] = _without_nothing(unpack(pack(context)))
    recipient = replace(to, name=one_line(to.name), language=language)
    return found | {"to": recipient, "language": language, "public_url": settings.PUBLIC_URL}


def check_markers(*, context: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    """Raises UnresolvedPlaceholder when a link in the context names a secret that was not given.

    Only values called link or url are looked at: a customer who writes "[[link]]" into a comment is just quoted.
    """
    for name, value in _links(context):
        for marker in MARKER.findall(value):
            if marker not in secrets:
                raise UnresolvedPlaceholder(f"{name}: [[{marker}]]")


def markers(context: Mapping[str, Any]) -> set[str]:
    """The names of the secrets that the links in the context stand for."""
    return {marker for _name, value in _links(context) for marker in MARKER.findall(value)}


def reveal(rendered: Rendered, secrets: Mapping[str, str]) -> Rendered:
    """The copy that leaves: working links in place of the markers."""
    return _replace(rendered, {name: clean(secret) for name, secret in secrets.items()})


def mask(rendered: Rendered, secrets: Mapping[str, str]) -> Rendered:
    """The copy that stays: shows where a link was and where it led, never the key in it."""
    return _replace(rendered, {name: masked(secret) for name, secret in secrets.items()})


def masked(secret: str) -> str:
    """`https://host/r/abc?x` → `https://host/r/•••`; anything that is no link → `•••`."""
    parts = urlsplit(secret)
    if not parts.scheme or not parts.netloc:
        return MASK
    first, _slash, rest = parts.path.lstrip("/").partition("/")
    return f"{parts.scheme}://{parts.netloc}/{first + '/' if rest else ''}{MASK}"


def _replace(rendered: Rendered, secrets: Mapping[str, str]) -> Rendered:
    def plain(found: re.Match[str]) -> str:
        return secrets.get(found[1], found[0])

    def escaped(found: re.Match[str]) -> str:
        return escape(secrets[found[1]]) if found[1] in secrets else found[0]

    return replace(
        rendered,
        subject=one_line(MARKER.sub(plain, rendered.subject)),
        text=MARKER.sub(plain, rendered.text),
        html=MARKER.sub(escaped, rendered.html),
    )


def _say(kind: str, language: str, names: tuple[str, ...], values: dict[str, Any], form: Form) -> str:
    return _write(_find(kind, language, names, form=form, autoescape=False), values)


def _test_mark(values: Mapping[str, Any]) -> str:
    """What begins a message that only shows a colleague how it reads."""
    return f"{_('Test')}: " if "test" in values else ""


def _html(kind: str, language: str, values: dict[str, Any], form: Form) -> str:
    """The rich form with its styles written into the tags, or "" where a kind has only plain text."""
    try:
        template = _find(kind, language, ("email.html",), form=form, autoescape=True)
    except MissingText:
        return ""
    html = _write(template, values)
    try:
        return _inliner().inline(html)
    except css_inline.InlineError as error:
        raise RenderError(
            _("The styles of “%(name)s” cannot be used: %(why)s") % {"name": kind, "why": error}
        ) from error


def _language_for(kind: str, language: str, form: Form) -> str:
    """The first language, of those a reader of `language` may be written to in, that has all the words for it."""
    needed = [form.texts, ("subject.txt",)] if form.letter else [form.texts]
    for code in languages.fallbacks(language):
        try:
            for names in needed:
                _find(kind, code, names, form=form, autoescape=False)
        except MissingText:
            continue
        return code
    raise MissingText(kind, form.channel)


def _find(kind: str, language: str, names: tuple[str, ...], *, form: Form, autoescape: bool) -> Any:
    """The first of the texts that exists; a letter stands for both forms of a mail."""
    engine = _engine(autoescape=autoescape)
    for name in names:
        if found := _get(engine, _name(kind, language, name)):
            return found
        if name in SHEETS and _get(engine, _name(kind, language, "letter.txt")):
            return engine.get_template(SHEETS[name])
    raise MissingText(kind, form.channel)


def _get(engine: Engine, path: str) -> Any:
    try:
        return engine.get_template(path)
    except TemplateDoesNotExist as error:
        if error.chain or error.args[0] != path:
            raise _broken(path, error) from error
        return None
    except TemplateSyntaxError as error:
        raise _broken(path, error) from error


def _name(kind: str, language: str, name: str) -> str:
    return f"{languages.texts(language)}/{kind}/{name}"


def _write(template: Any, values: dict[str, Any]) -> str:
    """Render, turning whatever a template can do wrong into one kind of error."""
    try:
        escapes = template.engine.autoescape
        return one_stop(clean(template.render(Context(values, autoescape=escapes))), values, is_html=escapes)
    except RenderError:
        raise
    except (TemplateDoesNotExist, TemplateSyntaxError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise _broken(template.name, error) from error


def _broken(name: str, error: Exception) -> RenderError:
    return RenderError(_("The text “%(name)s” is broken: %(why)s") % {"name": name, "why": error})


def _tidy(text: str) -> str:
    """No spaces at line ends, never two blank lines in a row: what template tags leave behind is removed."""
    lines = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _without_nothing(value: Any) -> Any:
    """Drops None from mappings, so that nobody is ever written to as "None"."""
    if isinstance(value, dict):
        return {name: _without_nothing(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nothing(item) for item in value]
    return value


def _links(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [pair for key, item in value.items() for pair in _links(item, str(key))]
    if isinstance(value, list | tuple):
        return [pair for item in value for pair in _links(item, name)]
    return [(name, value)] if isinstance(value, str) and LINK_NAME.search(name) else []
