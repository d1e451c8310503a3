"""Who is asked to come, what they may do here and where, and who takes over from them."""

import secrets
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from appointments import roles
from appointments.domain.colleagues import name_of, places_of
from appointments.domain.people import ranks, retiring
from appointments.models import Location


class RoleForm(forms.Form):
    """A role and the places it is for, out of those that `by` may give."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    places = forms.ModelMultipleChoiceField(
        Location.objects.none(),
        required=False,
        label=_("Works for"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With nothing ticked they work for all places, those to come as well."),
    )

    def __init__(self, data: Any = None, *, by: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        role, places = self.fields["role"], self.fields["places"]
        role.choices = [  # type: ignore[attr-defined]
            (name, _now("%(role)s: %(does)s") % {"role": str(label).capitalize(), "does": roles.DOES[name]})
            for name, label in roles.LABELS.items()
            if ranks.may_give(by, name)
        ]
        own = places_of(by)
        found = Location.objects.order_by("position", "name")
        places.queryset = found if own is None else found.filter(pk__in=own)  # type: ignore[attr-defined]
        if own is not None:
            places.required, places.help_text = True, _("Tick at least one of your own places.")

    def chosen_places(self) -> list[Location]:
        return list(self.cleaned_data["places"])


class InviteForm(RoleForm):
    """Whom to ask."""

    name = forms.CharField(max_length=150, label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        required=False,
        label=_("E-mail"),
        help_text=_("The invitation goes there. Without an address you get a link to hand over yourself."),
    )
    nonce = forms.CharField(max_length=48, widget=forms.HiddenInput)

    field_order = ("name", "email", "role", "places", "nonce")

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data, by=by, initial={"role": roles.FRONT_DESK, "nonce": secrets.token_urlsafe(16)})

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class RetireForm(forms.Form):
    """Who takes over what somebody has promised; not asked where nothing is owed."""

    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Who takes over"), empty_label=_("choose a colleague"), required=False
    )

    def __init__(self, data: Any = None, *, user: User, is_owing: bool) -> None:
        super().__init__(data)
        to = self.fields["to"]
        to.queryset, to.required = retiring.takers_for(user), is_owing  # type: ignore[attr-defined]
        to.label_from_instance = name_of  # type: ignore[attr-defined]
        if not is_owing:
            del self.fields["to"]

    def taker(self) -> User | None:
        taker: User | None = self.cleaned_data.get("to")
        return taker
