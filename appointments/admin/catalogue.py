"""Services: what can be booked, what each one needs, and the limits for moving it."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import FoundByWords, number_of
from appointments.admin.capacity.doors import DoorAdmin
from appointments.adminlookups import reader
from appointments.domain.people import reach
from appointments.enums import AppointmentState, DisruptionSource
from appointments.models import Appointment, Requirement, Resource, Service
from appointments.models.appointment import AppointmentQuerySet
from appointments.multilingual import InReadersLanguage, in_each


class PlacedResources(forms.ModelMultipleChoiceField):
    """Resources of all locations, each told apart by its place."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.location}"


class RequirementForm(forms.ModelForm):
    """Any one of several resources of one kind."""

    candidates = PlacedResources(
        queryset=Resource.objects.none(), label=_("any one of"), help_text=_("At every location it is given.")
    )

    class Meta:
        model = Requirement
        fields = ("kind", "candidates")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = Resource.objects.filter(is_active=True)
        if self.instance.pk:
            self.fields["kind"].disabled = True
            chosen = Resource.objects.filter(requirements=self.instance)
            usable = usable.filter(kind=self.instance.kind) | Resource.objects.filter(pk__in=chosen.values("pk"))
        order = ("location__position", "location__name", "kind", "position", "name")
        queryset = usable.select_related("location").order_by(*order)
        self.fields["candidates"].queryset = queryset  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        others = [one.name for one in cleaned.get("candidates") or () if one.kind != kind]
        if kind and others:
            raise ValidationError(
                gettext("These are of another kind than the requirement: %(names)s."),
                params={"names": ", ".join(others)},
            )
        return cleaned


class RequirementInline(admin.StackedInline):
    model = Requirement
    form = RequirementForm
    extra = 0
    min_num = 0
    verbose_name_plural = _("What it needs (an appointment occupies one of each)")


@admin.register(Service)
class ServiceAdmin(FoundByWords, DoorAdmin):
    source = DisruptionSource.SERVICE
    list_display = ("called", "kind", "minutes", "buffers", "notice_minutes", "coming", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code",)
    prepopulated_fields: ClassVar = {"code": ("name",)}
    inlines = (RequirementInline,)
    fieldsets = (
        (None, {"fields": ("name", "code", "kind", "is_active")}),
        (
            _("How long"),
            {
                "fields": ("minutes", ("buffer_before", "buffer_after"), "grid"),
                "description": _("Customers are told the duration; the buffers are kept free around it."),
            },
        ),
        (_("When it is offered"), {"fields": ("notice_minutes", "horizon_days")}),
        (_("Moving it"), {"fields": ("stays", "lead_minutes", ("by_phone", "at_home"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        booked = reach.of(Appointment.objects.filter(state=AppointmentState.BOOKED), reader(request))
        return super().get_queryset(request).annotate(booked=number_of(booked, "service"))

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*in_each("name"), *self.search_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Service | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Service | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def booked_on(self, obj: Service) -> AppointmentQuerySet:
        return Appointment.objects.filter(service=obj)

    @admin.display(description=_("service"), ordering=InReadersLanguage("name"))
    def called(self, service: Service) -> str:
        return service.name_in()

    @admin.display(description=_("buffers (min)"))
    def buffers(self, service: Service) -> str:
        return f"{service.buffer_before} / {service.buffer_after}"

    @admin.display(description=_("booked now"), ordering="booked")
    def coming(self, service: Service) -> int:
        return service.booked  # type: ignore[attr-defined]
