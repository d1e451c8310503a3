"""People, rooms and equipment: who and what appointments need."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments import roles
from appointments.domain.colleagues import within_reach
from appointments.domain.people import ranks
from appointments.domain.people.invitations import is_known
from appointments.enums import ResourceKind
from appointments.models import Location, Resource, Service

KINDS = {
    ResourceKind.PROVIDER: _("a person"),
    ResourceKind.ROOM: _("a room"),
    ResourceKind.EQUIPMENT: _("a device"),
}
"""What a resource is, in the words of whoever has some."""
FIRST_LINES = 4


class PersonForm(forms.ModelForm):
    """What it is and where it stands do not change under its appointments: another one is made instead."""

    services = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        required=False,
        label=_("Gives these services"),
        help_text=_("People only. Rooms and devices are ticked at the service."),
        widget=forms.CheckboxSelectMultiple,
    )
    same_hours = forms.BooleanField(required=False, label=_("The same hours as the place"))

    class Meta:
        model = Resource
        fields = ("name", "kind", "location", "most_a_day", "is_active")

    def __init__(self, data: Any = None, *, person: Resource, has_hours: bool, by: User, name: str = "") -> None:
        first = {} if person.pk else {"name": name}
        super().__init__(data, instance=person, initial={"same_hours": not has_hours, **first})
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = list(KINDS.items())
        fields["kind"].label = gettext("Who or what")
        fields["location"].label = gettext("Place")
        fields["location"].queryset = within_reach(Location.objects.filter(is_active=True), by, place="pk")
        fields["location"].empty_label = None
        fields["services"].queryset = given_by_one()
        if person.pk:
            del fields["kind"], fields["location"], fields["services"]
        else:
            del fields["is_active"]
            if not fields["services"].queryset:
                del fields["services"]

    def clean_name(self) -> str:
        return free_name(self.cleaned_data["name"], apart_from=self.instance.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("services") and cleaned.get("kind", ResourceKind.PROVIDER) != ResourceKind.PROVIDER:
            self.add_error("services", gettext("Only people give services. Tick this one at the service instead."))
        return cleaned


def given_by_one() -> QuerySet[Service]:
    """Services in use that need one person, whoever of several it is."""
    needed = Count("requirements", filter=Q(requirements__kind=ResourceKind.PROVIDER))
    return Service.objects.filter(is_active=True).annotate(people=needed).filter(people=1)


class LineForm(forms.Form):
    """One of several who are written down at once; a line without a name is nobody."""

    name = forms.CharField(required=False, max_length=120, label=_("Name"))
    kind = forms.ChoiceField(label=_("Who or what"), choices=list(KINDS.items()))
    location = forms.ModelChoiceField(Location.objects.none(), label=_("Place"), empty_label=None)
    role = forms.ChoiceField(required=False, label=_("Signs in as"))
    email = forms.EmailField(required=False, label=_("E-mail"), max_length=150)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        given = [(name, capfirst(label)) for name, label in roles.LABELS.items() if ranks.may_give(by, name)]
        fields["role"].choices = [("", _("does not sign in")), *given]
        fields["location"].queryset = within_reach(Location.objects.filter(is_active=True), by, place="pk")
        self.empty_permitted = False

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        return free_name(name) if name else ""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email and is_known(email):
            raise ValidationError(gettext("Somebody with this address works here already, or is invited."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        signs_in, email = bool(cleaned.get("role")), cleaned.get("email")
        if signs_in and cleaned.get("kind") != ResourceKind.PROVIDER:
            self.add_error("role", gettext("Only people sign in."))
        elif email and not signs_in:
            self.add_error("role", gettext("Choose what they may do here, or leave the address out."))
        return cleaned


class Lines(forms.BaseFormSet):
    def clean(self) -> None:
        names = [one.cleaned_data.get("name", "").casefold() for one in self.forms if hasattr(one, "cleaned_data")]
        written = [name for name in names if name]
        addresses = [email for one in self.forms if (email := getattr(one, "cleaned_data", {}).get("email"))]
        if len(set(addresses)) < len(addresses):
            raise ValidationError(gettext("One address stands here twice. Everybody signs in with their own."))
        if len(set(written)) < len(written):
            raise ValidationError(gettext("One name stands here twice. Tell them apart, as customers will."))
        if not written and not any(self.errors):
            raise ValidationError(gettext("Write one name at least: without anybody nothing can be booked."))

    def written(self) -> list[dict[str, Any]]:
        return [one.cleaned_data for one in self.forms if one.cleaned_data.get("name")]


LinesForm: type[Lines] = forms.formset_factory(LineForm, formset=Lines, extra=FIRST_LINES, max_num=30, absolute_max=30)  # type: ignore[assignment]  # Django says only that it is some formset


def free_name(name: str, *, apart_from: int | None = None) -> str:
    """Raises ValidationError for a name that somebody else has: nobody could tell them apart."""
    if Resource.objects.filter(name__iexact=name).exclude(pk=apart_from or 0).exists():
        said = gettext("“%(name)s” is there already. Tell them apart, as customers will.")
        raise ValidationError(said % {"name": name})
    return name
