"""A place: where it is, by which clock it lives, and when it is open."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.domain.setup import countries
from appointments.forms.setup.business import phone_field
from appointments.models import Business, Location
from notifications.text import languages


class PlaceForm(forms.ModelForm):
    """Of a new place everything is proposed from the country; a place in use can be switched off, and stays."""

    country = forms.ChoiceField(label=_("Country"), help_text=_("Decides the public holidays."))
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Customers are told every time by this clock."))

    class Meta:
        model = Location
        fields = ("name", "address", "phone", "country", "zone", "closed_on_holidays", "is_active")

    def __init__(self, data: Any = None, *, place: Location, country: str) -> None:
        proposed = countries.proposal(place.country if place.pk else country)
        initial = {} if place.pk else {"country": country, "zone": proposed.zones[0], **_of_the_first()}
        super().__init__(data, instance=place, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["country"].choices = countries.choices(languages.active())
        fields["zone"].choices = _zones(proposed, kept=place.zone if place.pk else "")
        fields["phone"] = phone_field(country=proposed.country)
        if not place.pk:
            del fields["is_active"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Location.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(gettext("There is a place of this name already."))
        return name


def _of_the_first() -> dict[str, Any]:
    """The first place is mostly the business itself."""
    business = Business.objects.first()
    if business is None or Location.objects.exists():
        return {}
    return {"name": business.name, "phone": business.phone}


def _zones(proposed: countries.Proposal, *, kept: str) -> list[Any]:
    """The country's own first, then everywhere."""
    near = list(dict.fromkeys([*([kept] if kept else []), *proposed.zones]))
    others = sorted(available_timezones() - set(near))
    return [
        (countries.name(proposed.country, languages.active()), [(zone, zone) for zone in near]),
        (gettext("Everywhere"), [(zone, zone) for zone in others]),
    ]
