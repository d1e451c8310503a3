"""Which value of two records stays, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain.customers import CONTACT
from appointments.domain.customers.merging import Side, both_states
from appointments.models import Customer

KEPT, GONE, BOTH = ("kept", _lazy("of the one")), ("gone", _lazy("of the other")), ("both", _lazy("both"))


@dataclass(frozen=True)
class Row:
    """One field of both. `field` is the choice between them; None where they say the same."""

    name: str
    label: str
    kept: str
    gone: str
    field: BoundField | None


class MergeForm(forms.Form):
    """A choice for each field in which two records differ. What is empty in one is taken from the other; two notes stay
    both, unless a colleague decides otherwise.
    """

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kept: Customer, gone: Customer) -> None:
        super().__init__(data, initial={"seen": both_states(kept, gone)})
        self.kept, self.gone = kept, gone
        for name in CONTACT:
            mine, theirs = getattr(kept, name), getattr(gone, name)
            if mine == theirs:
                continue
            both = name == "note" and mine and theirs
            choices = [KEPT, GONE, BOTH] if both else [KEPT, GONE]
            usual = "both" if both else "gone" if mine in ("", None) else "kept"
            self.fields[name] = forms.ChoiceField(
                label=label_of(name), choices=choices, initial=usual, widget=forms.RadioSelect
            )

    def chosen(self) -> dict[str, Side]:
        return {name: cast(Side, self.cleaned_data[name]) for name in self.fields if name != "seen"}

    def rows(self) -> Iterator[Row]:
        for name in CONTACT:
            field = self[name] if name in self.fields else None
            yield Row(name, label_of(name), shown(self.kept, name), shown(self.gone, name), field)


def label_of(name: str) -> str:
    """What a field of a customer is called."""
    return capfirst(str(getattr(Customer._meta.get_field(name), "verbose_name", name)))


def shown(customer: Customer, name: str) -> str:
    """One value, as people read it."""
    value = getattr(customer, name)
    if name == "phone" and value:
        return str(value.as_international)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    display = getattr(customer, f"get_{name}_display", None)
    return str(display() if display else value or "")
