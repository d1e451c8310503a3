"""What the desk corrects of a customer, and that somebody is forgotten for good."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments.domain import customers
from appointments.forms.words import note_beside
from appointments.models import Customer
from notifications.enums import Channel
from notifications.text.cleaning import fold

LONGEST_NOTE = 1000
NEW = ("name", "honorific", "phone", "email", "language", "address")
"""What is asked of somebody who calls for the first time; the rest is corrected later."""


class CustomerForm(forms.ModelForm):
    """How to greet them, how to reach them, and a note of the house."""

    note = forms.CharField(required=False, label=_lazy("Note for staff"), widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)

    class Meta:
        model = Customer
        fields = customers.CONTACT

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        super().__init__(data, instance=customer, initial={"seen": customers.state_of(customer)})

    def clean_note(self) -> str:
        return note_beside(self.cleaned_data["note"], str(self.instance.note), longest=LONGEST_NOTE)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needed: dict[str, str] = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.CALL: "phone"}
        field = needed.get(cleaned.get("preferred_channel") or "", "")
        if field and not cleaned.get(field) and field not in self.errors:
            if cleaned.get("phone") or cleaned.get("email"):
                self.add_error(
                    field, _("This is how they prefer to be reached, so please fill it in, or choose another way.")
                )
            elif self.instance.phone or self.instance.email:
                raise ValidationError(_("Write an e-mail address or a telephone number, or nobody can reach them."))
        return cleaned

    def _post_clean(self) -> None:
        """What is new is written by the rules; the row that was read stays as it was."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in customers.CONTACT}


class NewCustomerForm(forms.ModelForm):
    """Somebody who is not known yet. They are written to by e-mail where there is an address, else by text message."""

    class Meta:
        model = Customer
        fields = NEW

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, prefix="new")

    def customer(self) -> Customer:
        """Not saved yet."""
        person: Customer = self.instance
        person.preferred_channel = Channel.EMAIL if person.email else Channel.SMS if person.phone else Channel.CALL
        return person


class ForgetForm(forms.Form):
    """Their name, typed once more: nobody is forgotten by mistake."""

    name = forms.CharField(label=_lazy("Their name, to be sure"), max_length=150)

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        super().__init__(data)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self._customer = customer

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if fold(typed) != fold(self._customer.name):
            raise ValidationError(_("This is not the name of this customer: %(name)s.") % {"name": self._customer.name})
        return typed
