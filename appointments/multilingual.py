"""One text in every language in use: the column that holds them all, and the boxes in which they are typed.

    service.name.localize("id")          the text in one language; str(service.name) in the reader's
    Service.objects.order_by(InReadersLanguage("name"))
    Service.objects.filter(name__id__icontains="gigi")

What a language lacks is said in the site's own. The database keeps JSON, `{"en": …, "id": …}`, which it can search and
sort by; a language that is added or taken away changes no table.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Func
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.query_utils import DeferredAttribute
from django.utils.deconstruct import deconstructible
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString

from notifications.text import languages


def in_each(path: str) -> list[str]:
    """The look-ups that search a `WordsField` in every language in use."""
    return [f"{path}__{code}" for code in languages.codes()]


@deconstructible
class EachLanguage:
    """Holds every language's text to a rule for plain texts, and says which one breaks it."""

    def __init__(self, rule: Callable[[str], None]) -> None:
        self.rule = rule

    def __call__(self, words: LazyI18nString) -> None:
        broken = []
        for code, text in words.data.items():
            try:
                self.rule(text)
            except ValidationError as error:
                broken += [in_language(code, message) for message in error.messages]
        if broken:
            raise ValidationError(broken)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EachLanguage) and self.rule == other.rule

    __hash__ = None  # type: ignore[assignment]  # as Django's own validators


def in_language(code: str, message: str) -> str:
    """A complaint about the text in one language."""
    return f"{languages.name(code)}: {message}"


class _Words(DeferredAttribute):
    """What is given as a dictionary, or as the text of the site's own language, can be read back in any."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class WordsField(models.JSONField):
    """Texts by language. `max_length` counts for each of them."""

    descriptor_class = _Words

    def __init__(self, *args: Any, max_length: int | None = None, **options: Any) -> None:
        options.setdefault("default", dict)
        super().__init__(*args, max_length=max_length, **options)
        if max_length is not None:
            self.validators.append(EachLanguage(MaxLengthValidator(max_length)))

    def to_python(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        texts = value.data if isinstance(value, LazyI18nString) else value
        if isinstance(texts, str):
            texts = {languages.own(): texts}
        return LazyI18nString({code: text for code, text in texts.items() if text})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return LazyI18nString(found) if isinstance(found, dict) else found

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value.data if isinstance(value, LazyI18nString) else value)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        models.Field.validate(self, value, model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj).data

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """A form asks for the languages in use; what is stored in others stays."""
        stored = self.value_from_object(instance).data
        kept = {code: text for code, text in stored.items() if code not in languages.codes()}
        super().save_form_data(instance, {**kept, **data.data})

    def formfield(self, **options: Any) -> Any:
        attrs = {"maxlength": self.max_length, "class": "vTextField"}
        ours = {
            "form_class": I18nFormField,
            "widget": WordsInput,
            "widget_kwargs": {"attrs": attrs},
            "show_hidden_initial": False,  # which Django wants for a default that is a function
        }
        field: Any = models.Field.formfield(self, **{**ours, **options})
        field.required = not self.blank  # for its label; that one of the boxes is filled, the library sees to
        return field


class InReadersLanguage(Func):
    """The text of a `WordsField` as whoever reads the page sees it, for the database to sort by."""

    def resolve_expression(self, *args: Any, **options: Any) -> Any:
        (words,) = self.get_source_expressions()
        codes = dict.fromkeys([*languages.fallbacks(languages.active()), *languages.codes()])
        texts = [KeyTextTransform(code, words) for code in codes]
        return Coalesce(*texts, models.Value("")).resolve_expression(*args, **options)


class WordsInput(I18nTextInput):
    """A box for each language in use, under its name and with its code in the name of the field: `label_en`."""

    template_name = "widgets/words.html"

    def __init__(self, locales: list[str], field: forms.Field, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(locales, field, attrs)
        self.widgets_names = [f"_{code}" for code in self.locales]

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        return forms.MultiWidget.render(self, name, value, attrs, renderer)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for code, box in zip(self.locales, context["widget"]["subwidgets"], strict=True):
            box["language"] = languages.name(code)
            # The first box answers for the whole, so that a label and Django's own scripts find it.
            whole = context["widget"]["attrs"].get("id")
            if whole:
                box["attrs"]["id"] = whole if code == self.locales[0] else f"{whole}_{code}"
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """One box is enough, so no single one is required."""
        return False

    def id_for_label(self, id_: str) -> str:
        return id_


class WordsTextarea(WordsInput):
    """The same with room for whole sentences."""

    widget = I18nTextarea.widget

    def __init__(self, locales: list[str], field: forms.Field, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(locales, field, {**(attrs or {}), "class": "vLargeTextField", "rows": 2})
