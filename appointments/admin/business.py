"""The business, its locations, and the days on which they are closed."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.admin.base import NATIVE, FoundByWords, HouseAdmin
from appointments.admin.capacity.conflicts import ClosureForm, SpecialDayForm, told
from appointments.admin.capacity.doors import DoorAdmin, say_who_is_free
from appointments.admin.capacity.hours import BreakInline, HoursInline, OnItsOwnClock
from appointments.domain import actors
from appointments.models import Appointment, Business, Closure, Location, SpecialDay
from appointments.models.appointment import AppointmentQuerySet

INDONESIA = (
    ("Asia/Jakarta", "Asia/Jakarta (WIB)"),
    ("Asia/Pontianak", "Asia/Pontianak (WIB)"),
    ("Asia/Makassar", "Asia/Makassar (WITA)"),
    ("Asia/Jayapura", "Asia/Jayapura (WIT)"),
)


@admin.register(Business)
class BusinessAdmin(HouseAdmin):
    fieldsets = (
        (None, {"fields": ("name", "phone", "email", "language", "currency")}),
        (
            _("When an appointment has to move"),
            {"fields": ("undo_seconds", "answer_hours", "promise_hours", "approve_above")},
        ),
        (
            _("Messages"),
            {"fields": ("reminder_hours",)},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Business.objects.exists()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one business, so its page is the list."""
        if Business.objects.exists():
            return HttpResponseRedirect(reverse("admin:appointments_business_change", args=[1]))
        return super().changelist_view(request, extra_context)


class LocationForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "zone" in self.fields:
            others = sorted(available_timezones() - {zone for zone, __ in INDONESIA})
            choices = [(gettext("Indonesia"), INDONESIA), (gettext("Everywhere"), [(zone, zone) for zone in others])]
            self.fields["zone"].widget = forms.Select(choices=choices)

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise ValidationError(gettext("Two letters, such as ID."))
        return country


class ClosureInline(admin.StackedInline):
    model = Closure
    form = ClosureForm
    formfield_overrides = NATIVE
    extra = 0
    fields = ("title", ("starts_at", "ends_at"), "rrule", "will_move")
    verbose_name_plural = _("Closures (times by the clock of this place)")


@admin.register(Location)
class LocationAdmin(FoundByWords, DoorAdmin, OnItsOwnClock):
    form = LocationForm
    list_display = ("name", "code", "zone", "phone", "closed_on_holidays", "position", "is_active")
    list_editable = ("position",)
    list_filter = ("is_active", "zone")
    search_fields = ("name", "code", "address")
    prepopulated_fields: ClassVar = {"code": ("name",)}
    inlines = (HoursInline, BreakInline, ClosureInline)
    fieldsets = (
        (None, {"fields": ("name", "code", "address", "phone", ("is_active", "position"))}),
        (
            _("Clock and calendar"),
            {
                "fields": ("zone", "country", "closed_on_holidays"),
                "description": _("Customers are told every time by this clock, with its zone named."),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Location | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Location | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def zone_of(self, found: Location) -> ZoneInfo:
        return found.tzinfo

    def booked_on(self, obj: Location) -> AppointmentQuerySet:
        return Appointment.objects.filter(location=obj)


@admin.register(SpecialDay)
class SpecialDayAdmin(FoundByWords, HouseAdmin):
    """Public holidays need no entry; these are the exceptions to their calendar, in both directions."""

    form = SpecialDayForm
    list_display = ("day", "name", "place", "open_or_closed")
    list_filter = ("location", "is_open")
    date_hierarchy = "day"
    search_fields = ("name",)
    ordering = ("-day",)
    list_select_related = ("location",)
    fields = ("day", "name", "is_open", "location", "will_move")

    def has_delete_permission(self, request: HttpRequest, obj: SpecialDay | None = None) -> bool:
        return request.user.has_perm("appointments.delete_specialday")

    def delete_model(self, request: HttpRequest, obj: SpecialDay) -> None:
        super().delete_model(request, obj)
        say_who_is_free(request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SpecialDay]) -> None:
        super().delete_queryset(request, queryset)
        say_who_is_free(request)

    @admin.display(description=_("location"), ordering="location__name")
    def place(self, row: SpecialDay) -> str:
        return row.location.name if row.location else gettext("everywhere")

    @admin.display(description=_("open or closed"), ordering="is_open")
    def open_or_closed(self, row: SpecialDay) -> str:
        return gettext("open, although it is a holiday") if row.is_open else gettext("closed")

    def save_model(self, request: HttpRequest, obj: SpecialDay, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        form.leave_disruptions(by=actors.staff(request.user))  # type: ignore[arg-type]
        say_who_is_free(request)
        if form.hits:
            messages.warning(request, told(form.hits, saved=True))
