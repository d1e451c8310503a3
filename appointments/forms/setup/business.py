"""The business: what it is called, how it is reached, how long it gives and promises."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from appointments.domain.setup import countries
from appointments.models import Business
from notifications.text import languages

NAMES = ("name", "sender_name", "phone", "email", "language", "currency", "tone")
PROMISES = ("answer_hours", "promise_hours", "reminder_hours", "undo_seconds", "approve_above")


class BusinessForm(forms.ModelForm):
    """The first step asks for the country and the names; the promises have defaults that suit most."""

    country = forms.ChoiceField(label=_("Country"), help_text=_("Decides what is proposed to you next."))

    class Meta:
        model = Business
        fields = NAMES

    def __init__(self, data: Any = None, *, business: Business, country: str) -> None:
        proposed = countries.proposal(country)
        super().__init__(data, instance=business, initial={"country": country, **_proposed(business, proposed)})
        self.fields["country"].choices = countries.choices(languages.active())  # type: ignore[attr-defined]
        self.fields["phone"] = phone_field(country=country)
        self.order_fields(["name", "sender_name", "country", "phone", "email", "language", "currency", "tone"])


class PromisesForm(forms.ModelForm):
    class Meta:
        model = Business
        fields = (*NAMES, *PROMISES)

    def __init__(self, data: Any = None, *, business: Business, country: str) -> None:
        super().__init__(data, instance=business)
        self.fields["phone"] = phone_field(country=country)


def phone_field(*, country: str) -> PhoneNumberField:
    """Reads a number without a country as one of `country`, and says which beginning that stands for."""
    prefix = countries.proposal(country).prefix
    hint = _("Without a country it is read as %(prefix)s.") % {"prefix": prefix} if prefix else ""
    region = country if country in countries.COUNTRIES else None
    return PhoneNumberField(required=False, label=_("Phone"), region=region, help_text=hint)


def _proposed(business: Business, proposed: countries.Proposal) -> dict[str, Any]:
    """Only of a business that nobody has written down yet."""
    if not business._state.adding:
        return {}
    return {"name": "", "language": proposed.language, "currency": proposed.currency}
