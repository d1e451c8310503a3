"""The services of a trade, ticked, named and changed at once, with lines for some of one's own."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.domain.setup.shipped import OWN, TRADES, Shape, Wanted, called, rooms_for
from appointments.enums import ResourceKind
from appointments.forms.setup.services import usable
from appointments.models import Resource, Service
from notifications.text import languages

OWN_LINES = 3
KINDS = {"people": ResourceKind.PROVIDER, "rooms": ResourceKind.ROOM, "devices": ResourceKind.EQUIPMENT}


class ShapeForm(forms.Form):
    """One service: whether it is given, its name, how long, by whom, and in which room where there are any. A line of
    one's own is given when it has a name.
    """

    use = forms.BooleanField(required=False, initial=True)
    name = forms.CharField(
        required=False, max_length=100, label=_("Name"), widget=forms.TextInput(attrs={"placeholder": " "})
    )
    minutes = forms.IntegerField(label=_("Minutes"), validators=[MinValueValidator(5), MaxValueValidator(24 * 60)])
    after = forms.IntegerField(
        label=_("Then kept free (minutes)"), validators=[MinValueValidator(0), MaxValueValidator(240)]
    )
    people = forms.ModelMultipleChoiceField(
        Resource.objects.none(), required=False, label=_("Who gives it"), widget=forms.CheckboxSelectMultiple
    )
    rooms = forms.ModelMultipleChoiceField(
        Resource.objects.none(), required=False, label=_("In one of these rooms"), widget=forms.CheckboxSelectMultiple
    )
    devices = forms.ModelMultipleChoiceField(
        Resource.objects.none(),
        required=False,
        label=_("With one of these devices"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any, *, shape: Shape, prefix: str, people: Sequence[Resource], known: Mapping[str, Collection[Any]]
    ) -> None:
        rooms = rooms_for(people) if shape.room else []
        initial = {"minutes": shape.minutes, "after": shape.after, "people": list(people), "rooms": rooms}
        super().__init__(data, initial={**initial, "name": Service(name=shape.name).name_in()}, prefix=prefix)
        self.shape = shape
        fields: dict[str, Any] = self.fields
        fields["use"].label = gettext("Give this service")
        for name in KINDS:
            fields[name].queryset = known[name]
            if not known[name] and name != "people":
                del fields[name]
        if self.is_own:
            del fields["use"]

    @property
    def is_own(self) -> bool:
        return self.shape == OWN

    @property
    def is_wanted(self) -> bool:
        said = self.cleaned_data
        return bool(said["name"] if self.is_own else said["use"])

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "name" not in cleaned or not self.is_wanted:
            return cleaned
        if not cleaned["name"]:
            self.add_error("name", gettext("Write what customers know it by."))
        if "people" in cleaned and not cleaned["people"]:
            self.add_error("people", gettext("Tick who gives it: what nobody can give cannot be booked."))
        elif not self.errors and not set.intersection(*self._places(cleaned)):
            where = "rooms" if cleaned.get("rooms") else "devices"
            self.add_error(where, gettext("These are at another place than whoever gives it."))
        return cleaned

    def _places(self, cleaned: Mapping[str, Any]) -> list[set[int]]:
        """Where something of each kind that is ticked can be had."""
        return [{one.location_id for one in cleaned[name]} for name in KINDS if cleaned.get(name)]

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        name = said["name"] if self.has_own_name else ""
        needs = {kind: list(said.get(one) or ()) for one, kind in KINDS.items()}
        return Wanted(self.shape, said["minutes"], said["after"], needs, {languages.active(): name} if name else {})

    @property
    def has_own_name(self) -> bool:
        return bool(self.cleaned_data["name"] != self.initial["name"])


class ShapesForm:
    """The services of one trade that are not there yet, and lines for others, each a form of its own."""

    def __init__(self, data: Any, *, trade: str, people: Sequence[Resource]) -> None:
        self.is_bound = data is not None
        self._there = {name for one in Service.objects.all() for name in called(one)}
        known = {name: list_of(kind) for name, kind in KINDS.items()}
        shapes = [(shape.code, shape) for shape in TRADES[trade] if not called(Service(name=shape.name)) & self._there]
        lines = [*shapes, *((f"own-{number}", OWN) for number in range(OWN_LINES))]
        self.forms = [
            ShapeForm(data, shape=shape, prefix=prefix, people=people, known=known) for prefix, shape in lines
        ]
        self.error = ""

    def is_valid(self) -> bool:
        found = [one.is_valid() for one in self.forms]  # each says what is wrong with it
        if not self.is_bound or not all(found):
            return False
        if not self.wanted():
            self.error = gettext("Tick one service at least, or leave this step out for now.")
        elif twice := self._called_twice():
            said = gettext("“%(name)s” stands here twice, or is there already. Tell them apart, as customers will.")
            self.error = said % {"name": twice}
        return not self.error

    def _called_twice(self) -> str:
        names = [one.cleaned_data["name"] for one in self.forms if one.is_wanted]
        counted = Counter(name.casefold() for name in names)
        return next((one for one in names if counted[one.casefold()] > 1 or one.casefold() in self._there), "")

    def wanted(self) -> list[Wanted]:
        return [one.wanted() for one in self.forms if one.is_wanted]


def list_of(kind: ResourceKind) -> Any:
    """Read once for all lines."""
    found = usable(kind)
    len(found)
    return found
