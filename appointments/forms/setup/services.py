"""Which trades there are, and one service with everything that can be said of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.enums import ResourceKind
from appointments.models import Resource, Service

TRADE_NAMES = {
    "clinic": _("Clinic or practice"),
    "salon": _("Salon"),
    "workshop": _("Workshop"),
    "adviser": _("Advice"),
    "delivery": _("Delivery"),
}


class TradeForm(forms.Form):
    trade = forms.ChoiceField(label=_("What kind of business is it?"), choices=list(TRADE_NAMES.items()))


def usable(kind: ResourceKind, *, besides: Service | None = None) -> QuerySet[Resource]:
    """Those in use, and whoever gives `besides` already: what is switched off stays to be seen."""
    rows = Resource.objects.filter(kind=kind, is_active=True, location__is_active=True)
    if besides is not None and besides.pk:
        chosen = Resource.objects.filter(kind=kind, requirements__service=besides)
        rows = rows | Resource.objects.filter(pk__in=chosen.values("pk"))
    return rows.select_related("location").order_by("location__position", "location__name", "position", "name")


class Placed(forms.ModelMultipleChoiceField):
    """Each told apart by its place, and those that are switched off by that."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        told = f"{obj.name} · {obj.location}"
        return told if obj.is_active else gettext("%(who)s (not in use)") % {"who": told}


class ServiceForm(forms.ModelForm):
    """An appointment occupies one of the people, and one of the rooms and devices where some are ticked."""

    people = Placed(Resource.objects.none(), required=False, label=_("Who gives it"))
    rooms = Placed(Resource.objects.none(), required=False, label=_("In one of these rooms"))
    equipment = Placed(Resource.objects.none(), required=False, label=_("With one of these devices"))

    KINDS = {"people": ResourceKind.PROVIDER, "rooms": ResourceKind.ROOM, "equipment": ResourceKind.EQUIPMENT}

    class Meta:
        model = Service
        fields = (
            "name", "kind", "minutes", "buffer_before", "buffer_after", "grid", "notice_minutes", "horizon_days",
            "lead_minutes", "move_notice_hours", "max_moves", "stays", "by_phone", "at_home", "is_active",
        )  # fmt: skip

    def __init__(self, data: Any = None, *, service: Service, name: str = "") -> None:
        super().__init__(data, instance=service, initial=None if service.pk else {"minutes": 30, "name": name})
        fields: dict[str, Any] = self.fields
        for name, kind in self.KINDS.items():
            fields[name].queryset = usable(kind, besides=service)
            chosen = Resource.objects.filter(kind=kind, requirements__service=service) if service.pk else ()
            fields[name].initial = [one.pk for one in chosen]
            if not fields[name].queryset:
                del fields[name]
        if not service.pk:
            del fields["is_active"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needed = [one for one in self.KINDS if cleaned.get(one)]
        is_used = cleaned.get("is_active", True)
        if is_used and not self.errors:
            if not needed:
                where = "people" if "people" in self.fields else None
                self.add_error(where, gettext("Tick who gives it: what nobody can give cannot be booked."))
            elif not self._places(cleaned, needed):
                raise ValidationError(
                    gettext(
                        "No place has all of this: the people, rooms and devices that are ticked are at different ones."
                    )
                )
        return cleaned

    def _places(self, cleaned: dict[str, Any], needed: list[str]) -> set[int]:
        """Where somebody or something in use of each kind can be had."""
        found = [{one.location_id for one in cleaned[name] if one.is_active} for name in needed]
        return set.intersection(*found)

    def needs(self) -> dict[ResourceKind, list[Resource]]:
        return {kind: list(self.cleaned_data.get(name) or ()) for name, kind in self.KINDS.items()}
