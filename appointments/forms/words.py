"""What colleagues write: words that a customer reads, checked while they can still be mended, and notes of the house.

A form with a field of `WordsForCustomers` is a `WritesToCustomers`. What must not leave is a fault of the field. What
may be meant is shown with a box, and leaves as it stands once that is ticked, which holds for those words only.
"""

import hashlib
from itertools import chain
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.domain.recovery import remarks, wording
from appointments.domain.recovery.honesty import Facts, Finding, Gravity

ANYWAY = "anyway"


class WordsForCustomers(forms.CharField):
    """Words that leave the house as they are typed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**options)


class NoteForColleagues(forms.CharField):
    """Words that never leave the house, and say nothing of anybody's health all the same."""

    def validate(self, value: str) -> None:
        super().validate(value)
        findings = wording.check(value or "", facts=wording.NOTE)
        if findings:
            raise forms.ValidationError([remarks.said(one) for one in findings])


def note_beside(typed: str, before: str, *, longest: int) -> str:
    """A note that is written on: what stands there already stays, whatever it says; what is new is one of the house."""
    typed = typed.replace("\r\n", "\n")
    if typed.strip() == before.replace("\r\n", "\n").strip():
        return before
    return str(NoteForColleagues(required=False, max_length=longest).clean(typed))


class WritesToCustomers(forms.Form):
    """Reads its words for customers once the rest is known."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self._names = [name for name, field in self.fields.items() if isinstance(field, WordsForCustomers)]
        self.anyway_after = self._names[0]
        if data is not None and self.data.get(self.add_prefix(ANYWAY)):
            self._ask_whether_anyway(self.data[self.add_prefix(ANYWAY)], is_ticked=True)

    def facts(self) -> Facts:
        """What is known of the situation, as far as the form has been filled in."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, for what needs all fields
        written = {name: words for name in self._names if (words := self.cleaned_data.get(name))}
        if written:
            self._read(written)

    def _read(self, written: dict[str, str]) -> None:
        """One tick means all of these words, and what is said of them."""
        facts = self.facts()
        found = {name: wording.check(words, facts=facts) for name, words in written.items()}
        refused, warned = (
            {name: [one for one in findings if one.gravity == gravity] for name, findings in found.items()}
            for gravity in (Gravity.REFUSED, Gravity.WARNED)
        )
        mark = _mark(written, warned)
        is_meant = self.data.get(self.add_prefix(ANYWAY)) == mark
        complaints = {
            name: [*refused[name], *warned[name]]
            for name in written
            if refused[name] or (warned[name] and not is_meant)
        }
        for name, findings in complaints.items():
            self.add_error(name, [remarks.said(one, reads=facts.language) for one in findings])
        if complaints:
            self.fields.pop(ANYWAY, None)
            if not any(refused.values()):
                self.anyway_after = [*complaints][-1]
                self._ask_whether_anyway(mark, is_ticked=False)

    def _ask_whether_anyway(self, mark: str, *, is_ticked: bool) -> None:
        box = forms.CheckboxInput(attrs={"value": mark}, check_test=lambda _value: is_ticked)
        self._bound_fields_cache.pop(ANYWAY, None)  # type: ignore[attr-defined]  # Django keeps a field as it was
        self.fields[ANYWAY] = forms.BooleanField(required=False, label=_("Send these words as they are"), widget=box)
        order = list(self.fields)
        order.insert(order.index(self.anyway_after) + 1, order.pop())
        self.order_fields(order)


def _mark(written: dict[str, str], warned: dict[str, list[Finding]]) -> str:
    """By which a tick is known to mean these words and these findings."""
    meant = [[words, *(f"{one.kind}{one.start}" for one in warned[name])] for name, words in written.items()]
    return hashlib.sha256("\0".join(chain.from_iterable(meant)).encode()).hexdigest()[:16]
