"""People, rooms and equipment: who and what appointments need."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments import roles
from appointments.domain.colleagues import within_reach
from appointments.domain.people import ranks
from appointments.domain.people.invitations import is_known
from appointments.domain.setup.hours import Week, says_the_same, week_of
from appointments.enums import ResourceKind
from appointments.forms.setup.weeks import OwnWeekForm
from appointments.models import Location, Resource, Service

KINDS = {
    ResourceKind.PROVIDER: _("a person"),
    ResourceKind.ROOM: _("a room"),
    ResourceKind.EQUIPMENT: _("a device"),
}
"""What a resource is, in the words of whoever has some."""
FIRST_LINES = 6


class PersonForm(forms.ModelForm):
    """What it is and where it stands do not change under its appointments: another one is made instead."""

    services = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        required=False,
        label=_("For these services"),
        help_text=_("Who gives them, or what they use. What uses no room so far is changed at the service."),
        widget=forms.CheckboxSelectMultiple,
    )
    same_hours = forms.BooleanField(required=False, label=_("The same hours as the place"))

    class Meta:
        model = Resource
        fields = ("name", "kind", "location", "most_a_day", "is_active")

    def __init__(
        self, data: Any = None, *, person: Resource, has_hours: bool, by: User, name: str = "", kind: str = ""
    ) -> None:
        first = {} if person.pk else {"name": name, **({"kind": kind} if kind in KINDS else {})}
        super().__init__(data, instance=person, initial={"same_hours": not has_hours, **first})
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = list(KINDS.items())
        fields["kind"].label = gettext("Who or what")
        fields["location"].label = gettext("Place")
        fields["location"].queryset = within_reach(Location.objects.filter(is_active=True), by, place="pk")
        fields["location"].empty_label = None
        fields["services"].queryset = Service.objects.filter(is_active=True, requirements__isnull=False).distinct()
        if person.pk:
            del fields["kind"], fields["location"], fields["services"]
        else:
            del fields["is_active"]
            if not fields["services"].queryset:
                del fields["services"]

    def place(self) -> Location | None:
        """Where it stands, if that could be read."""
        return self.instance.location if self.instance.pk else self.cleaned_data.get("location")

    def clean_name(self) -> str:
        return free_name(self.cleaned_data["name"], apart_from=self.instance.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, chosen = cleaned.get("kind", ResourceKind.PROVIDER), cleaned.get("services") or ()
        other = [one for one in chosen if one.requirements.filter(kind=kind).count() != 1]
        if other:
            sentence = gettext(
                "%(services)s: none of this kind is needed so far, or several are. Tick it at the service."
            )
            self.add_error("services", sentence % {"services": ", ".join(map(str, other))})
        return cleaned


class LineForm(forms.Form):
    """One of several who are written down at once; a line without a name is nobody."""

    name = forms.CharField(required=False, max_length=120, label=_("Name"))
    kind = forms.ChoiceField(label=_("Who or what"), choices=list(KINDS.items()))
    location = forms.ModelChoiceField(Location.objects.none(), label=_("Place"), empty_label=None)
    role = forms.ChoiceField(required=False, label=_("Signs in as"))
    email = forms.EmailField(required=False, label=_("E-mail"), max_length=150)

    def __init__(self, *args: Any, by: User, usual: Week, now: datetime, **options: Any) -> None:
        """`usual`: the hours from which their own are changed."""
        super().__init__(*args, **options)
        self._now = now
        self.week = OwnWeekForm(self.data if self.is_bound else None, week=usual, prefix=f"{self.prefix}-week")
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
        if cleaned.get("name") == "" and (signs_in or email or self.week.has_changed()):
            self.add_error("name", gettext("Write the name of whom this is about."))
        elif self.week.has_changed() and (place := cleaned.get("location")):
            cleaned |= {"week": self._own_week(place), "nights": self.week.nights}
        return cleaned

    def _own_week(self, place: Location) -> Week | None:
        """None where it says the same as that of the place: who has none follows it, whatever becomes of it."""
        today = self._now.astimezone(place.tzinfo).date()
        if not self.week.is_valid_at(place, today=today):
            raise ValidationError(gettext("These hours cannot be: look at the days below."))
        wanted = self.week.week()
        return None if says_the_same(wanted, week_of(place, today=today)) else wanted


class Lines(forms.BaseFormSet):
    """Whose own hours are typed begins with those of the first of the reader's places."""

    def __init__(self, data: Any = None, *, by: User, now: datetime, **options: Any) -> None:
        first = within_reach(Location.objects.filter(is_active=True), by, place="pk").first()
        usual = week_of(first, today=now.astimezone(first.tzinfo).date()) if first else {}
        super().__init__(data, form_kwargs={"by": by, "usual": usual, "now": now}, **options)

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
