"""The words of a message: a box for each part that the business may word, in each language side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.domain.messages.wording import editing, labels
from appointments.domain.messages.wording.shown import Shown
from appointments.domain.recovery import message_parts
from appointments.models import Business
from notifications.text import languages
from notifications.text.parts import Part
from notifications.text.placeholders import called

SEEN = "seen"


@dataclass(frozen=True)
class Row:
    """One part: what it is called, and its box in each language, None where the language does not have it."""

    label: str
    boxes: Sequence[tuple[str, BoundField | None]]


class MessageForm(forms.Form):
    """Each part says what is wrong with it. A box that is left empty is ours."""

    def __init__(self, data: Any = None, *, kind: str) -> None:
        super().__init__(data)
        self.kind, self.languages, self.tone = kind, editing.of(kind), Business.current().tone
        self.parts = {_name(one.code, part.key): part for one in self.languages for part in one.parts}
        for one in self.languages:
            self.fields[_name(one.code, SEEN)] = forms.IntegerField(widget=forms.HiddenInput, initial=one.seen)
            for part in one.parts:
                self.fields[_name(one.code, part.key)] = self._box(part, one.said(part, tone=self.tone))

    def _box(self, part: Part, said: str) -> forms.CharField:
        is_line = part.where != "letter" or part.key == "regards"
        rows = 2 if is_line or len(said) < 120 else 3
        box = forms.Textarea(attrs={"rows": rows, "lang": part.language, "dir": "auto", "data-language": part.language})
        label = f"{labels.PARTS.get(part.key, part.key)} ({languages.name(part.language)})"
        needed = ", ".join(f"{{{called(name, part.language)}}}" for name in part.needed)
        hint = _("Has to say %(needed)s.") % {"needed": needed} if needed else ""
        return forms.CharField(required=False, widget=box, initial=said, label=label, help_text=hint)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, part in self.parts.items():
            text = editing.tidy(cleaned.get(name) or "", part_key=part.key)
            if text and text != part.said(self.tone):
                for complaint in message_parts.complaints(self.kind, part, text):
                    self.add_error(name, complaint)
        return cleaned

    def hold_to_length(self, shown: Sequence[Shown]) -> bool:
        """Says so where a text message takes more than two; whether none does."""
        for one in shown:
            mine = [name for name, part in self.parts.items() if part.where == "sms" and part.language == one.language]
            if one.is_too_long and mine:
                said = _("The text message needs %(n)d letters, and two messages hold 306.") % {"n": one.letters}
                self.add_error(mine[0], said)
        return not self.errors

    def words(self) -> dict[str, dict[str, str]]:
        """By language and part what was typed; of what cannot stand what is in force."""
        said = {name: self._said(name) for name in self.parts}
        typed = {one.code: {part.key: said[_name(one.code, part.key)] for part in one.parts} for one in self.languages}
        return {code: editing.told_apart(self.kind, code, parts, tone=self.tone) for code, parts in typed.items()}

    def _said(self, name: str) -> str:
        if self.is_bound and name in getattr(self, "cleaned_data", {}):
            return str(self.cleaned_data[name] or "")
        return str(self.fields[name].initial or "")

    def seen(self) -> dict[str, int]:
        return {one.code: self.cleaned_data[_name(one.code, SEEN)] for one in self.languages}

    def look_again(self) -> None:
        """What a colleague has saved meanwhile counts as seen, once this form is shown with what they wrote."""
        seen = {_name(one.code, SEEN): str(one.seen) for one in editing.of(self.kind)}
        self.data = {**{name: self.data.get(name) for name in self.fields}, **seen}

    def hidden(self) -> list[BoundField]:
        return [self[_name(one.code, SEEN)] for one in self.languages]

    def places(self) -> Iterator[tuple[str, list[Row]]]:
        """The rows by where they are read: the subject, the letter, the text message."""
        rows: dict[str, dict[str, Row]] = {}
        for part in self.parts.values():
            boxes = [(one.code, self._box_of(one.code, part.key)) for one in self.languages]
            label = str(labels.PARTS.get(part.key, part.key))
            rows.setdefault(part.where, {}).setdefault(part.key, Row(label, boxes))
        for where, found in rows.items():
            yield str(labels.PLACES[where]), list(found.values())

    def _box_of(self, code: str, key: str) -> BoundField | None:
        name = _name(code, key)
        return self[name] if name in self.parts else None


class VersionForm(forms.Form):
    """Which version is to be in force again, 0 for ours; and the one that the reader has seen in force."""

    version = forms.IntegerField(min_value=0, label=gettext_lazy("version"))
    seen = forms.IntegerField(min_value=0, label=gettext_lazy("version"))


def _name(code: str, key: str) -> str:
    return f"{code}-{key}"
